"""The recorded table of what a spiking Legendre memory carries and earns, models/wisdm-l2mu/memory.csv.

A row has a value (training.memory and training.fidelity say of what) of a table, variant, group and key. The figures of the log
are computed from it: training.cards.memory.
"""

from __future__ import annotations

import csv

import numpy as np

from training.people import MODELS

TABLE = MODELS / "wisdm-l2mu/memory.csv"
COLUMNS = ["table", "variant", "group", "key", "value"]
Rows = dict[tuple[str, str, int, int], float]


def read() -> Rows:
    """Values by table, variant, group and key; none where there is no file. Refuses other columns, and a key that is there twice."""
    if not TABLE.exists():
        return {}
    with TABLE.open(newline="") as lines:
        header, *cells = csv.reader(lines)
    rows = {(table, variant, int(group), int(key)): float(value) for table, variant, group, key, value in cells}
    if header != COLUMNS or len(rows) != len(cells):
        raise ValueError(f"{TABLE}: the columns are not {COLUMNS}, or a key is there twice")
    return rows


def record(table: str, variant: str, group: int, values: dict[int, float]) -> None:
    """Puts rows into the table in place of those of the same table, variant and group."""
    rows = {key: value for key, value in read().items() if key[:3] != (table, variant, group)}
    rows |= {(table, variant, group, key): value for key, value in values.items()}
    with TABLE.open("w", newline="") as lines:
        out = csv.writer(lines, lineterminator="\n")
        out.writerow(COLUMNS)
        out.writerows((*key, f"{value:.4f}") for key, value in sorted(rows.items()))


def values(rows: Rows, table: str, variant: str, group: int) -> list[float]:
    """In the order of their keys."""
    return [value for key, value in sorted(rows.items()) if key[:3] == (table, variant, group)]


def by_person(rows: Rows, variant: str, folds: range | tuple[int, ...] = range(5)) -> np.ndarray:
    """A variant's shares of windows right, in the order of folds and people."""
    return np.array([share for fold in folds for share in values(rows, "people", variant, fold)])
