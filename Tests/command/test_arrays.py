"""Logs that are NumPy arrays or raw frames."""

import json
import re
import subprocess

import numpy

from command import BAD_LOG, MODEL, SAMPLE, SNNRT, USAGE, run, sample_windows, saved, summary


def test_numpy_equals_csv(tmp_path):
    values, labels = sample_windows()
    windows = saved(tmp_path / "windows.npy", values)
    rows, expected = summary(MODEL, SAMPLE)
    per_tick = summary(MODEL, windows, "--labels", saved(tmp_path / "ticks.npy", labels))
    for key in ("outputChecksum", "segments", "ticks", "nsAce", "evaluation"):
        assert per_tick[1][key] == expected[key]
    assert [row["logged"] for row in per_tick[0]] == [row["logged"] for row in rows]
    per_window = summary(MODEL, windows, "--labels", saved(tmp_path / "each.npy", labels[:, 0]))
    assert per_window[1]["evaluation"] == expected["evaluation"]
    piped = subprocess.run([SNNRT, "infer", MODEL, "-", "-q"], input=windows.read_bytes(), capture_output=True)
    assert expected["outputChecksum"] in piped.stdout.decode() and b"accuracy" not in piped.stdout
    flat = saved(tmp_path / "flat.npy", values.reshape(-1, 6)[:200].astype("f4"))
    assert summary(MODEL, flat)[1]["segments"] == 1


def test_class_indices_are_labels(tmp_path):
    values, labels = sample_windows()
    expected = summary(MODEL, SAMPLE)[1]["evaluation"]
    indices = numpy.array([expected["classes"].index(name) for name in labels[:, 0]])
    windows = saved(tmp_path / "windows.npy", values)
    assert summary(MODEL, windows, "--labels", saved(tmp_path / "index.npy", indices))[1]["evaluation"] == expected
    indices[2] = -1  # no label
    assert summary(MODEL, windows, "--labels", saved(tmp_path / "index.npy", indices))[1]["evaluation"]["count"] == 30
    for wrong in (7, -2):
        indices[2] = wrong
        done = run("infer", MODEL, windows, "--labels", saved(tmp_path / "index.npy", indices))
        assert done.returncode == BAD_LOG and "10 results" in done.stdout
        assert f"index.npy: [2]: found {wrong}, expected a class index, 0 to 6, or -1 for no label" in done.stderr
        assert "hint: class indices count from 0" in done.stderr
    assert "-1 is none" in " ".join(run("infer", "--help").stdout.split())


def test_raw_equals_csv(tmp_path):
    values, _ = sample_windows()
    counts = numpy.rint(values * 1000).astype("<i2")
    expected = summary(MODEL, SAMPLE)[1]
    array = summary(MODEL, saved(tmp_path / "raw.npy", counts), "--raw")[1]
    assert array["outputChecksum"] == expected["outputChecksum"] and array["nsAce"] == expected["nsAce"]
    frames = tmp_path / "frames.raw"
    frames.write_bytes(counts[0].tobytes())
    first = summary(MODEL, saved(tmp_path / "first.npy", values[0]))[1]
    assert summary(MODEL, frames, "--raw")[1]["outputChecksum"] == first["outputChecksum"]
    frames.write_bytes(counts[0].tobytes() + b"12345")
    done = run("infer", MODEL, frames, "--raw", "--format", "csv")
    assert done.returncode == BAD_LOG and "5 of 12 bytes behind 200 whole frames" in done.stderr
    assert len(done.stdout.splitlines()) == 6  # nothing is lost: a header and five results
    assert "--raw takes them" in run("infer", MODEL, saved(tmp_path / "raw.npy", counts)).stderr
    assert "--raw takes them" not in run("infer", MODEL, tmp_path / "raw.npy", "--raw").stderr
    measured = json.loads(run("budget", MODEL, saved(tmp_path / "raw.npy", counts), "--raw", "--format", "json").stdout)
    assert measured["measured"]["outputChecksum"] == expected["outputChecksum"]


def test_bad_arrays_are_refused_with_their_place(tmp_path):
    values, labels = sample_windows()
    values[3, 17, 4] = numpy.nan
    path = saved(tmp_path / "log.npy", values)
    for arguments, expected in (
        ([path], r"log\.npy: \[3, 17, 4\] \(gyro_y\): found nan"),
        ([saved(tmp_path / "a.npy", values[:, :, :5])], r"shape \(7, 200, 5\), expected .*accel_x, accel_y.*gyro_z"),
        ([saved(tmp_path / "b.npy", numpy.asfortranarray(values))], "Fortran order"),
        ([saved(tmp_path / "c.npy", numpy.ones((5, 6), ">f4"))], "astype"),
        ([saved(tmp_path / "d.npy", numpy.array([{}]))], r"elements of type '\|O'"),
        ([path, "--raw"], "holds float64, expected integers"),
        ([path, "--labels", saved(tmp_path / "e.npy", labels[:6, 0])], r"shape \(6,\), expected \(7,\), one per window"),
    ):
        done = run("infer", MODEL, *arguments)
        assert done.returncode == BAD_LOG and re.search(expected, done.stderr), done.stderr
    done = run("infer", MODEL, path, "--skip-bad-rows")
    assert done.returncode == 0 and "1,399 ticks" in done.stdout and "the first at [3, 17]" in done.stderr
    good = saved(tmp_path / "good.npy", sample_windows()[0])
    for arguments in (["--map", "accel_x=x"], ["--map", "label=x"], ["--time-unit", "ms"]):
        done = run("infer", MODEL, good, *arguments)
        assert done.returncode == BAD_LOG and "is a NumPy array, which has no columns" in done.stderr
    assert run("infer", MODEL, path, path, "--labels", path).returncode == USAGE
