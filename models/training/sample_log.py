"""Cuts the sample log: ten seconds of each of the seven activities of one person.

    python -m training.sample_log --data DIR_OR_TAR --out sample.csv

The rows keep the recording's own clock, from the first row, and so its real gaps of minutes between
activities. A stretch starts a minute into its session, at the first place where 200 intervals in a
row are within 10 % of 50 ms. The person is the first of the 40, not a chosen one.
"""

from __future__ import annotations

import argparse

import numpy as np

from training import data
from training.data import CHANNELS, CLASSES, COUNTS_PER_UNIT, SUBJECTS, Source

SAMPLES = 200
LEAD_SECONDS = 60.0
GAP_SECONDS = 5.0  # least gap between activities


def stretch(time: np.ndarray) -> int:
    """Index of the first of SAMPLES regular samples after the lead."""
    interval = np.diff(time) * 1e-9
    regular = np.abs(interval - 0.05) <= 0.005
    start = int(np.searchsorted(time, time[0] + LEAD_SECONDS * 1e9))
    while not regular[start : start + SAMPLES - 1].all():
        start += 1
        if start + SAMPLES > len(time):
            raise ValueError("no regular stretch")
    return start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data.add_options(parser)
    parser.add_argument("--out", default="sample.csv", help="default %(default)s")
    parser.add_argument("--subject", type=int, choices=SUBJECTS, default=SUBJECTS[0], help="default %(default)s")
    arguments = parser.parse_args()

    source = Source(arguments.data, arguments.download)
    pieces = []
    for letter, name in CLASSES:
        time, counts = source.session(arguments.subject, letter)
        start = stretch(time)
        pieces.append((time[start : start + SAMPLES], counts[start : start + SAMPLES], name))
    pieces.sort(key=lambda piece: piece[0][0])
    for (earlier, _, _), (later, _, name) in zip(pieces, pieces[1:]):
        if later[0] - earlier[-1] < GAP_SECONDS * 1e9:
            raise ValueError(f"{name} starts less than {GAP_SECONDS} s after the activity before")
    origin = pieces[0][0][0]
    with open(arguments.out, "w") as file:
        file.write(f"time_s,{','.join(CHANNELS)},label\n")
        for time, counts, name in pieces:
            for moment, row in zip(time, counts):
                values = ",".join(f"{value / COUNTS_PER_UNIT:.3f}" for value in row)
                file.write(f"{(moment - origin) * 1e-9:.3f},{values},{name}\n")


if __name__ == "__main__":
    main()
