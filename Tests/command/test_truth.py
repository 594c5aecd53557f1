"""compile and verify against what a framework gave: classifiers that snnTorch, Norse and SpikingJelly ran themselves (Tests/peers/classifiers.py)."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from command import run

RECORDED = Path(__file__).resolve().parents[1] / "peers/recorded"
NETWORKS = Path(__file__).resolve().parents[1] / "fixtures/nir"
DISAGREES, USAGE, REFUSED, BAD_LOG = 1, 64, 65, 66
WINDOWS = 64


def recording(framework):
    """Windows, the spikes that the framework counted of each class, and the true classes."""
    counts = np.load(RECORDED / f"{framework}-classifier.counts.npy")[:WINDOWS].astype(np.float32)
    return np.load(RECORDED / "windows.npy")[:WINDOWS].astype(np.float32), counts, np.load(RECORDED / "truth.npy")[:WINDOWS].astype(np.int64)


def network(folder, framework, **changes):
    """The framework's file with what it gave beside it."""
    x, scores, labels = recording(framework)
    path = folder / f"{framework}.nir"
    shutil.copy(RECORDED / f"{framework}-classifier.nir", path)
    arrays = {"input": x, "scores": scores, "labels": labels} | changes
    np.savez_compressed(folder / f"{framework}.expected.npz", **{name: array for name, array in arrays.items() if array is not None})
    return path


@pytest.mark.parametrize("framework, dialect", [
    ("snntorch", "snntorch-export"), ("norse", "norse-export"), ("spikingjelly", "spikingjelly-export")])
