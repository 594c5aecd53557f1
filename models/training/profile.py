"""Gives the files in models/ the metadata on their training data that a training run writes, and nothing else.

    python -m training.profile --data DIR_OR_TAR

Sizes and checksums of the files change with it, those of their outputs do not.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from snnrt.profile import profile_lines, profiled
from training import data
from training.evidence import CONFIDENCE_DIVISOR

MODELS = Path(__file__).resolve().parents[1]
LONGEST_BRIDGE = 0.5  # seconds, of networks that go on from result to result


def lines(raw: np.ndarray, is_streaming: bool, confidence_divisor: float = 0) -> str:
    """Metadata on training windows of counts, int16 [N, T, 6]."""
    return profile_lines(raw.reshape(-1, len(data.CHANNELS)) / data.COUNTS_PER_UNIT, data.CHANNELS,
                         LONGEST_BRIDGE if is_streaming else 0, confidence_divisor)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data.add_options(parser)
    options = parser.parse_args()
    source = data.Source(options.data, options.download)
    people = data.SUBJECTS
    sequences = data.gather(
        source, lambda time, samples: data.cut(time, samples, data.SEQUENCE_HOP, data.SEQUENCE), people, data.ACTIVITIES)
    stream = lines(sequences.raw, True, CONFIDENCE_DIVISOR)
    windows = lines(data.load_overlapping(source, people, data.HOP).raw, False)
    for path in sorted(MODELS.glob("wisdm-*/*.snn")):
        path.write_bytes(profiled(path.read_bytes(), stream if path.parent.name == "wisdm-stream" else windows))
        print(path.name, path.stat().st_size, sep="\t")


if __name__ == "__main__":
    main()
