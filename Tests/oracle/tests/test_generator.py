"""The committed set of random programs."""

import generate
from tests.support import ROOT


def test_generator_gives_the_committed_set(tmp_path):
    different, coverage = generate.check_set(ROOT / "Tests/oracle/golden.tsv", tmp_path)
    assert different == 0 and coverage.missing() == []
