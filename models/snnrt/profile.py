"""What a model's training data looked like, for its metadata (docs/format.md, section 18.3).

    model.metadata("name: watch\n" + profile_lines(samples, ["accel_x", "accel_y", "accel_z"]))

`snnrt infer` compares a log with it and says so where the log seems to be in another unit, or worn the other way round.
"""

import struct

import numpy as np

from snnrt.file import MINORS, assemble

METADATA = 10  # section type
OWN = ("data.magnitude.", "data.channel.", "gap.bridge:", "confidence.divisor:")  # beginnings of such lines


def percentiles(values) -> list[float]:
    """The 1st, 25th, 50th, 75th and 99th: the p-th of n values has floor((n - 1) * p / 100) before it in ascending order."""
    ordered = np.sort(np.asarray(values, np.float64), axis=None)
    if not len(ordered) or not np.isfinite(ordered).all():
        raise ValueError("values: one at least, and all finite")
    return [float(ordered[(len(ordered) - 1) * p // 100]) for p in (1, 25, 50, 75, 99)]


def profile_lines(samples, channels, bridge: float = 0, divisor: float = 0) -> str:
    """Lines of metadata. samples: (rows, channels), in the channels' units; channels: their names. Three whose names differ
    in x, y and z at the end are the axes of one sensor. bridge: the longest gap in seconds that may be bridged, 0 for none.
    divisor: of the scores before a softmax that gives probabilities, 0 for none."""
    samples = np.asarray(samples, np.float64).reshape(-1, len(channels))
    lowered, lines = [name.lower() for name in channels], []
    for x, name in enumerate(lowered):
        axes = [name[:-1] + axis for axis in "xyz"]
        if name.endswith("x") and all(axis in lowered for axis in axes):
            places = [lowered.index(axis) for axis in axes]
            lines.append((f"data.magnitude.{channels[x][:-1].rstrip(' _-.')}", np.sqrt((samples[:, places] ** 2).sum(1))))
    lines += [(f"data.channel.{name}", samples[:, i]) for i, name in enumerate(channels)]
    text = "".join(f"{key}: {' '.join(f'{value:.4g}' for value in percentiles(values))}\n" for key, values in lines)
    text += f"gap.bridge: {bridge:g}\n" if bridge else ""
    return text + (f"confidence.divisor: {divisor:g}\n" if divisor else "")


def profiled(model: bytes, lines: str) -> bytes:
    """The model file with these lines in place of such lines that its metadata has; all else stays as it is."""
    count, sections = struct.unpack_from("<H", model, 24)[0], []
    minor = struct.unpack_from("<H", model, 10)[0]
    if minor not in MINORS:
        raise ValueError(f"a file of format 1.{minor}, expected 1.{MINORS.start} to 1.{MINORS.stop - 1}")
    for i in range(count):
        kind, flags, offset, length = struct.unpack_from("<HHII", model, 32 + 12 * i)
        sections.append((kind, flags, bytes(model[offset:offset + length])))
    own = b"".join(payload for kind, _, payload in sections if kind == METADATA).decode().splitlines(keepends=True)
    text = "".join(line for line in own if not line.startswith(OWN))
    text += ("" if text.endswith("\n") or not text else "\n") + lines
    place = next((i for i, section in enumerate(sections) if section[0] == METADATA), len(sections))
    sections[place:place + 1] = [(METADATA, 0, text.encode())]
    return assemble(sections, minor)
