"""Widths per layer, calibration and budgets, as a user of `snnrt compile` meets them."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from command import run

NETWORKS = Path(__file__).resolve().parents[1] / "fixtures/nir"
USAGE, REFUSED, BAD_LOG = 64, 65, 66
NESTED = [NETWORKS / "nested.nir", "--window", "50", "--dialect", "snntorch", "--reset", "zero", "--reset-delay", "same", "--dt", "1e-3", "--count", "1/4"]


@pytest.fixture
def log(tmp_path):
    """Windows for nested.nir and what the network makes of them."""
    rng = np.random.default_rng(3)
    frames = rng.integers(-4, 9, (24, 50, 4)) + rng.integers(-4, 5, (24, 1, 4))
    np.save(tmp_path / "x.npy", frames.astype(np.int16))
    assert run("compile", *NESTED, "-o", tmp_path / "fine.snn", "--weights", "16").returncode == 0
    given = run("infer", tmp_path / "fine.snn", tmp_path / "x.npy", "--raw", "--format", "jsonl", "-q").stdout.splitlines()
    np.save(tmp_path / "y.npy", np.array([int(json.loads(line)["label"]) for line in given[:-1]]))
    return ["--calibrate", tmp_path / "x.npy", "--raw", "--labels", tmp_path / "y.npy"]


def compiled(tmp_path, *arguments):
    done = run("compile", *NESTED, "-o", tmp_path / "model.snn", "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_widths_by_layer(tmp_path):
    report = compiled(tmp_path, "--weights", "4", "--weights", "last=16", "--weights", "input:hidden/lif=8", "--state", "last=16",
                      "--grid", "tensor", "--fraction-bits", "hidden/lif=3")
    widths = {f"{matrix['from']}:{population['name']}": matrix["bits"] for population in report["populations"] for matrix in population["matrices"]}
    assert widths == {"input:hidden/lif": 8, "hidden/lif:hidden/lif": 4, "hidden/lif:last": 16}
    hidden, last = report["populations"]
    assert (hidden["stateBits"], last["stateBits"], hidden["fractionBits"]) == (32, 16, 3)
    used = {int(bits) for bits in re.findall(r'"weightBits" : (\d+)', run("budget", tmp_path / "model.snn", "--format", "json").stdout)}
    assert used >= {4, 8, 16}


def test_calibration_says_what_it_did(tmp_path, log):
    report = compiled(tmp_path, *log, "-q")
    # The log's samples reach 12 counts: with the margin they take 6 bits.
    assert report["inputBits"] == 6
    assert report["calibration"]["results"] == 24 and report["calibration"]["accuracy"] >= 22 / 24
    assert all(0 < population["peak"] <= 1 / 1.5 for population in report["populations"])
    assert all("sumSignalToNoise" in matrix for population in report["populations"] for matrix in population["matrices"])
    table = run("compile", *NESTED, "-o", tmp_path / "model.snn", *log, "-q").stdout
    assert "on the calibration log:" in table and "neuron ticks that differ" in table


def test_budget(tmp_path, log):
    uniform = compiled(tmp_path, *log, "-q", "--weights", "4", "--input-bits", "8")
    measured = json.loads(run("budget", tmp_path / "model.snn", tmp_path / "x.npy", "--raw", "--format", "json", "-q").stdout)["measured"]
    limit = measured["total"]["nsAce"] / measured["results"]
    report = compiled(tmp_path, *log, "-q", "--bit-budget", limit, "--input-bits", "8", "--pareto", tmp_path / "plan.svg")
    measured = json.loads(run("budget", tmp_path / "model.snn", tmp_path / "x.npy", "--raw", "--format", "json", "-q").stdout)["measured"]
    assert measured["total"]["nsAce"] / measured["results"] <= limit
    rows = report["plan"]["rows"]
    chosen = [row for row in rows if row["isChosen"]]
    assert len(chosen) == 1 and chosen[0]["modelBytes"] == report["bytes"] and chosen[0]["arenaBytes"] == report["arenaBytes"]
    four = [row for row in rows if row.get("uniformBits") == 4][0]
    assert chosen[0]["search"]["loss"] <= four["search"]["loss"] and chosen[0]["search"]["windows"] + chosen[0]["heldOut"]["windows"] == 24
    assert four["modelBytes"] == uniform["bytes"]
    drawing = ElementTree.parse(tmp_path / "plan.svg").getroot()
    assert len([element for element in drawing if element.tag.endswith("circle")]) == len(rows)

    small = compiled(tmp_path, *log, "-q", "--model-bytes", four["modelBytes"], "--arena-bytes", four["arenaBytes"] - 4)
    assert (tmp_path / "model.snn").stat().st_size <= four["modelBytes"] and small["arenaBytes"] < four["arenaBytes"]


@pytest.mark.parametrize("arguments, code, words", [
    (["--bit-budget", "1000"], USAGE, "--calibrate"),
    (["--weights", "lif=5"], USAGE, "--weights lif=5: expected 16, 8, 4, 2 or 1"),
    (["--weights", "nobody=4"], REFUSED, "no layer \"nobody\"; layers are hidden/lif, "),
    (["--state", "24"], USAGE, "--state 24: expected 16, 32 or auto"),
    (["--grid", "column"], USAGE, "--grid column: expected row or tensor"),
    (["--fraction-bits", "4"], USAGE, "--fraction-bits 4"),
    (["--fraction-bits", "last=15", "--weights", "16"], REFUSED, "15 fraction bits, where its sums and thresholds leave room for"),
    (["--calibrate", "missing.npy"], BAD_LOG, "missing.npy"),
    (["--calibrate", "short.npy"], BAD_LOG, "no window of 50 ticks"),
    (["--calibrate", "x.npy", "--raw", "--bit-budget", "10"], REFUSED, "is the least"),
    (["--calibrate", "x.npy", "--raw", "--pareto", "x.svg"], USAGE, "--pareto"),
    (["--calibrate", "x.npy", "--margin", "0.5"], USAGE, "--margin"),
])
def test_refusals(tmp_path, monkeypatch, log, arguments, code, words):
    monkeypatch.chdir(tmp_path)
    np.save("short.npy", np.zeros((20, 4), np.int16))
    done = run("compile", *NESTED, "-o", "m.snn", *arguments)
    assert done.returncode == code and words in done.stderr, (done.returncode, done.stderr)
