"""A new op is one new module of ops: with scale.py beside the others the oracle reads, runs, draws and refuses it."""

import shutil
import subprocess
import sys

import pytest

from tests.support import ROOT


@pytest.fixture(scope="module")
def oracle(tmp_path_factory):
    """A copy of the oracle with one file more."""
    copy = tmp_path_factory.mktemp("root")
    shutil.copytree(ROOT / "Tests/oracle", copy / "Tests/oracle", ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "models").symlink_to(ROOT / "models")
    shutil.copy(ROOT / "Tests/oracle/tests/scale.py", copy / "Tests/oracle/ops")
    return copy / "Tests/oracle"


def run(oracle, *arguments):
    done = subprocess.run([sys.executable, *arguments], cwd=oracle, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_faults(oracle, tmp_path):
    run(oracle, "refusals.py", "--out", tmp_path)
    names = [line.split("\t")[0] for line in (tmp_path / "refusals.tsv").read_text().splitlines()]
    assert "scale-of-samples.snn" in names
    for start in ("field-scale-scale-", "op-scale-15-", "room-scale-15"):
        assert any(name.startswith(start) for name in names), start


PROGRAMS = """
import generate
from drawing.programs import makers
for i, maker in makers(1, 734):
    if i >= 732:
        draft, _, model, *_, network = generate.make_program(maker, i, 48)
        scales = [op for op in network.ops if op.op.kind == 15]
        print(draft.name, len(scales) > 0, all(op.events for op in scales), network.accounting()["ops"][1]["parameterBits"])
"""


def test_its_programs(oracle):
    assert run(oracle, "-c", PROGRAMS).splitlines() == ["732-scale True True 16", "733-scale True True 16"]
