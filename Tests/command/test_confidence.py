"""`snnrt infer` says how probable a label is, of a model whose metadata say what divides its scores before a softmax."""

import csv
import io
import json
import sys

import numpy as np
import pytest

from command import ROOT, SAMPLE, run

sys.path.insert(0, str(ROOT / "models"))
from snnrt.profile import profiled  # noqa: E402

STREAM = ROOT / "models/wisdm-stream/wisdm-stream-w4.snn"
DIVISOR = 12345.5


@pytest.fixture
def confident(tmp_path):
    """The shipped model with another divisor than its own."""
    path = tmp_path / "stream.snn"
    path.write_bytes(profiled(STREAM.read_bytes(), f"confidence.divisor: {DIVISOR}\n"))
    return path


def shown(model, form):
    done = run("infer", model, SAMPLE, "-q", "--format", form)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_confidence_is_the_softmax_of_the_label_in_every_format(confident):
    rows = [json.loads(line) for line in shown(confident, "jsonl").splitlines()][:-1]
    scores = np.array([row["scores"] for row in rows])
    powers = np.exp((scores - scores.max(1, keepdims=True)) / DIVISOR)
    expected = 1 / powers.sum(1)
    sure = np.array([row["confidence"] for row in rows])
    assert len(rows) == 140 and np.abs(sure - expected).max() <= 0.5001e-4
    assert sure.min() < 0.5 and sure.max() > 0.9
    cells = list(csv.DictReader(io.StringIO(shown(confident, "csv"))))
    assert [row["confidence"] for row in cells] == [f"{value:.4f}" for value in sure]
    assert [int(row["score_walking"]) for row in cells] == scores[:, 0].tolist()
    lines = shown(confident, "table").splitlines()
    assert lines[0].split()[5:8] == ["label", "confidence", "walking"]
    assert [float(line.split()[4]) for line in lines[1:141]] == pytest.approx(sure, abs=0.5001e-3)


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "much"])
def test_other_values_give_no_confidence(tmp_path, value):
    path = tmp_path / "stream.snn"
    path.write_bytes(profiled(STREAM.read_bytes(), f"confidence.divisor: {value}\n"))
    assert "confidence" not in shown(path, "csv").splitlines()[0]
    assert "confidence" not in shown(path, "table").splitlines()[0]
    assert "confidence" not in json.loads(shown(path, "jsonl").splitlines()[0])
