"""Code size of every archive, and stack of every public function, within 1 % of the ledger."""

import re

import pytest

from ledger import LEDGERS, ROOT, recorded

SHARE = 0.01


def differences(now, before):
    """What grew, and what the ledger no longer has right. `make test` does not build every archive of the ledger."""
    found = []
    for triple in sorted(now):
        ours, theirs = now[triple], before.get(triple, {})
        for name in sorted(ours.keys() | theirs.keys()):
            new, old = ours.get(name), theirs.get(name)
            if new is None or old is None:
                found.append(f"{triple} {name}: {'gone' if new is None else 'not in the ledger'}: run `make ledger`")
            elif new > old * (1 + SHARE):
                found.append(f"{triple} {name}: {new:,} bytes, {100 * (new / old - 1):.1f} % above the ledger's {old:,}")
            elif new < old * (1 - SHARE):
                share = f"{100 * (1 - new / old):.1f} %"
                found.append(f"{triple} {name}: {new:,} bytes, {share} below the ledger's {old:,}: run `make ledger`")
    return found


@pytest.mark.parametrize("name", LEDGERS)
def test_nothing_grew(name):
    now = LEDGERS[name](ROOT / "build")
    assert "armv7em-none-none-eabi" in now
    found = differences(now, recorded(name))
    assert not found, "\n".join(["", *found])


def test_the_header_says_the_stack_of_the_ledger():
    header = " ".join((ROOT / "include/snnrt.h").read_text().replace("\n *", " ").split())
    said = re.search(r"snnrt_open takes at most ([\d,]+) bytes and snnrt_push ([\d,]+)", header)
    (of_triple,) = recorded("stack").values()
    assert [int(figure.replace(",", "")) for figure in said.groups()] == [of_triple["snnrt_open"], of_triple["snnrt_push"]]


def test_every_difference_is_found():
    before = {"a": {"one": 1000, "two": 1000, "three": 1000, "old": 1}, "not built": {"one": 1}}
    now = {"a": {"one": 1010, "two": 1011, "three": 989, "new": 1}}
    assert [line.split(":")[0] for line in differences(now, before)] == ["a new", "a old", "a three", "a two"]
