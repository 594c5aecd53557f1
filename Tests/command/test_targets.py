"""compile --target: networks in the integers of Loihi and Xylo, as a user meets them."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from command import run

ROOT = Path(__file__).resolve().parents[2]
NETWORKS = ROOT / "Tests/fixtures/nir"
sys.path.insert(0, str(ROOT / "Tests/peers"))
from engine import Network  # noqa: E402

USAGE, REFUSED = 64, 65
VECTORS = Path(os.environ.get("SNNRT_SHARED", ROOT.parent / "shared")) / "models/xylo/xylo_6_32_7.npz"


def compiled(tmp_path, name, *options):
    """The file, and what compile says of it."""
    model = tmp_path / "model.snn"
    done = run("compile", NETWORKS / name, "-o", model, "--format", "json", *options)
    assert done.returncode == 0, done.stderr
    return model.read_bytes(), json.loads(done.stdout)


@pytest.mark.skipif(not VECTORS.exists(), reason=f"SKIPPED: {VECTORS} is missing (set SNNRT_SHARED)")
def test_xylo_gives_its_golden_vectors(tmp_path):
    """Every hidden and output spike, membrane and synaptic current of 1,000 ticks."""
    vectors = np.load(VECTORS)
    data, report = compiled(tmp_path, "xylo_6_32_7.nir", "--target", "xylo", "--window", "2000", "--dt", "1e-3")
    assert [population["leastScale"] for population in report["populations"]] == [1, 1]
    assert all(matrix.get("signalToNoise") is None for population in report["populations"] for matrix in population["matrices"])
    network = Network(data)
    for tick, events in enumerate(vectors["events"].astype(np.int16)):
        network.push(events[None])
        # Slots in the order of the program: samples, input, then the currents and spikes of each population.
        assert (network.slot(2, 32) == vectors["i_syn"][tick]).all(), tick
        assert (network.slot(3, 32) == vectors["hidden_spikes"][tick]).all(), tick
        assert (network.slot(5, 7) == vectors["out_spikes"][tick]).all(), tick
        # Part 1, the hidden currents and spikes, the output's currents, then V.
        assert (np.frombuffer(network.state(), "<i2", 32, 8 + 64 + 64 + 16) == vectors["v_mem"][tick]).all(), tick
    assert vectors["hidden_spikes"].max() > 1


def test_weights_that_are_not_whole_are_rounded_and_said(tmp_path):
    # every.nir's neurons do not all fire; nested.nir's do.
    _, report = compiled(tmp_path, "nested.nir", "--target", "loihi", "--window", "50", "--dt", "1e-3")
    matrices = [matrix for population in report["populations"] for matrix in population["matrices"]]
    assert all(25 < matrix["signalToNoise"] < 70 for matrix in matrices)
    text = run("compile", NETWORKS / "nested.nir", "-o", tmp_path / "m.snn", "--target", "loihi", "--window", "50", "--dt", "1e-3").stdout
    assert "integers of loihi" in text and "dialect lava" in text


@pytest.mark.parametrize("name, arguments, code, words", [
    ("small.net", ["--window", "9"], USAGE, "--target loihi"),
    ("small.net", ["--window", "9", "--target", "xylo"], USAGE, "--target loihi"),
    ("small.net", ["--window", "9", "--target", "loihi", "--weights", "4"], USAGE, "the chip decides"),
    ("every.nir", ["--window", "9", "--target", "loihi", "--dt", "1e-3"], REFUSED, "delay"),
    ("cnn.nir", ["--window", "9", "--target", "loihi", "--dt", "1"], REFUSED, "4: reads a pool"),
    ("cnn.nir", ["--window", "9", "--target", "xylo", "--dt", "1", "--reset", "subtract"], REFUSED, "1: reads a convolution"),
    ("nested.nir", ["--window", "9", "--target", "loihi", "--dt", "1e-3", "--dialect", "spyx"], REFUSED, "resets by subtract"),
    ("xylo_6_32_7.nir", ["--window", "9", "--target", "xylo", "--dt", "1e-3", "--comparison", "greater"], REFUSED, "fires beyond its threshold, where xylo's neurons fire at it"),
    ("nested.nir", ["--window", "9", "--target", "xylo", "--dt", "1e-3"], REFUSED, "is a LIF, where the chip's neurons are CubaLIF"),
    ("nested.nir", ["--window", "9", "--target", "abacus", "--dt", "1e-3"], USAGE, "abacus"),
])
def test_refusals(tmp_path, name, arguments, code, words):
    done = run("compile", NETWORKS / name, "-o", tmp_path / "m.snn", *arguments)
    assert done.returncode == code and words.lower() in done.stderr.lower(), (done.returncode, done.stderr)
