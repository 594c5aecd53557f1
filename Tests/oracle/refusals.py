"""Writes the corpus of faulty model files (see faults).

    python3 refusals.py --out DIR        writes NAME.snn and refusals.tsv (file, status, offset, what is wrong)

At the end the reader must give exactly what is expected.
"""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "models")]

from faults import check, faults  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    lines, names, wrong = [], set(), 0
    for name, data, status, offset, what in faults():
        assert name not in names, name
        names.add(name)
        try:
            check(name, data, status, offset)
        except AssertionError as error:
            wrong += 1
            print(error)
        (out / f"{name}.snn").write_bytes(data)
        lines.append(f"{name}.snn\t{status}\t{offset}\t{what}\n")
    (out / "refusals.tsv").write_text("".join(lines))
    print(f"{len(lines)} faulty files, {wrong} not refused as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
