"""How compile makes results of what a network shows and its own numbers of samples, on networks of Tests/fixtures/nir."""

import json
from pathlib import Path

import numpy as np
import pytest

from command import USAGE, run

NETWORKS = Path(__file__).resolve().parents[1] / "fixtures/nir"
# Ticks of an LMU that another program ran: three values that enter, three that come out.
TICKS = np.load(NETWORKS / "lmu.npy")
FRAMES, OUTPUTS = TICKS[:, :3], TICKS[:, 3:]
LMU = ("--rate", "20", "--count", "1/4096", "--weights", "16", "--dialect", "norse", "--dt", "1")
REFUSED = 65


def results(tmp_path, *options, frames=FRAMES):
    """Rows of `snnrt infer --format jsonl` on the LMU's frames."""
    model, log = tmp_path / "lmu.snn", tmp_path / "frames.npy"
    done = run("compile", NETWORKS / "lmu.nir", "-o", model, *LMU, *options)
    assert done.returncode == 0, done.stderr
    np.save(log, frames)
    done = run("infer", model, log, "--format", "jsonl", "-q")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()][:-1]


def scaled(rows):
    return np.array([row["scaledScores"] for row in rows])


@pytest.mark.parametrize("rule, expected", [
    (None, OUTPUTS[15]), ("last", OUTPUTS[15]), ("sum", OUTPUTS[:16].sum(0)), ("mean", OUTPUTS[:16].mean(0)), ("max", OUTPUTS[:16].max(0)),
    ("leaky:4", (np.exp(-np.arange(15, -1, -1) / 4)[:, None] * OUTPUTS[:16]).sum(0))])
def test_rules(tmp_path, rule, expected):
    """A sum with a bias, which is the network's output, is read at the last tick unless another rule is asked for."""
    rows = results(tmp_path, "--window", "16", *(("--readout", rule) if rule else ()))
    assert len(rows) == 3
    assert np.abs(scaled(rows)[0] - expected).max() < 0.01 * np.abs(expected).max()


def test_windows_overlap(tmp_path):
    rows = results(tmp_path, "--window", "16", "--hop", "4", "--keep-state", "--readout", "sum")
    expected = np.array([OUTPUTS[end - 16:end].sum(0) for end in range(16, 49, 4)])
    assert np.abs(scaled(rows) - expected).max() < 0.01 * np.abs(expected).max()


def test_evidence(tmp_path):
    rows = results(tmp_path, "--window", "8", "--keep-state", "--evidence", "3")
    ends = OUTPUTS[7::8]
    expected = ends[:-2] + ends[1:-1] + ends[2:]
    assert len(rows) == 4 and np.abs(scaled(rows) - expected).max() < 0.01 * np.abs(expected).max()


def test_scores_are_numbers(tmp_path):
    rows = results(tmp_path, "--window", "16", "--score-unit", "m/s")
    model, log = tmp_path / "lmu.snn", tmp_path / "frames.npy"
    report = json.loads(run("inspect", model, "--format", "json").stdout)
    assert report["scoreUnit"] == "m/s" and f"scores.scale: {report['scoreScale']}" in report["metadata"]
    assert f"one count of a score is {report['scoreScale']} m/s" in run("inspect", model).stdout
    assert np.allclose(scaled(rows), np.array([row["scores"] for row in rows]) * report["scoreScale"])
    for options, form, names in (((), lambda row: [f"{value:.6f}" for value in row["scaledScores"]], ("csv", "table")),
                                 (("--raw-scores",), lambda row: [str(score) for score in row["scores"]], ("csv", "table"))):
        for name in names:
            lines = run("infer", model, log, "--format", name, "-q", *options).stdout.splitlines()
            assert [line.replace(",", " ").split()[-3:] for line in lines[1:4]] == [form(row) for row in rows]


