"""A network of 2-bit weights that snnrt.torch trained (docs/quantization.md), with what its own forward gave: the file gives the same spikes."""

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from command import ROOT, run

sys.path[:0] = [str(ROOT / "Tests/oracle"), str(ROOT / "models")]
from interpreter import Network  # noqa: E402
import reader  # noqa: E402

TRAINED = Path(__file__).resolve().parents[1] / "fixtures/trained"
NETWORK, EXPECTED = TRAINED / "wisdm-2bit.nir", TRAINED / "wisdm-2bit.expected.npz"


@pytest.fixture
def windows(tmp_path):
    np.save(tmp_path / "x.npy", np.load(EXPECTED)["input"])
    return tmp_path / "x.npy"


def compiled(tmp_path, *options):
    done = run("compile", NETWORK, "-o", tmp_path / "model.snn", "--min-agreement", "100%", *options)
    assert done.returncode == 0, done.stderr
    return tmp_path / "model.snn", done.stdout


def scores(model, windows):
    given = run("infer", model, windows, "--format", "jsonl", "-q")
    assert given.returncode == 0, given.stderr
    return np.array([json.loads(line)["scores"] for line in given.stdout.splitlines()[:-1]])


@pytest.mark.parametrize("options", [[], ["--weights", "8"], ["--calibrate", "x.npy"], ["--calibrate", "x.npy", "--weights", "2", "--grid", "tensor"]])
def test_scores_are_those_of_training(tmp_path, windows, monkeypatch, options):
    monkeypatch.chdir(tmp_path)
    model, report = compiled(tmp_path, *options)
    assert "weights on a grid of their own, kept exactly: input:lif1, lif1:lif2" in report
    expected = np.load(EXPECTED)
    assert (scores(model, windows) == expected["scores"]).all()
    assert (expected["scores"].argmax(axis=1) == expected["labels"]).mean() > 0.6


def test_spikes_are_those_of_training(tmp_path):
    model, _ = compiled(tmp_path)
    data, expected = model.read_bytes(), np.load(EXPECTED)
    slots = {name.decode(): int(slot) for slot, name in re.findall(rb"node in slot (\d+): ([\w.]+)", data)}
    samples = np.clip(np.rint(expected["input"].astype(float) * 64), -32768, 32767).astype(int)
    network = Network(reader.parse(data))
    for window in range(12):
        for tick in range(40):
            network.tick(samples[window, tick])
            for name, slot in slots.items():
                assert (network.values[slot] == expected[f"spikes/{name}"][window, tick]).all(), (window, tick, name)
    assert all(expected[f"spikes/{name}"][:12].sum() > 100 for name in slots)


def test_other_settings_are_refused(tmp_path, windows):
    for options, words in [(["--count", "1/1000"], "lif1: its weights from input do not lie on the grid"),
                           (["--calibrate", windows, "--bit-budget", "100000"], "nothing is left to choose")]:
        done = run("compile", NETWORK, "-o", tmp_path / "model.snn", *options)
        assert done.returncode != 0 and words in done.stderr, done.stderr
        assert not (tmp_path / "model.snn").exists()
