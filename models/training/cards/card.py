"""Brings the figures of a folder's card up to date; its words stay as they are.

    python -m training.cards.card wisdm-lmu --command .build/release/snnrt

The tables that lead the card come from people.csv, its confusion from confusion.csv, if the folder has them; sizes, costs and the rows on
the sample log from the command; instructions per tick are filled in by `make bench-device`. Tables and rows are found by their first
cells: a row that the card lacks is named, to be written by hand once.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from training.cards import accounts
from training.cards.headline import BY_FOLD, LEADS, confusion_table, tables
from training.people import MODELS, confusion, read



def with_table(card: str, begin: str, table: str) -> str:
    """The card with the table whose header begins with `begin` replaced."""
    found = re.search(rf"^{re.escape(begin)}.*\n(?:^\|.*\n)+", card, re.M)
    if not found:
        print(f"the card has no table that begins {begin!r}:\n\n{table}")
        return card
    return card[: found.start()] + table + card[found.end() :]


def with_row(card: str, text: str) -> str:
    """The card with the row of the same first cell replaced by `text`; a row that has checksums takes the place of such a one."""
    first, has_checksums = text.split("|")[1].strip(), "`0x" in text
    lines = card.split("\n")
    own = [at for at, line in enumerate(lines) if line.startswith(f"| {first} |") and ("`0x" in line) == has_checksums]
    if len(own) != 1:
        print(f"the card has {len(own)} rows in place of this one:\n{text}")
    for at in own[:1]:
        lines[at] = text
    return "\n".join(lines)


def columns(card: str, folder: Path) -> list[Path]:
    """The folder's files in the order of the card's table of sizes, whose header has the ends of their names."""
    header = re.search(r"^\|(.*)\|\n\|[-|]+\|\n\| file, bytes \|", card, re.M)
    ends = [cell.strip() for cell in header[1].split("|")[1:]] if header else []
    return [file for end in ends for file in folder.glob(f"*-{end}.snn")]


def renewed(card: str, folder: Path, command: str) -> str:
    record = folder / "people.csv"
    if record.exists():
        people = read(record)
        for table in tables(people).split("\n\n"):
            begin = LEADS if LEADS in table else BY_FOLD
            card = with_table(card, f"| {begin} |", table.rstrip("\n") + "\n")
        counts = confusion(folder / "confusion.csv", people[-1].file)
        table = confusion_table(counts)
        card = with_table(card, table.split("\n")[0].rsplit("|", 2)[0], table)
    files = columns(card, folder)
    for text in accounts.rows(command, files).values():
        card = with_row(card, text)
    return card


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="of models/, for example wisdm-lmu")
    parser.add_argument("--command", default=".build/release/snnrt", help="default %(default)s")
    options = parser.parse_args()
    folder = MODELS / options.folder
    path = folder / "README.md"
    path.write_text(renewed(path.read_text(), folder, options.command))
    print(path)


if __name__ == "__main__":
    main()