def test_channels_have_their_own_units_counts_and_normalization(tmp_path):
    np.save(tmp_path / "mean.npy", np.array([1.0, -0.5, 2.0]))
    np.save(tmp_path / "deviation.npy", np.array([4.0, 0.5, 4.0], np.float32))
    model = tmp_path / "model.snn"
    done = run("compile", NETWORKS / "three_axes.nir", "-o", model, "--window", "4", "--rate", "20", "--dialect", "norse", "--dt", "1",
               "--channels", "accel_x,gyro_x,accel_z", "--unit", "m/s^2,rad/s,m/s^2", "--count", "1/1000,1/1000,1/1000",
               "--count", "gyro_x=1/500", "--normalize", f"{tmp_path}/mean.npy,{tmp_path}/deviation.npy", "--classes", "up,low")
    assert done.returncode == 0, done.stderr
    report = json.loads(run("inspect", model, "--format", "json").stdout)
    assert [(channel["unit"], channel["unitsPerCount"]) for channel in report["channels"]] == [
        ("m/s^2", 0.001), ("rad/s", 0.002), ("m/s^2", 0.001)]
    assert {"input.mean: 1.0 -0.5 2.0", "input.deviation: 4.0 0.5 4.0"} <= set(report["metadata"])
    # Its first class fires where the third value is above 5: z above 22; the second where 10 less it is, below 22.
    log = tmp_path / "log.csv"
    rows = "".join(f"{0.05 * i},0,9.7,{z}\n" for i, z in enumerate([21.9] * 4 + [22.1] * 4))
    log.write_text("time_s,accel_x [m/s^2],gyro_x [deg/s],accel_z [m/s^2]\n" + rows)
    done = run("infer", model, log, "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["label"] for line in done.stdout.splitlines()[:-1]] == ["low", "up"]
    # The reference is given the same.
    verified = run("verify", model, NETWORKS / "three_axes.nir", log, "--format", "json", "-q", "--min-agreement", "100")
    assert verified.returncode == 0 and json.loads(verified.stdout)["labelAgreement"] == 1


def test_what_is_kept_of_a_slow_leak_is_said(tmp_path):
    """By hand: e^(-1/5000) is 32761.4 steps of 2^-15, and -1/log(32761/32768) is 4680.6."""
    common = ("compile", NETWORKS / "lmu.nir", "-o", tmp_path / "m.snn", "--window", "16", *LMU, "--readout")
    assert "leaks as leaky:4681 does" in run(*common, "leaky:5000").stderr
    assert "leaks as" not in run(*common, "leaky:40").stderr


def test_normalization_by_an_archive_of_one(tmp_path):
    np.savez(tmp_path / "one.npz", mean=np.array([1.0, -0.5, 2.0]))
    np.savez(tmp_path / "two.npz", mean=np.zeros(3), std=np.ones(3))
    np.savez(tmp_path / "none.npz")
    common = ("compile", NETWORKS / "lmu.nir", "-o", tmp_path / "m.snn", "--window", "16", *LMU, "--normalize")
    assert run(*common, f"{tmp_path}/one.npz,4").returncode == 0
    for name, count in (("two", "2 arrays"), ("none", "0 arrays")):
        done = run(*common, f"{tmp_path}/{name}.npz,4")
        assert done.returncode == USAGE and f"{name}.npz holds {count}, expected one" in done.stderr, done.stderr


@pytest.mark.parametrize("network, options, code, words", [
    ("lmu", ("--readout", "median"), USAGE, "--readout median: expected sum, mean, max, last, leaky:TICKS, spikes or membrane"),
    ("lmu", ("--readout", "spikes"), REFUSED, "output: shows no spikes to count"),
    ("lmu", ("--readout", "membrane"), REFUSED, "output: shows a sum and no neurons with membranes"),
    ("lmu", ("--hop", "4"), REFUSED, "give --keep-state"),
    ("lmu", ("--hop", "3", "--keep-state", "--readout", "sum"), REFUSED, "one that divides the window of 16"),
    ("lmu", ("--evidence", "1"), USAGE, "--evidence 1: expected a number of windows from 2, or leaky:WINDOWS"),
    ("lmu", ("--count", "1/2,1/4"), USAGE, "--count: gives 2 values, where the input is [3]"),
    ("lmu", ("--count", "x=1/2"), USAGE, "there is no channel \"x\"; channels are 0, 1, 2"),
    ("lmu", ("--unit", "g,g"), USAGE, "--unit: gives 2 values, where the input is [3]"),
    ("lmu", ("--normalize", "1"), USAGE, "--normalize 1: expected mean,deviation"),
    ("lmu", ("--normalize", "1,none.npy"), USAGE, "--normalize: none.npy"),
    ("lmu", ("--normalize", "1,0"), REFUSED, "channel 0 is normalized by a mean of 1.0 and a deviation of 0.0"),
    ("lmu", ("--readout", "leaky:100000"), REFUSED, "readout leaky:100000.0: a decay in steps of 2^-15 has no leak as slow"),
    ("lmu", ("--evidence", "leaky:100000", "--keep-state"), REFUSED, "evidence leaky:100000.0: a decay"),
    ("three_axes", ("--readout", "membrane"), REFUSED, "threshold: its membranes cannot be read out")])
def test_refusals(tmp_path, network, options, code, words):
    done = run("compile", NETWORKS / f"{network}.nir", "-o", tmp_path / "model.snn", "--window", "16", "--rate", "20", "--dialect", "norse",
               "--dt", "1", *options)
    assert done.returncode == code and words in done.stderr, done.stderr
    assert not (tmp_path / "model.snn").exists()
