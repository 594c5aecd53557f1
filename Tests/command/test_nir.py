"""check, compile and verify as a user meets them, on networks that Tests/fixtures/nir/make.py wrote."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from command import MODEL, ROOT, run

sys.path[:0] = [str(ROOT / "Tests/oracle"), str(ROOT / "models")]
from snnrt import legendre  # noqa: E402
import reader  # noqa: E402

NETWORKS = Path(__file__).resolve().parents[1] / "fixtures/nir"
USAGE, REFUSED, OUTPUT = 64, 65, 74
ODD = Path(os.environ.get("SNNRT_SHARED", ROOT.parent / "shared")) / "models/nir-odd"
ZERO = ["--dialect", "snntorch", "--reset", "zero", "--reset-delay", "same"]


@pytest.mark.parametrize("name, nodes", [("every", 14), ("nested", 7), ("cnn", 11), ("rate", 13), ("maxima", 11), ("lmu", 11)])
def test_check_says_what_becomes_of_each_node(name, nodes):
    done = run("check", NETWORKS / f"{name}.nir", "--format", "json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["isSupported"] and len(report["nodes"]) == nodes and all(node["isSupported"] for node in report["nodes"])
    table = run("check", NETWORKS / f"{name}.nir").stdout
    assert all(node["node"] in table for node in report["nodes"])


def test_check_refuses_an_unknown_primitive():
    done = run("check", NETWORKS / "unknown.nir", "--format", "json")
    report = json.loads(done.stdout)
    assert done.returncode == REFUSED and not report["isSupported"]
    assert [node["primitive"] for node in report["nodes"] if not node["isSupported"]] == ["Oscillator"]
    assert "odd: is of type \"Oscillator\"" in done.stderr


@pytest.mark.parametrize("name, width, dialect, dt", [("every", 5, "norse", "1e-3"), ("nested", 4, "snntorch --reset zero --reset-delay same", "1e-3"), ("cnn", 144, "sinabs", "1"),
                                                      ("joined", 120, "sinabs", "1"), ("zeros", 4, "norse", "1e-3"), ("cnn", 144, "sinabs-export", "1"),
                                                      ("nested", 4, "spyx-export", "1e-3"), ("repeated", 5, "snntorch --reset zero --reset-delay same", "1e-3"),
                                                      ("dead", 5, "snntorch --reset zero --reset-delay same", "1e-3")])
def test_compiled_network_keeps_its_labels(tmp_path, name, width, dialect, dt):
    model, frames, labels = tmp_path / "model.snn", tmp_path / "x.npy", tmp_path / "y.npy"
    options = ["--dialect", *dialect.split(), "--dt", dt]
    done = run("compile", NETWORKS / f"{name}.nir", "-o", model, "--window", "50", "--weights", "16", "--count", "1/4",
               "--input-bits", "8", *options)
    assert done.returncode == 0, done.stderr
    np.save(frames, np.random.default_rng(3).integers(-4, 9, (12, 50, width)).astype(np.int16))
    infer = run("infer", model, frames, "--raw", "--format", "jsonl", "-q")
    given = [json.loads(line) for line in infer.stdout.splitlines()]
    assert infer.returncode == 0 and len(given) == 13
    # As labels, what the model itself gave: its accuracy is 1, the reference's is the agreement.
    np.save(labels, np.array([int(result["label"]) for result in given[:-1]]))
    verify = run("verify", model, NETWORKS / f"{name}.nir", frames, "--raw", "--labels", labels, "--min-agreement", "90%", "--format", "json", "-q")
    assert verify.returncode == 0, verify.stderr
    report = json.loads(verify.stdout)
    assert report["results"] == 12 and report["accuracy"] == 1
    assert report["labelAgreement"] == report["referenceAccuracy"] >= 11 / 12
    for population in report["populations"]:
        # Spikes of several thresholds hand on what rounding did to them.
        assert population["differing"] <= (0.01 if dialect == "sinabs-export" else 0.002) * population["ticks"] * population["neurons"]
    assert sum(population["referenceSpikes"] for population in report["populations"]) > 100


GRAPHS = {path.stem[6:]: path for path in sorted(NETWORKS.glob("graph-*.nir")) if path.with_suffix(".npy").exists()}


@pytest.mark.parametrize("name", GRAPHS)
def test_graphs_people_train(tmp_path, name):
    """The integers of each population against the reference, which GraphTests.swift holds to PyTorch."""
    model, frames, rows = tmp_path / "model.snn", tmp_path / "x.npy", np.load(GRAPHS[name].with_suffix(".npy"))
    options = ["--dialect", "spinnaker2", "--reset", "subtract", "--reset-delay", "same", "--spike-bits", "3" if name == "graded" else "1"]
    done = run("compile", GRAPHS[name], "-o", model, "--window", "24", "--weights", "16", "--count", "1/4", "--input-bits", "5", *options)
    assert done.returncode == 0, done.stderr
    width = reader.parse(model.read_bytes()).slots[0].count
    np.save(frames, np.stack([np.round(4 * rows[:, :width]), -np.round(4 * rows[:, :width])]).astype(np.int16))
    verify = run("verify", model, GRAPHS[name], frames, "--raw", "--format", "json", "-q")
    assert verify.returncode == 0, verify.stderr
    for population in json.loads(verify.stdout)["populations"]:
        # Spikes of several thresholds hand on what rounding did to them.
        assert population["differing"] <= (0.02 if name == "graded" else 0.005) * population["ticks"] * population["neurons"] + 2, population


@pytest.mark.parametrize("name, bits", [("shrunk", "8"), ("shrunk", "16"), ("flatten-batch", "8")])
def test_what_was_refused(tmp_path, name, bits):
    """A pool of inputs of 16 bits, whose sums have to be proved by what its slot could hold; a Flatten that counts the batch."""
    done = run("compile", NETWORKS / f"graph-{name}.nir", "-o", tmp_path / "m.snn", "--window", "9", "--weights", bits, "--dt", "1e-4",
               "--dialect", "spinnaker2")
    assert done.returncode == 0, done.stderr


def test_silent_neurons_go_and_results_stay(tmp_path):
    whole, pruned, frames = tmp_path / "whole.snn", tmp_path / "pruned.snn", tmp_path / "x.npy"
    np.save(frames, np.random.default_rng(3).integers(-1, 3, (8, 50, 5)).astype(np.int16))
    options = [NETWORKS / "repeated.nir", "--window", "50", "--count", "1/4", "--input-bits", "8", "--dt", "1e-3", "--format", "json",
               "--calibrate", frames, "--raw", *ZERO]
    assert run("compile", *options, "-o", whole).returncode == 0
    done = run("compile", *options, "-o", pruned, "--prune-silent")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)["pruning"]
    assert sum(population["silent"] for population in report["populations"]) > 5
    assert report["weightsAfter"] < report["weightsBefore"] and pruned.stat().st_size < whole.stat().st_size
    given = [[json.loads(line) for line in run("infer", model, frames, "--raw", "--format", "jsonl", "-q").stdout.splitlines()] for model in (whole, pruned)]
    assert [result["scores"] for result in given[0][:-1]] == [result["scores"] for result in given[1][:-1]]
    assert given[0][-1]["summary"]["outputChecksum"] == given[1][-1]["summary"]["outputChecksum"]
    verify = run("verify", pruned, NETWORKS / "repeated.nir", frames, "--raw", "--format", "json", "-q")
    assert verify.returncode == 0, verify.stderr
    neurons = {population["node"]: population["neurons"] for population in json.loads(verify.stdout)["populations"]}
    assert neurons == {population["name"]: population["neurons"] - population["silent"] - population["unread"] for population in report["populations"]}


@pytest.mark.parametrize("arguments, code, words", [
    (["compile", "missing.nir", "-o", "m.snn", "--window", "9"], REFUSED, "no such file"),
    (["compile", NETWORKS / "every.nir", "-o", "m.snn", "--window", "9", "--dialect", "norse"], USAGE, "--dt"),
    (["compile", NETWORKS / "every.nir", "-o", "m.snn", "--window", "9", "--dialect", "norse", "--dt", "1e-3", "--weights", "3"], USAGE, "--weights 3"),
    (["compile", NETWORKS / "lmu.nir", "-o", "m.snn", "--window", "9", "--memory", "sparse"], USAGE, "--memory sparse: expected matrices or recurrence"),
    (["compile", NETWORKS / "lmu.nir", "-o", "m.snn", "--window", "9", "--segments", "17"], USAGE, "--segments 17: expected 1 to 16"),
    (["compile", NETWORKS / "lmu.nir", "-o", "m.snn", "--window", "9", "--memory", "h=recurrence"], REFUSED, "h: is no memory"),
    (["compile", NETWORKS / "every.nir", "-o", "m.snn", "--window", "0", "--dialect", "norse", "--dt", "1e-3"], USAGE, "--window"),
    (["compile", NETWORKS / "every.nir", "-o", "m.snn", "--window", "9", "--dt", "1e-3", "--dialect", "esperanto"], USAGE, "esperanto"),
    (["compile", NETWORKS / "nested.nir", "-o", "m.snn", "--window", "9", "--dt", "1e-3", "--dialect", "exact"], REFUSED, "resets inside the tick"),
    (["compile", NETWORKS / "nested.nir", "-o", "m.snn", "--window", "9", "--dialect", "sinabs-export", "--reset-delay", "next"], REFUSED, "several times a tick"),
    (["compile", NETWORKS / "nested.nir", "-o", "m.snn", "--window", "9", "--dialect", "norse", "--dt", "1e-3", "--spike-bits", "9"], USAGE, "--spike-bits 9"),
    (["compile", NETWORKS / "every.nir", "-o", "m.snn", "--window", "9", "--dialect", "norse", "--dt", "0.1"], REFUSED, "shorter than a tick"),
    (["compile", NETWORKS / "every.nir", "-o", "m.snn", "--window", "9", "--dialect", "norse", "--dt", "1e-3", "--classes", "a,b"], REFUSED, "2 class names for 4 outputs"),
    (["compile", NETWORKS / "unknown.nir", "-o", "m.snn", "--window", "9", "--dt", "1"], REFUSED, "Oscillator"),
    (["compile", NETWORKS / "every.nir", "-o", "/nowhere/m.snn", "--window", "9", "--dialect", "norse", "--dt", "1e-3"], OUTPUT, "cannot be written"),
    (["compile", NETWORKS / "every.nir", "-o", "m.snn", "--window", "9", "--dialect", "norse", "--dt", "1e-3", "--prune-silent"], USAGE, "--calibrate"),
    (["check", NETWORKS / "refused-matrix.nir"], REFUSED, "node/nodes/odd/A: has shape [2, 3], expected [order, order]"),
    (["check", NETWORKS / "refused-function.nir"], REFUSED, "odd/function: is \"swish\", expected \"relu\""),
    (["check", NETWORKS / "refused-groups.nir"], REFUSED, "odd: gets [4], expected 6 values"),
    (["check", NETWORKS / "refused-late.nir"], REFUSED, "metadata/late_edges: names output -> input, which is no edge"),
    (["compile", NETWORKS / "graph-many-frames.nir", "-o", "m.snn", "--window", "9"], REFUSED,
     "fc: gets [32, 6], expected 6 values\n  hint: the 32 in front looks like a batch or a number of ticks"),
    (["check", NETWORKS / "graph-flatten-far.nir"], REFUSED, "odd: joins dimensions 3 to -1 of [6], which has 0 to 0\n  hint: a graph has no batch"),
    (["check", NETWORKS / "graph-normalized.nir"], REFUSED, "odd: is of type \"BatchNorm1d\", which is not known\n  hint: take it into the weights"),
    (["check", NETWORKS / "graph-delay-fraction.nir"], REFUSED, "fc/delay: is 1.39999"),
    (["check", NETWORKS / "graph-padding.nir"], REFUSED, "odd: has a padding of [2, 2] and a window of [2, 2], expected a padding below the window"),
    (["check", NETWORKS / "graph-takes-nothing.nir"], REFUSED, "odd/r: is 2.0 at 0, where the time constant is infinite"),
    (["check", __file__], REFUSED, "cannot be opened as HDF5"),
])
def test_refusals(tmp_path, monkeypatch, arguments, code, words):
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert done.returncode == code and words in done.stderr, (done.returncode, done.stderr)


def test_verify_wants_the_network_of_the_model(tmp_path):
    model = tmp_path / "model.snn"
    run("compile", NETWORKS / "every.nir", "-o", model, "--window", "50", "--dialect", "norse", "--dt", "1e-3")
    done = run("verify", model, NETWORKS / "nested.nir", "-")
    assert done.returncode == REFUSED and "was not compiled from this network" in done.stderr
    done = run("verify", MODEL, NETWORKS / "nested.nir", "-")
    assert done.returncode == REFUSED and "was not compiled from NIR" in done.stderr


def test_verify_counts_operations_as_neurobench(tmp_path):
    """An LMU of 3 inputs, 4 memories of order 3 and 10 units, all weights other than 0: by hand."""
    model, frames = tmp_path / "model.snn", tmp_path / "x.npy"
    assert run("compile", NETWORKS / "lmu.nir", "-o", model, "--window", "20").returncode == 0
    np.save(frames, np.ones((2, 20, 3), np.int16))
    done = run("verify", model, NETWORKS / "lmu.nir", frames, "--raw", "--format", "json", "-q")
    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout)["reference"]
    per_tick = 4 * 3 + 4 * 10 + 4 * 12 + 4 * (9 + 3) + 10 * 3 + 10 * 10 + 10 * 12 + 3 * 10
    assert counted["denseOperations"] == 20 * per_tick
    # The input's matrices see ones; what the state enters is analog, from the first tick on (the memory's own state from the second).
    assert counted["effectiveACs"] == 20 * (12 + 30)
    assert counted["effectiveMACs"] == 20 * (per_tick - 42) - 4 * 9
    assert counted["activationSparsity"] == 0 and counted["membraneUpdates"] == 0


@pytest.mark.parametrize("segments", [1, 2, 16])
def test_a_memory_may_be_a_recurrence(tmp_path, segments):
    frames = tmp_path / "x.npy"
    np.save(frames, np.random.default_rng(5).integers(-40, 41, (60, 20, 3)).astype(np.int16))
    labels = []
    for options in ([], ["--memory", "memory=recurrence", "--segments", str(segments)]):
        done = run("compile", NETWORKS / "lmu.nir", "-o", tmp_path / "model.snn", "--window", "20", "--count", "1/20", *options,
                   "--format", "json")
        assert done.returncode == 0, done.stderr
        given = run("infer", tmp_path / "model.snn", frames, "--raw", "--format", "jsonl", "-q").stdout.splitlines()[:-1]
        labels.append([json.loads(line)["label"] for line in given])
    [recurrence] = [p["recurrence"] for p in json.loads(done.stdout)["populations"] if "recurrence" in p]
    assert recurrence["degree"] == 2 and recurrence["segments"] == segments and recurrence["error"] < 0.01
    [op] = [op for op in reader.parse((tmp_path / "model.snn").read_bytes()).ops if op.kind == 14]
    expected, output_shift = legendre.integers(3, 8, 2, recurrence["substeps"], segments)
    assert op.parameters.output_shift == output_shift and np.abs(op.parameters.factors - expected).max() <= 1
    assert "recurrence" in run("inspect", tmp_path / "model.snn").stdout
    assert len(labels[0]) == 60 and np.mean(np.array(labels[0]) == labels[1]) >= 0.95


SHARED = Path(os.environ.get("SNNRT_SHARED", ROOT.parent / "shared"))
CHECKPOINTS = SHARED / "models" / "l2mu-braille"


@pytest.mark.skipif(not CHECKPOINTS.exists(), reason=f"SKIPPED: needs {CHECKPOINTS} (set SNNRT_SHARED)")
@pytest.mark.parametrize("split, right", list(enumerate([265, 268, 270, 269, 267])))
def test_reference_has_the_accuracy_of_the_braille_checkpoints(tmp_path, split, right):
    """.9464 .9571 .9643 .9607 .9536 of 280 windows each; integers at 8 bits within two points."""
    pytest.importorskip("torch", reason="SKIPPED: converting a checkpoint needs PyTorch")
    pytest.importorskip("h5py", reason="SKIPPED: writing NIR needs h5py")
    network, model, frames, labels = (tmp_path / name for name in ("l2mu.nir", "l2mu.snn", "x.npy", "y.npy"))
    script = ROOT / "models" / "braille-l2mu" / "convert.py"
    subprocess.run([sys.executable, script, CHECKPOINTS / f"braille7_l2mu_split{split}.ckpt", network], check=True)
    data = np.load(SHARED / "data" / "braille7-val-splits-0-4.npz")
    np.save(frames, data[f"x{split}"]), np.save(labels, data[f"y{split}"])
    command = ROOT / ".build" / "release" / "snnrt"  # 71,680 ticks in floating point: too many without optimization
    options = ["--dialect", "snntorch", "--window", "256", "--input-bits", "2"]
    subprocess.run([command, "compile", network, "-o", model, *options], check=True, capture_output=True)
    verify = [command, "verify", model, network, frames, "--raw", "--labels", labels, "--min-agreement", "90%", "--format", "json", "-q"]
    done = subprocess.run(verify, check=True, capture_output=True)
    report = json.loads(done.stdout)
    assert round(report["referenceAccuracy"] * 280) == right
    assert report["accuracy"] >= right / 280 - 0.022
    assert report["reference"]["denseOperations"] == 256 * 122_940


@pytest.mark.skipif(not ODD.exists(), reason=f"SKIPPED: needs {ODD} (set SNNRT_SHARED)")
@pytest.mark.parametrize("name, words", [
    ("b07_unconnected", "is left out: no Input reaches it"), ("b09_two_inputs", "several Inputs one behind the other, in the order of their names: ")])
def test_what_is_left_out_and_how_inputs_are_ordered_is_said(tmp_path, name, words):
    done = run("compile", ODD / f"{name}.nir", "-o", tmp_path / "m.snn", "--dialect", "norse", "--dt", "1e-3", "--window", "9", "--format", "json")
    assert done.returncode == 0 and words in done.stderr, done.stderr
    assert any(words in warning for warning in json.loads(done.stdout)["warnings"])


def test_the_comparison_may_be_said(tmp_path):
    """What the line says goes before the dialect and the file's nodes, and verify runs the reference by it."""
    model = tmp_path / "m.snn"
    assert run("compile", NETWORKS / "settings.nir", "-o", model, "--comparison", "greater_or_equal").returncode == 0
    metadata = json.loads(run("inspect", model, "--format", "json").stdout)["metadata"]
    assert "comparison: greater_or_equal" in metadata and "node with reset=none: lif" in metadata


def test_settings_of_a_graph_within_hold_for_its_neurons(tmp_path):
    """A node's own go before; what is the whole network's is refused there."""
    model = tmp_path / "m.snn"
    done = run("compile", NETWORKS / "settings-within.nir", "-o", model, "--rate", "20")
    assert done.returncode == 0 and done.stderr == ""
    metadata = json.loads(run("inspect", model, "--format", "json").stdout)["metadata"]
    assert {"reset: subtract", "node with reset=zero,comparison=greater_or_equal: hidden/lif", "node with reset=zero: hidden/other"} <= set(metadata)
    done = run("compile", NETWORKS / "settings-within-window.nir", "-o", model)
    assert done.returncode == REFUSED and "hidden/metadata/snnrt.window: stands in a graph within the network" in done.stderr
