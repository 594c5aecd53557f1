"""The committed set of random programs."""

import generate
from tests.support import ROOT


def test_generator_gives_the_committed_set(tmp_path):
    assert generate.check_set(ROOT / "Tests/oracle/golden.tsv", tmp_path) == 0
