#!/usr/bin/env python3
"""Integer tensors -> model file.

    python export.py integer.npz --out wisdm-l2mu.snn
    python export.py integer.npz --data DIR_OR_TAR --out wisdm-l2mu.snn      with a self-test of two windows

The self-test's checksum comes from integer.py, so that the runtime is held to the recipe's arithmetic.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

import integer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from training.data import CHANNELS, CLASSES, COUNTS_PER_UNIT, WINDOW_LENGTH, Source, load_windows, split_windows  # noqa: E402
from snnrt.file import ModelWriter, crc32c  # noqa: E402

METADATA = """\
name: wisdm-l2mu
description: L2MU for seven hand activities from a watch's accelerometer and gyroscope
data: WISDM Smartphone and Smartwatch Activity and Biometrics, Weiss 2019, UCI dataset 507, CC BY 4.0
network: L2MU, arXiv 2407.04076
licence: CC BY 4.0
notice: the Legendre Memory Unit may be covered by patents of Applied Brain Research
"""


def shared(values: np.ndarray) -> int | np.ndarray:
    """One integer where all elements are the same, else the array."""
    return int(values[0]) if (values == values[0]).all() else values


def writer(tensors: dict[str, np.ndarray]) -> ModelWriter:
    """The L2MU as a program: input population, u, memory, hidden, output; recurrence through
    persistent slots that are read above their writers."""
    order = len(tensors["a_hat"])
    count = {name: len(tensors[f"theta_{name}"]) for name in integer.POPULATIONS}
    model = ModelWriter()
    channels = [(name, "m/s^2" if name.startswith("accel") else "rad/s", (1, COUNTS_PER_UNIT)) for name in CHANNELS]
    samples = model.stream("watch", (20, 1), channels)
    analog = model.analog(len(CHANNELS), bits=int(tensors["input_bits"]))
    current = {name: model.current(count[name]) for name in integer.POPULATIONS}
    spikes = {name: model.spikes(count[name], persistent=name in ("m", "h")) for name in integer.POPULATIONS}

    def dense(source: int, name: str, key: str, **join) -> None:
        model.dense(source, current[name], tensors[key], "int8", **join)

    def population(name: str) -> None:
        model.lif(
            current[name], spikes[name], threshold=shared(tensors[f"theta_{name}"]),
            decay=shared(tensors[f"beta_{name}"]), bias=shared(tensors[f"bias_{name}"]),
            fraction_bits=int(tensors[f"fraction_{name}"]))

    model.input(samples, analog, tensors["input_offset"], tensors["input_multiplier"], int(tensors["input_shift"]))
    shift = int(tensors["shift_in"])
    dense(analog, "in", "w_in", **({"join": "right", "shift": shift} if shift else {}))
    population("in")
    dense(spikes["in"], "u", "e_x")
    dense(spikes["h"], "u", "e_h")
    dense(spikes["m"], "u", "e_m")
    population("u")
    model.block(spikes["m"], current["m"], tensors["a_hat"], "int8", groups=count["m"] // order)
    model.block(spikes["u"], current["m"], tensors["b_hat"], "int8", groups=count["m"] // order)
    population("m")
    dense(spikes["in"], "h", "w_x")
    dense(spikes["h"], "h", "w_h")
    dense(spikes["m"], "h", "w_m")
    population("h")
    dense(spikes["h"], "o", "w_o")
    population("o")
    readout = model.readout(spikes["o"], window=WINDOW_LENGTH, integration="sum", reset_network=True)
    model.output("activity", readout, [name for _, name in CLASSES])
    model.metadata(METADATA)
    return model


def checksum(tensors: dict[str, np.ndarray], windows: np.ndarray) -> int:
    """Output checksum (format.md section 11) of raw windows int16 [N, 40, 6], by integer.py."""
    scores = integer.run(tensors, windows)["o"].spike_count
    results = np.concatenate([scores.argmax(1)[:, None], scores], axis=1)
    return crc32c(results.astype("<i4").tobytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("integers", help="integer tensors written by quantize.py")
    parser.add_argument("--data", metavar="DIR_OR_TAR", help="as in train.py; for the self-test")
    parser.add_argument("--download", metavar="DIR", default="wisdm-download", help="as in train.py")
    parser.add_argument("--out", default="wisdm-l2mu.snn", help="model file to write (default %(default)s)")
    arguments = parser.parse_args()

    tensors = dict(np.load(arguments.integers))
    model = writer(tensors)
    training = split_windows(load_windows(Source(arguments.data, arguments.download))).train.raw
    windows = training[[0, len(training) // 2]]
    model.self_test(windows.reshape(-1, len(CHANNELS)), checksum(tensors, windows))
    data = model.build()
    Path(arguments.out).write_bytes(data)
    print(f"{arguments.out}: {len(data)} bytes")


if __name__ == "__main__":
    main()
