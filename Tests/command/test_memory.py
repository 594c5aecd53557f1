"""The page of the log on the memory of an all-LIF L2MU says what its record does, and its picture shows it."""

import sys

import pytest

from command import ROOT

sys.path[:0] = [str(ROOT / "models")]
from training import memory_rows  # noqa: E402
from training.cards import memory  # noqa: E402
from training.data import SUBJECTS  # noqa: E402

ROWS = memory_rows.read()


@pytest.mark.parametrize("table", memory.tables(ROWS), ids=lambda table: table.split("|")[1].strip())
def test_page_has_the_table(table):
    assert "\n" + table + "\n" in memory.PAGE.read_text(), f"run `python -m training.cards.memory`; the page lacks\n{table}"


def test_picture_is_that_of_the_record():
    assert memory.PICTURE.read_text() == memory.picture(ROWS), "run `python -m training.cards.memory`"


def test_people_are_those_whom_a_fold_leaves_out():
    found = {}
    for table, variant, fold, person in ROWS:
        if table == "people":
            found.setdefault((variant, fold), []).append(person)
    assert found
    for (variant, fold), people in found.items():
        assert sorted(people) == list(SUBJECTS[fold::5]), (variant, fold)
        assert (memory.BASE, fold) in found, f"{variant}: fold {fold} has nothing to compare with"
    assert {variant for variant, _ in found} <= set(memory.EARNED)
