"""The oracle's files: none is long, and each floor knows only those below it."""

import ast

import pytest

from tests.support import ROOT

ORACLE = ROOT / "Tests/oracle"
FLOORS = ("core", "ops", "reader", "interpreter", "faults", "drawing", "tests")  # from below
FILES = sorted(ORACLE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ORACLE)) for path in FILES])
def test_a_file_is_short_and_looks_down(path):
    source = path.read_text()
    assert source.count("\n") <= 300
    own = path.relative_to(ORACLE).with_suffix("").parts[0]
    if own not in FLOORS:
        return
    known = FLOORS[:FLOORS.index(own) + 1]
    for node in ast.walk(ast.parse(source)):
        names = [node.module] if isinstance(node, ast.ImportFrom) and not node.level else \
            [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            floor = name.split(".")[0]
            assert floor not in FLOORS or floor in known, f"{name} is above {own}"