def test_a_file_and_what_the_framework_gave_are_enough(tmp_path, framework, dialect):
    path, model = network(tmp_path, framework), tmp_path / "model.snn"
    done = run("compile", path, "-o", model, "--format", "json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["dialect"] == dialect and report["window"] == 50 and report["readout"] == "sum" and report["isWritten"]
    assert report["search"]["distance"] < 1e-5 and report["search"]["tried"] > 50
    assert report["truth"]["reference"]["labels"] == 1 and report["truth"]["reference"]["factor"] == pytest.approx(1)
    assert report["truth"]["integers"]["labels"] >= 0.97 and report["truth"]["integers"]["windows"] == WINDOWS
    # verify finds the same beside the network, and needs no log.
    done = run("verify", model, path, "--format", "json")
    assert done.returncode == 0, done.stderr
    again = json.loads(done.stdout)
    assert again["truth"]["integers"] == report["truth"]["integers"] and again["results"] == WINDOWS
    assert again["accuracy"] >= 0.85


@pytest.mark.parametrize("framework, flags", [
    ("snntorch", ["--dialect", "sinabs"]), ("snntorch", ["--dialect", "norse-export"]), ("snntorch", ["--dialect", "snntorch", "--reset", "zero"]),
    ("norse", ["--dialect", "norse-export", "--dt", "2e-6"]), ("norse", ["--dialect", "sinabs-export"]),
    ("spikingjelly", ["--dialect", "sinabs"]), ("spikingjelly", ["--dialect", "norse-export"])])
def test_wrong_flags_are_refused(tmp_path, framework, flags):
    path, model = network(tmp_path, framework), tmp_path / "model.snn"
    done = run("compile", path, "-o", model, *flags)
    assert done.returncode == DISAGREES and not model.exists(), (done.returncode, done.stdout)
    assert "less than 97.00 %" in done.stderr or "another reading of the file gives the framework's" in done.stderr, done.stderr
    assert "was not written" in done.stderr
    assert "-> not written" in done.stdout


def test_a_wrong_model_is_told_by_verify(tmp_path):
    path, model = network(tmp_path, "snntorch"), tmp_path / "model.snn"
    done = run("compile", path, "-o", model, "--dialect", "norse-export", "--min-agreement", "0%")
    assert done.returncode == 0, done.stderr
    assert "3: never fires" in done.stderr and "gives one label for all windows" in done.stderr
    done = run("verify", model, path)
    assert done.returncode == DISAGREES and "another reading of the file gives" in done.stderr and "snntorch-export" in done.stderr


def test_nothing_is_guessed(tmp_path):
    path = network(tmp_path, "snntorch")
    (tmp_path / "snntorch.expected.npz").unlink()
    done = run("compile", path, "-o", tmp_path / "m.snn", "--window", "50")
    assert done.returncode == USAGE
    assert "if snnTorch wrote it" in done.stderr and "--dialect snntorch-export" in done.stderr and "--expected" in done.stderr
    done = run("compile", path, "-o", tmp_path / "m.snn", "--window", "50", "--dialect", "snntorch-export")
    assert done.returncode == 0 and "not compared with the framework" in done.stdout, done.stderr
    assert "nobody gave the rate" in done.stderr


def test_none_that_reproduces_is_refused(tmp_path):
    rng = np.random.default_rng(1)
    path = network(tmp_path, "snntorch", scores=rng.random((WINDOWS, 5)))
    done = run("compile", path, "-o", tmp_path / "m.snn")
    assert done.returncode == DISAGREES and "readings of the file gives what was expected" in done.stderr and "nearest" in done.stderr


@pytest.mark.parametrize("changes, words", [
    ({"input": np.zeros((WINDOWS, 50, 11), np.float32)}, "input: has the shape (64, 50, 11), expected (64, ticks, ...) with 12 values"),
    ({"scores": np.zeros((WINDOWS, 4))}, "scores: has the shape (64, 4), expected (windows, 5)"),
    ({"scores": None}, 'has no array "scores"; it has input, labels'),
    ({"labels": np.full(WINDOWS, 5)}, "labels: holds 5.0, expected a class, 0 to 4"),
    ({"spikes/4": np.zeros((WINDOWS, 50, 5))}, 'spikes/4: names "4", which is no node'),
    ({"spikes/3": np.zeros((WINDOWS, 49, 5))}, "spikes/3: has the shape (64, 49, 5), expected (64, 50, 5)"),
    ({"input": np.full((WINDOWS, 50, 12), np.nan)}, "holds nan"),
])
def test_outputs_that_do_not_fit(tmp_path, changes, words):
    done = run("compile", network(tmp_path, "snntorch", **changes), "-o", tmp_path / "m.snn")
    assert done.returncode == BAD_LOG and words in done.stderr, done.stderr


@pytest.mark.parametrize("expected", [lambda counts: counts, lambda counts: counts.argmax(axis=1)])
def test_outputs_of_a_calibration_log(tmp_path, expected):
    x, counts, _ = recording("snntorch")
    np.save(tmp_path / "x.npy", x.astype(np.int16)), np.save(tmp_path / "outputs.npy", expected(counts))
    arguments = [RECORDED / "snntorch-classifier.nir", "-o", tmp_path / "m.snn", "--window", "50", "--calibrate", tmp_path / "x.npy", "--raw"]
    done = run("compile", *arguments, "--expected", tmp_path / "outputs.npy", "--dialect", "snntorch-export", "--format", "json", "-q")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["truth"]["integers"]["labels"] >= 0.97
    np.save(tmp_path / "outputs.npy", expected(counts)[:-1])
    done = run("compile", *arguments, "--expected", tmp_path / "outputs.npy", "-q")
    assert done.returncode == BAD_LOG and "outputs of 63 windows, where the calibration logs have 64" in done.stderr


def test_fractions_get_a_count(tmp_path):
    """Windows in eighths: a count that loses nothing is chosen, and one that loses is said."""
    x, counts, labels = recording("snntorch")
    path = network(tmp_path, "snntorch", input=x / 8)
    done = run("compile", path, "-o", tmp_path / "m.snn", "--min-agreement", "0", "--dialect", "snntorch-export", "--format", "json")
    assert done.returncode == 0 and json.loads(done.stdout)["count"] == "1/8", done.stderr
    done = run("compile", path, "-o", tmp_path / "m.snn", "--min-agreement", "0", "--dialect", "snntorch-export", "--count", "1/3", "--format", "json")
    assert done.returncode == 0, done.stderr
    [warning] = [text for text in json.loads(done.stdout)["warnings"] if "rounding to counts" in text]
    assert "100.0 %" in warning or "% of the input of a channel" in warning
    np.save(tmp_path / "x.npy", x / 8)
    done = run("compile", RECORDED / "snntorch-classifier.nir", "-o", tmp_path / "m.snn", "--window", "50", "--dialect", "snntorch-export",
               "--calibrate", tmp_path / "x.npy", "--format", "json", "-q")
    assert done.returncode == 0 and json.loads(done.stdout)["count"] == "1/8", done.stderr


def test_the_file_says_how_it_is_read(tmp_path):
    model = tmp_path / "m.snn"
    # A membrane that no spike resets is read with 16 bits of what the input could drive it to: the input has as many bits as it needs.
    done = run("compile", NETWORKS / "settings.nir", "-o", model, "--input-bits", "4", "--format", "json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["dialect"], report["reset"], report["resetDelay"], report["dt"]) == ("snnrt", "zero", "same", 1e-4)
    assert (report["window"], report["readout"], report["warnings"]) == (12, "sum", [])
    shown = run("inspect", model).stdout
    assert "node with reset=none,comparison=greater_or_equal: lif" in shown and "12 ticks" in shown
    assert all(name in shown for name in ("x", "y", "z"))
    frames = tmp_path / "x.npy"
    np.save(frames, np.random.default_rng(3).integers(-2, 6, (8, 12, 4)).astype(np.int16))
    done = run("verify", model, NETWORKS / "settings.nir", frames, "--raw", "--min-agreement", "0.8", "--format", "json", "-q")
    assert done.returncode == 0, done.stderr
    populations = {population["node"]: population for population in json.loads(done.stdout)["populations"]}
    # Without reset a neuron goes on firing: more spikes than with one, and the integers have them too.
    assert populations["lif"]["spikes"] > 100 and populations["lif"]["differing"] <= 0.01 * 8 * 12 * 8
    done = run("compile", NETWORKS / "settings.nir", "-o", model, "--reset", "subtract", "--format", "json")
    assert json.loads(done.stdout)["reset"] == "subtract" and "reset=none" not in run("inspect", model).stdout


@pytest.mark.parametrize("name, arguments, code, words", [
    ("settings", ["--dialect", "norse"], USAGE, "says that its dialect is snnrt, --dialect says norse"),
    ("settings-unknown", ["--dialect", "norse"], REFUSED, "node/metadata/snnrt.colour: is not known here"),
    ("delays", ["--window", "9", "--dialect", "snntorch", "--dt", "4e-4"], REFUSED, "delay: 4 of 8 delays are less than half a tick of 0.0004 s"),
    ("clamped", ["--window", "9"], USAGE, "--dialect snntorch-export"),
    ("settings", ["--min-agreement", "120"], USAGE, "--min-agreement 120"),
])
def test_refusals(tmp_path, name, arguments, code, words):
    done = run("compile", NETWORKS / f"{name}.nir", "-o", tmp_path / "m.snn", *arguments)
    assert done.returncode == code and words in done.stderr, (done.returncode, done.stderr)


@pytest.mark.parametrize("name, arguments, words", [
    ("delays", ["--dialect", "snntorch"], ["delay: 4 of 8 delays are rounded to ticks of 0.0001 s, by up to 0.40 ticks"]),
    ("delays", ["--dialect", "snntorch", "--dt", "4e-4", "--allow", "rounded-delays"], ["delay: 8 of 8 delays are rounded"]),
    ("clamped", ["--dialect", "snntorch-export"], ["node/nodes/lif/tau: 2 of 8 are negative or infinite"]),
    ("remarks", ["--dialect", "snntorch"],
     ["node/edges names fc -> lif twice", "node/metadata/dt is not used", "node/nodes/last/metadata/reset is not used"]),
])
def test_warnings(tmp_path, name, arguments, words):
    done = run("compile", NETWORKS / f"{name}.nir", "-o", tmp_path / "m.snn", "--window", "9", "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    warnings = json.loads(done.stdout)["warnings"]
    for word in words:
        assert any(word in warning for warning in warnings) and f"warning: {word}" in done.stderr, warnings


@pytest.mark.parametrize("name", ["late-difference", "late-spikes"])
def test_late_edges_from_nodes_that_run_first(tmp_path, name):
    """snnTorch's leaky neurons on f(x[t] - x[t-1]), and on spikes of an earlier layer a tick ago, as snnrt.export wrote them: an edge
    is late because the file says so, not because of the order of names."""
    done = run("compile", NETWORKS / f"{name}.nir", "-o", tmp_path / "model.snn", "--weights", "16", "--format", "json", "-q")
    assert done.returncode == 0, done.stderr
    truth = json.loads(done.stdout)["truth"]
    assert truth["reference"]["scoreDistance"] < 1e-3 and truth["integers"]["share"] == 1
