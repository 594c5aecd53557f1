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
    # States and joins of weights that were not fitted differ.
    assert (four["modelBytes"] == uniform["bytes"]) == uniform["rounding"]["isFitted"]
    drawing = ElementTree.parse(tmp_path / "plan.svg").getroot()
    assert len([element for element in drawing if element.tag.endswith("circle")]) == len(rows)

    small = compiled(tmp_path, *log, "-q", "--model-bytes", four["modelBytes"], "--arena-bytes", four["arenaBytes"] - 4)
    assert (tmp_path / "model.snn").stat().st_size <= four["modelBytes"] and small["arenaBytes"] < four["arenaBytes"]


def openblas():
    """Copies of OpenBLAS beside NumPy: names there begin with scipy_ and, for integers of 64 bits, end in 64_."""
    return sorted(Path(np.__file__).parents[1].glob("*.libs/*openblas*.so"))


def test_a_blas_changes_no_bit(tmp_path, monkeypatch, log):
    files = set()
    for path in ["none", tmp_path / "missing.so", *openblas()]:
        monkeypatch.setenv("SNNRT_BLAS", str(path))
        for bits in (8, 2):
            compiled(tmp_path, *log, "-q", "--weights", bits)
            files.add((bits, (tmp_path / "model.snn").read_bytes()))
    assert openblas() and len(files) == 2


def test_rounding_is_chosen_by_the_log(tmp_path, log):
    for bits in (8, 4, 2):
        report = compiled(tmp_path, *log, "-q", "--weights", bits)
        rounding = report["rounding"]
        assert not rounding["isFitted"] or rounding["fittedLoss"] <= 0.5 * rounding["nearestLoss"]
        text = run("compile", *NESTED, "-o", tmp_path / "model.snn", *log, "-q", "--weights", bits).stdout
        assert f"weights rounded {'fitted to the log' if rounding['isFitted'] else 'to nearest'}: loss " in text


def test_most_loss(tmp_path, log):
    cheap = compiled(tmp_path, *log, "-q", "--max-loss", "10%", "--pareto", tmp_path / "plan.svg")
    rows = cheap["plan"]["rows"]
    chosen = [row for row in rows if row["isChosen"]][0]
    wrong = sum(round(chosen[half]["errorRate"] * chosen[half]["windows"]) for half in ("search", "heldOut"))
    assert cheap["plan"]["hasFreeInput"] and wrong <= 2.4 and cheap["inputBits"] == chosen["inputBits"] <= 6
    assert all(row["search"]["nsAcePerResult"] >= chosen["search"]["nsAcePerResult"] for row in rows if row.get("uniformBits") in (16, 8))
    drawing = (tmp_path / "plan.svg").read_text()
    assert all(words in drawing for words in ("NS-ACE per result, bits", "errors, % of windows", "chosen", "all weights alike", "float reference"))
    least = compiled(tmp_path, *log, "-q", "--max-loss", "0.1", "--least", "bytes")
    assert least["bytes"] <= cheap["bytes"]
    few = compiled(tmp_path, *log, "-q", "--max-loss", "10%", "--least", "instructions", "--core", "m0", "--input-bits", "6")
    counted = [row["instructions"] for row in few["plan"]["rows"]]
    assert few["inputBits"] == 6 and min(counted) > 0 and [row for row in few["plan"]["rows"] if row["isChosen"]][0]["instructions"] < max(counted)


@pytest.mark.parametrize("arguments, code, words", [
    (["--max-loss", "1%"], USAGE, "--calibrate"),
    (["--calibrate", "x.npy", "--raw", "--max-loss", "200%"], USAGE, "expected a share of the windows, e.g. 1% or 0.01"),
    (["--calibrate", "x.npy", "--raw", "--least", "bytes"], USAGE, "--least goes with --max-loss"),
    (["--calibrate", "x.npy", "--raw", "--max-loss", "1%", "--core", "m4"], USAGE, "--core goes with --least instructions"),
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
