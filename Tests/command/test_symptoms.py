"""What compile, verify and infer say of logs and networks that do not belong together."""

import json
from pathlib import Path

import numpy as np
import pytest

from command import run

RECORDED = Path(__file__).resolve().parents[1] / "peers/recorded"
NETWORK = RECORDED / "snntorch-classifier.nir"
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
