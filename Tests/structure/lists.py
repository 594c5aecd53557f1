"""Writes every list of exceptions as the tree needs it today: python3 lists.py

For whoever merges branches; by hand a list only shrinks.
"""

import exceptions
from floors import FLOORS, RUNTIME, arrows
from test_floors import errors
from test_offsets import offsets
from test_processors import questions
from test_sizes import long_files


def main():
    lists = {
        "floors": sorted(arrows()),
        "open-floors": [top for at, top in enumerate(FLOORS[:-1]) if errors(RUNTIME, FLOORS[: at + 1])],
        "sizes": [f"{file} {count}" for file, count in sorted(long_files().items())],
        "processors": [f"{file} {len(places)}" for file, places in sorted(questions().items())],
        "offsets": [f"{file} {len(places)}" for file, places in sorted(offsets().items())],
    }
    for rule, entries in lists.items():
        path = exceptions.LISTS / f"{rule}.txt"
        path.unlink(missing_ok=True)
        if entries:
            path.write_text("".join(f"{entry}\n" for entry in entries))


if __name__ == "__main__":
    main()
