"""What compile, verify and infer say of logs and networks that do not belong together."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from command import ROOT, run

RECORDED = ROOT / "Tests/peers/recorded"
NETWORKS = ROOT / "Tests/fixtures/nir"
NETWORK = RECORDED / "snntorch-classifier.nir"
ODD = Path(os.environ.get("SNNRT_SHARED", ROOT.parent / "shared")) / "models/nir-odd"
WINDOWS = 64


@pytest.fixture
def windows():
    return np.load(RECORDED / "windows.npy")[:WINDOWS].astype(np.float32)


def compiled(folder, *arguments):
    model = folder / "model.snn"
    done = run("compile", NETWORK, "-o", model, "--dialect", "snntorch-export", "--window", "50", "--rate", "20", "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    return model, json.loads(done.stdout), done.stderr


@pytest.mark.parametrize("bits", [3, 20])
def test_a_count_is_chosen_for_fractions_of_any_size(tmp_path, windows, bits):
    np.save(tmp_path / "x.npy", windows * 2.0**-bits)
    _, report, _ = compiled(tmp_path, "--calibrate", tmp_path / "x.npy")
    assert report["count"] == f"1/{2**bits}"


def test_a_log_that_counts_are_too_coarse_for_is_in_doubt(tmp_path, windows):
    log = tmp_path / "x.npy"
    np.save(log, windows / 8)
    model, _, _ = compiled(tmp_path)
    for arguments in (["infer", model, log, "-q"], ["verify", model, NETWORK, log, "--min-agreement", "0"]):
        done = run(*arguments)
        assert done.returncode == 0 and "rounding to the model's counts of 1 takes" in done.stderr, done.stderr
    assert run("infer", model, log, "--strict").returncode == 66
    _, _, said = compiled(tmp_path, "--calibrate", log, "--count", "1")
    assert "rounding to the model's counts of 1 takes" in said
    # Whole values lose nothing, nor do fractions with a count that was chosen by them.
    np.save(log, windows)
    assert "rounding" not in run("infer", model, log).stderr
    np.save(log, windows / 8)
    model, _, said = compiled(tmp_path, "--calibrate", log)
    assert "rounding" not in said and "rounding" not in run("infer", model, log).stderr


def test_means_of_the_normalization_hide_no_rounding(tmp_path, windows):
    log = tmp_path / "x.npy"
    np.save(log, windows / 8 + 1000)
    model, _, said = compiled(tmp_path, "--calibrate", log, "--count", "1", "--normalize", "1000,1")
    assert "rounding to the model's counts of 1 takes" in said


def test_nothing_compared_is_no_agreement(tmp_path, windows):
    model, _, _ = compiled(tmp_path)
    np.save(tmp_path / "short.npy", windows[0, :49])
    done = run("verify", model, NETWORK, tmp_path / "short.npy")
    assert done.returncode == 66 and "gave no result, so that nothing was compared" in done.stderr, done.stderr


def test_a_step_is_no_rate_of_a_sensor(tmp_path):
    done = run("compile", NETWORK, "-o", tmp_path / "m.snn", "--dialect", "snntorch-export", "--window", "50", "--dt", "1e-4")
    assert done.returncode == 0 and "nobody gave the rate of the sensor: 10000 ticks a second" in done.stderr, done.stderr


def test_silence_is_no_matter_of_thresholds(tmp_path):
    np.save(tmp_path / "x.npy", np.zeros((4, 9, 4), np.int16))
    done = run("compile", NETWORKS / "clamped.nir", "-o", tmp_path / "m.snn", "--dialect", "snntorch", "--window", "9", "--calibrate", tmp_path / "x.npy",
               "--raw")
    assert done.returncode == 0 and "lif: no membrane ever rises on these windows" in done.stderr and "thresholds are" not in done.stderr, done.stderr


@pytest.mark.skipif(not ODD.exists(), reason=f"SKIPPED: needs {ODD} (set SNNRT_SHARED)")
@pytest.mark.parametrize("name, words", [
    ("b07_unconnected", "left out: no Input reaches it"), ("b09_two_inputs", "a frame holds the Inputs one behind the other: acc, gyr")])
def test_what_of_a_graph_is_run(tmp_path, name, words):
    done = run("compile", ODD / f"{name}.nir", "-o", tmp_path / "m.snn", "--dialect", "snntorch-export", "--window", "9")
    assert done.returncode == 0 and words in done.stdout + done.stderr, done.stderr
