"""Logs in other units than they were taken for, worn the other way round, or dead: noticed, and right once the hints are
followed."""

import csv
import json
import math
import os
import re
import shlex
import sys
from pathlib import Path

import numpy
import pytest

from command import BAD_LOG, HEADER, MODEL, ROOT, SAMPLE, log, run, saved, summary

sys.path.insert(0, str(ROOT / "models"))
from snnrt.profile import profile_lines, profiled  # noqa: E402

SHARED = Path(os.environ.get("SNNRT_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "logs"
STANDARD_GRAVITY, DEGREES = 9.80665, 180 / math.pi


def sample(accel=1.0, gyro=1.0, whole=False, signs=(1,) * 6, count=400):
    """The sample log with its values times a factor."""
    lines = [HEADER.strip() + ",label"]
    for row in list(csv.reader(SAMPLE.open()))[1:count + 1]:
        values = [float(cell) * sign * (accel if i < 3 else gyro) for i, (cell, sign) in enumerate(zip(row[1:7], signs))]
        lines.append(",".join([row[0], *(str(round(v)) if whole else repr(v) for v in values), row[7]]))
    return "\n".join(lines) + "\n"


def doubts(done):
    return [line for line in done.stderr.splitlines() if line.startswith("warning: ")]


def hints(done):
    """The options that the doubts name."""
    return [word for line in doubts(done) for pair in re.findall(r"--(?:unit|scale) \S+", line) for word in shlex.split(pair)]


def labels(path, *options):
    return [row["label"] for row in summary(MODEL, path, *options)[0]]


@pytest.mark.parametrize("accel, gyro, whole, expected", [
    (1 / STANDARD_GRAVITY, 1, False, ["accel=g"]),
    (1, DEGREES, False, ["gyro=deg/s"]),
    (1 / STANDARD_GRAVITY, DEGREES, False, ["accel=g", "gyro=deg/s"]),
    (1000 / STANDARD_GRAVITY, 1000 * DEGREES, True, ["accel=mg", "gyro=mdeg/s"]),
    (1000, 1, False, ["accel=mm/s^2"]),
    (4096 / STANDARD_GRAVITY, DEGREES, False, []),
])
def test_hints_are_right_when_followed(tmp_path, accel, gyro, whole, expected):
    path = log(tmp_path, sample(accel, gyro, whole))
    done = run("infer", MODEL, path)
    assert done.returncode == 0 and doubts(done)
    if not expected:  # No unit, and no counts either: nothing is advised.
        assert "that is gravity in no unit that is known" in done.stderr and "gyro=deg/s" in done.stderr
        return
    assert [word for word in hints(done) if not word.startswith("--")] == expected, done.stderr
    assert labels(path, *hints(done)) == labels(log(tmp_path, sample(), "right.csv"))
    assert doubts(run("infer", MODEL, path, *hints(done))) == []
    # Before any result, on the way of a reader who sees both.
    refused = run("infer", MODEL, path, "--strict")
    assert refused.returncode == BAD_LOG and refused.stdout == "" and "without --strict such doubts are warnings" in refused.stderr


def test_counts_of_an_accelerometer(tmp_path):
    rows = [line.split(",") for line in sample().splitlines()]
    text = ",".join(rows[0]) + "\n" + "".join(
        ",".join([row[0], *(str(round(float(c) / STANDARD_GRAVITY * 64)) for c in row[1:4]), *row[4:]]) + "\n" for row in rows[1:])
    path = log(tmp_path, text)
    done = run("infer", MODEL, path)
    assert hints(done) == ["--scale", "accel=1/64", "--unit", "accel=g"], done.stderr
    right = labels(log(tmp_path, sample(), "right.csv"))
    assert sum(a == b for a, b in zip(labels(path, *hints(done)), right)) >= len(right) - 1
    assert doubts(run("infer", MODEL, path, *hints(done))) == []


@pytest.mark.parametrize("path", [SAMPLE, pytest.param(SHARED / "a00_base.csv", marks=pytest.mark.skipif(
    not SHARED.exists(), reason=f"{SHARED} is not there: SNNRT_SHARED names its folder"))])
def test_logs_as_they_should_be_raise_no_doubt(path):
    done = run("infer", MODEL, path, "--strict")
    assert done.returncode == 0 and doubts(done) == []
    assert summary(MODEL, path)[1]["doubts"] == []


@pytest.mark.skipif(not SHARED.exists(), reason=f"{SHARED} is not there: SNNRT_SHARED names its folder")
@pytest.mark.parametrize("name, expected", [
    ("a02_quiet_g.csv", ["accel=g", "gyro=deg/s"]), ("a02_g_named.csv", ["accel=g", "gyro=deg/s"])])
def test_shared_logs_in_g(name, expected):
    done = run("infer", MODEL, SHARED / name)
    assert [word for word in hints(done) if not word.startswith("--")] == expected
    followed = run("infer", MODEL, SHARED / name, *hints(done))
    assert doubts(followed) == []
    if name == "a02_g_named.csv":
        assert labels(SHARED / name, *hints(done)) == labels(SHARED / "a00_base.csv")


def test_a_watch_worn_the_other_way_round(tmp_path):
    path = log(tmp_path, sample(signs=(-1, -1, 1, -1, -1, 1), count=1400))
    done = run("infer", MODEL, path)
    assert len(doubts(done)) == 1 and "accel_y: the median is" in done.stderr and "worn the other way round" in done.stderr
    # The model's data tells a direction of y alone: a single axis is never advised to be turned.
    assert hints(done) == []
    turned = [word for name in ("accel_x", "accel_y", "gyro_x", "gyro_y") for word in ("--scale", f"{name}=-1")]
    assert doubts(run("infer", MODEL, path, *turned)) == []
    assert summary(MODEL, path, *turned)[1]["outputChecksum"] == summary(MODEL, SAMPLE)[1]["outputChecksum"]
    # A single activity says too little of how a watch is worn, unless it is clear.
    assert doubts(run("infer", MODEL, SAMPLE)) == []


def test_rows_of_two_devices_by_turns(tmp_path):
    one, other = sample().splitlines(), sample(signs=(1, -1, -1, 1, -1, -1)).splitlines()
    path = log(tmp_path, "\n".join([one[0], *(line for pair in zip(one[1:], other[1:]) for line in pair)]) + "\n")
    done = run("infer", MODEL, path)
    assert len(doubts(done)) == 1 and "neighbouring rows differ as if of two devices" in done.stderr and hints(done) == []
    assert run("infer", MODEL, path, "--strict").returncode == BAD_LOG


def test_a_dead_sensor(tmp_path):
    done = run("infer", MODEL, log(tmp_path, sample(gyro=0)))
    assert re.search(r"warning: .*gyro_x, gyro_y, gyro_z: 0 in every one of 400 rows: is the sensor dead", done.stderr)


def test_arrays_and_raw_samples_are_looked_at(tmp_path):
    values = numpy.array([line.split(",")[1:7] for line in sample().splitlines()[1:]], float).reshape(-1, 40, 6)
    assert doubts(run("infer", MODEL, saved(tmp_path / "right.npy", values))) == []
    values[..., :3] /= STANDARD_GRAVITY
    assert hints(run("infer", MODEL, saved(tmp_path / "g.npy", values))) == ["--unit", "accel=g"]
    raw = tmp_path / "frames.bin"
    raw.write_bytes((values.reshape(-1, 6) * 1000).round().astype("<i2").tobytes())
    done = run("infer", MODEL, raw, "--raw")
    assert "are the samples in the model's counts?" in done.stderr and hints(done) == []


def test_strict_refuses_one_log_of_several(tmp_path):
    wrong, right = log(tmp_path, sample(accel=1 / STANDARD_GRAVITY), "wrong.csv"), log(tmp_path, sample(), "right.csv")
    for jobs in ("1", "2"):
        done = run("infer", MODEL, wrong, right, "--strict", "--jobs", jobs, "--format", "jsonl")
        assert done.returncode == BAD_LOG and f"snnrt: {wrong}: accel: the median of |a|" in done.stderr
        *results, last = map(json.loads, done.stdout.splitlines())
        assert {row["log"] for row in results} == {str(right)} and len(results) == 10
        first, second = last["summary"]["perLog"]
        assert first["status"] == "refused" and first["results"] == 0 and len(first["doubts"]) == 1
        assert second["status"] == "read" and second["doubts"] == []
    for command in (["budget", MODEL], ["bench", MODEL, "--seconds", "0.01"]):
        done = run(*command, wrong, "--strict")
        assert done.returncode == BAD_LOG and "it looks like g; --unit accel=g" in done.stderr, command
        assert hints(run(*command, wrong)) == ["--unit", "accel=g"]


def test_strict_refuses_at_the_end_what_only_the_end_shows(tmp_path):
    rows = sample().splitlines()
    clamped = "\n".join([rows[0], *(line.replace(line.split(",")[1], "40", 1) if i % 50 == 7 else line
                                    for i, line in enumerate(rows[1:]))]) + "\n"
    path = log(tmp_path, clamped)
    done = run("infer", MODEL, path, "--strict")
    assert done.returncode == BAD_LOG and "accel_x: 8 of 400 samples beyond the model's range" in done.stderr
    assert "400 ticks" in done.stdout
    # One sample of a thousand is said and no doubt.
    few = log(tmp_path, sample(count=1400).replace(sample(count=1).splitlines()[1].split(",")[1], "40", 1), "few.csv")
    done = run("infer", MODEL, few, "--strict")
    assert done.returncode == 0 and "note: " in done.stderr and "was clamped" in done.stderr, done.stderr


def test_a_compiled_model_says_what_its_calibration_log_looked_like(tmp_path):
    generator = numpy.random.default_rng(11)
    windows = (generator.normal(size=(24, 50, 4)) * 0.5 + [0.3, -9.6, 1.5, 4]).round(3)
    model = tmp_path / "model.snn"
    done = run("compile", ROOT / "Tests/fixtures/nir/nested.nir", "-o", model, "--window", "50", "--dialect", "norse", "--dt", "1e-3", "--count", "1/1000",
               "--unit", "m/s^2", "--channels", "accel_x,accel_y,accel_z,jerk", "--calibrate", saved(tmp_path / "x.npy", windows))
    assert done.returncode == 0, done.stderr
    lines = profile_lines(windows, ["accel_x", "accel_y", "accel_z", "jerk"]).splitlines()
    metadata = json.loads(run("inspect", model, "--format", "json").stdout)["metadata"]
    written = [line for line in metadata if line.startswith("data.")]
    assert [line.split(": ")[0] for line in written] == [line.split(": ")[0] for line in lines]
    for one, other in zip(written, lines):
        assert [float(x) for x in one.split()[1:]] == pytest.approx([float(x) for x in other.split()[1:]], rel=1e-3)
    assert doubts(run("infer", model, tmp_path / "x.npy")) == []
    done = run("infer", model, saved(tmp_path / "g.npy", windows / STANDARD_GRAVITY))
    assert hints(done) == ["--unit", "accel=g", "--unit", "jerk=g"] and "where the model's data had " in done.stderr
    # Inputs without a unit of a sensor say nothing.
    done = run("compile", ROOT / "Tests/fixtures/nir/nested.nir", "-o", model, "--window", "50", "--dialect", "norse", "--dt", "1e-3", "--count", "1/1000",
               "--calibrate", tmp_path / "x.npy")
    assert done.returncode == 0 and "data." not in run("inspect", model).stdout


def test_metadata_of_a_file_is_replaced(tmp_path):
    file = MODEL.read_bytes()
    own = "".join(line + "\n" for line in json.loads(run("inspect", MODEL, "--format", "json").stdout)["metadata"]
                  if line.startswith("data."))
    assert profiled(file, own) == file
    path = tmp_path / "model.snn"
    path.write_bytes(profiled(file, "data.channel.accel_x: 5 4 3 2 1\ngap.bridge: soon\ndata.magnitude.accel: 1 1 1 1 1\n"))
    done = run("infer", path, SAMPLE)
    assert done.returncode == 0 and "output CRC-32C " + summary(MODEL, SAMPLE)[1]["outputChecksum"] in done.stdout
    for key in ("data.channel.accel_x", "gap.bridge"):
        assert done.stderr.count(f"the model's metadata has a {key} that cannot be read: it is passed over") == 1
    for wrong in ([], [float("nan")]):
        with pytest.raises(ValueError):
            profile_lines(wrong, ["a"])
