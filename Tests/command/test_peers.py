"""Classifiers that snnTorch, Norse and SpikingJelly trained, ran and exported themselves (Tests/peers/classifiers.py)."""

import json
from pathlib import Path

import numpy as np
import pytest

from command import run, summary

RECORDED = Path(__file__).resolve().parents[1] / "peers/recorded"
# As a user of the framework's own exporter says it.
CLASSIFIERS = {
    "snntorch": ["--dialect", "snntorch-export"],
    "norse": ["--dialect", "norse-export", "--rate", "1000"],
    "spikingjelly": ["--dialect", "spikingjelly-export"],
}


@pytest.fixture
def windows(tmp_path):
    np.save(tmp_path / "x.npy", np.load(RECORDED / "windows.npy").astype(np.int16))
    return tmp_path / "x.npy"


@pytest.mark.parametrize("bits, agreement", [(8, 0.99), (16, 0.995)])
@pytest.mark.parametrize("framework", CLASSIFIERS)
def test_labels_are_the_frameworks(tmp_path, windows, framework, bits, agreement):
    network, model = RECORDED / f"{framework}-classifier.nir", tmp_path / "model.snn"
    counts = np.load(RECORDED / f"{framework}-classifier.counts.npy")
    np.save(tmp_path / "labels.npy", counts.argmax(axis=1))
    done = run("compile", network, "-o", model, "--window", "50", "--weights", str(bits), "--input-bits", "2", *CLASSIFIERS[framework])
    assert done.returncode == 0, done.stderr

    results, _ = summary(model, windows, "--raw", "-q")
    labels = np.array([int(result["label"]) for result in results])
    assert (labels == counts.argmax(axis=1)).mean() >= agreement

    done = run("verify", model, network, windows, "--raw", "--labels", tmp_path / "labels.npy", "--format", "json", "-q")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    # The reference is the framework's run; it parts from the integers where rounded weights carry a membrane over its threshold.
    assert report["referenceAccuracy"] >= 0.995 and report["labelAgreement"] >= agreement
    for population in report["populations"]:
        first = population["firstDivergence"]
        assert first is None or population["node"] != report["populations"][0]["node"] or abs(first["margin"]) < (0.05 if bits == 8 else 0.001)
        print(framework, bits, population["node"], population["spikes"], population["referenceSpikes"], population["differing"], first)


def test_the_reference_counts_the_frameworks_spikes(tmp_path, windows):
    truth = np.load(RECORDED / "truth.npy")
    for framework in CLASSIFIERS:
        counts = np.load(RECORDED / f"{framework}-classifier.counts.npy")
        assert (counts.argmax(axis=1) == truth).mean() > 0.9
