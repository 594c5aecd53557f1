"""Dates and clocks as people write them, clocks that repeat themselves, and times that go back."""

import csv
import math
import os
import random
import sys
import tarfile
from datetime import datetime, timedelta
from pathlib import Path

import numpy
import pytest

from command import BAD_LOG, CHANNELS, HEADER, MODEL, ROOT, USAGE, log, rows, run, saved, summary, with_times

sys.path.insert(0, str(ROOT / "Tests/oracle"))
import clocks  # noqa: E402
import sampling  # noqa: E402

SHARED = Path(os.environ.get("SNNRT_SHARED", ROOT / "../shared")) / "logs"
DATA = SHARED.parent / "data"
needs_logs = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no {SHARED}: SNNRT_SHARED names the folder that holds logs/")
WHOLE = "0x75c66d56"
START = datetime(2024, 11, 12, 23, 59, 58)


@pytest.fixture
def expected(tmp_path):
    return summary(MODEL, log(tmp_path, HEADER + rows(90), "expected.csv"))[1]["outputChecksum"]


def moment(form, i):
    return (START + timedelta(milliseconds=50 * i)).strftime(form)


@pytest.mark.parametrize("form", [
    "%d/%m/%Y %H:%M:%S.%f", "%m/%d/%Y %I:%M:%S.%f %p", "%d.%m.%Y %H:%M:%S.%f", "%d-%m-%YT%H:%M:%S.%f", "%Y/%m/%d %H:%M:%S.%f",
    "%d-%b-%Y %H:%M:%S.%f"])
def test_dates_that_the_log_settles(tmp_path, expected, form):
    """The log passes from the 12th to the 13th of November."""
    results, total = summary(MODEL, log(tmp_path, with_times(["timestamp"], lambda i: [moment(form, i)])))
    assert total["outputChecksum"] == expected
    assert results[0]["start"] == (START - datetime(1970, 1, 1)).total_seconds()


@pytest.mark.parametrize("command", ["infer", "budget"])
def test_dates_that_could_be_two(tmp_path, expected, command):
    path = log(tmp_path, with_times(["time"], lambda i: ["11/12/2024 17:41:0%.3f" % (0.05 * i)]))
    done = run(command, MODEL, path)
    assert done.returncode == BAD_LOG and "11 December or 12 November" in done.stderr and "--time-format dd/mm/yyyy" in done.stderr
    assert run(command, MODEL, path, "--time-format", "yesterday").returncode == USAGE
    assert run(command, MODEL, path, "--time-format", "mm/dd/yyyy").returncode == 0
    if command == "infer":
        day, month = [summary(MODEL, path, "--time-format", form) for form in ("dd/mm/yyyy", "mm/dd/yyyy hh:mm:ss")]
        assert day[1]["outputChecksum"] == month[1]["outputChecksum"] == expected
        assert day[0][0]["start"] - month[0][0]["start"] == 29 * 86400
        assert summary(MODEL, path, "--log-rate", "20")[1]["outputChecksum"] == expected


@pytest.mark.parametrize("names, forms", [
    (["dd/mm/yyyy", "hh:mm:ss.ms"], ["%d/%m/%Y", "%H:%M:%S.%f"]), (["date", "time"], ["%Y-%m-%d", "%H:%M:%S.%f"]),
    (["Date", "Clock"], ["%m/%d/%Y", "%I:%M:%S.%f %p"]), (["clock"], ["%H:%M:%S.%f"]), (["Time"], ["%M:%S.%f"])])
def test_clocks_with_and_without_dates(tmp_path, expected, names, forms):
    path = log(tmp_path, with_times(names, lambda i: [moment(form, i) for form in forms]))
    assert summary(MODEL, path)[1]["outputChecksum"] == expected
    said = run("infer", MODEL, path).stderr
    assert ("together are the time" in said) == (len(names) == 2)
    assert ("its times go on" in said) == (len(names) == 1)


@pytest.mark.parametrize("per_stamp, unit", [(20, 1), (10, 0.5), (2, 0.1)])
def test_rows_that_share_a_stamp_are_spread(tmp_path, expected, per_stamp, unit):
    path = log(tmp_path, with_times(["timestamp"], lambda i: [f"{1516541201 + i // per_stamp * unit:.1f}"]))
    assert summary(MODEL, path)[1]["outputChecksum"] == expected
    assert "rows have the time of the row before: such rows are spread evenly" in run("infer", MODEL, path).stderr


def test_a_millisecond_clock_loses_no_row(tmp_path):
    """At 104 Hz, with stamps that repeat themselves now and then."""
    stamps = [1657630877310 + round((i - (i % 40 == 7)) * 9.59) for i in range(800)]
    path = log(tmp_path, with_times(["timestamp"], lambda i: [str(stamps[i])], count=800))
    repeated = sum(a == b for a, b in zip(stamps, stamps[1:]))
    assert repeated > 5 and min(b - a for a, b in zip(stamps, stamps[1:])) == 0
    done = run("infer", MODEL, path)
    assert done.returncode == 0 and f"{repeated} rows have the time of the row before" in done.stderr
    assert "resampled 104.3 Hz" in done.stderr and "dropped 0" not in done.stderr and "dropped 1" not in done.stderr


def test_all_rows_on_one_stamp(tmp_path, expected):
    path = log(tmp_path, with_times(["timestamp"], lambda i: ["1516541201"]))
    done = run("infer", MODEL, path)
    assert done.returncode == BAD_LOG and "the first 90 rows have the same time" in done.stderr and "--log-rate" in done.stderr
    assert summary(MODEL, path, "--log-rate", "20")[1]["outputChecksum"] == expected


def test_sessions_behind_each_other(tmp_path):
    text = HEADER + rows(90) + rows(90) + rows(90, start=100) + rows(50)
    done = run("infer", MODEL, log(tmp_path, text), "--skip-bad-rows")
    assert done.returncode == 0 and "320 ticks in 4 segments" in done.stdout and "dropped" not in done.stderr
    assert "time goes back 2 times, by 4.45 … 104.5 s: restart at each, the first before line 92" in done.stderr
    assert "gap of 95.55 s before line 182: restart" in done.stderr


@pytest.mark.parametrize("options", [[], ["--skip-bad-rows"]])
def test_one_damaged_time_loses_one_row(tmp_path, options):
    lines = rows(180).splitlines(keepends=True)
    lines[80] = "9" + lines[80]
    done = run("infer", MODEL, log(tmp_path, HEADER + "".join(lines)), *options)
    assert done.returncode == 0 and "180 ticks in 3 segments" in done.stdout and "4 results" in done.stdout


@needs_logs
@pytest.mark.parametrize("name", ["a04_excel_minutes.csv", "a04_iso.csv", "a07_concat.csv", "a19_seconds.csv"])
def test_cases(tmp_path, name):
    base = (SHARED / "a00_base.csv").read_text().splitlines(keepends=True)
    count = len((SHARED / name).read_text().splitlines())
    right = summary(MODEL, log(tmp_path, "".join(base[:count])))[1]
    assert right["results"] == (10 if count > 201 else 5) and (right["outputChecksum"] == WHOLE) == (count > 201)
    assert summary(MODEL, SHARED / name)[1]["outputChecksum"] == right["outputChecksum"]


@needs_logs
def test_devices_behind_each_other(tmp_path):
    """Of the two devices each gives what it gives alone."""
    head, *body = (SHARED / "a07_hhar_blocks.csv").read_text().splitlines(keepends=True)
    still = head.replace(",x,y,z,", ",gyro_x,gyro_y,gyro_z,").rstrip() + ",accel_x,accel_y,accel_z\n"
    lines = [line.rstrip() + ",0.5,0.5,9.8\n" for line in body]
    both = summary(MODEL, log(tmp_path, still + "".join(lines)))
    alone = [summary(MODEL, log(tmp_path, still + "".join(part), f"{i}.csv")) for i, part in enumerate((lines[:400], lines[400:]))]
    assert [row["scores"] for row in both[0]] == [row["scores"] for part in alone for row in part[0]]
    assert both[1]["results"] > 10
    said = run("infer", MODEL, log(tmp_path, still + "".join(lines))).stderr
    assert 'rows with the same "User" and "Device" are a session of their own' in said
    other = run("infer", MODEL, log(tmp_path, still.replace("User", "u").replace("Device", "d") + "".join(lines)))
    assert "time goes back" in other.stderr


@pytest.mark.parametrize("seed", range(12))
def test_stamps_become_what_the_oracle_makes_of_them(tmp_path, seed):
    """Random clocks: the ticks that the document asks for, given as arrays of raw samples, a log for each segment."""
    dice = random.Random(seed)
    unit = dice.choice([1.0, 0.5, 0.125, 0.0625, 0.001])
    period = dice.choice([0.05, 0.05, 0.051, 0.03, 0.0096])
    time, stamps = 1516541201.3, []
    for _ in range(1500):
        stamps.append(math.floor(time / unit) * unit)
        time += period * dice.uniform(0.7, 1.3)
        if dice.random() < 0.004:
            time += dice.choice([0.3, 5.0, 40.0, -20.0])
    values = [[dice.uniform(-20, 20) for _ in CHANNELS] for _ in stamps]
    text = ",".join(["time_s", *CHANNELS]) + "\n" + "".join(
        ",".join(map(repr, [stamp, *row])) + "\n" for stamp, row in zip(stamps, values))
    arrays, at, ticks = [], 0, 0
    for number, (times, bridged, shares) in enumerate(clocks.segments_of(stamps, 0.05)):
        rows_here = list(zip(times, values[at:at + len(times)]))
        frames = sampling.segment_frames(rows_here, (20, 1), clocks.interval_of(times, bridged, shares), 6 * [(1, 1000)], bridged)
        flat = numpy.array([frame for due in frames for frame in due], dtype="<i2")
        arrays.append(saved(tmp_path / f"{number:03}.npy", flat))
        at += len(times)
        ticks += len(flat)
    got, wanted = summary(MODEL, log(tmp_path, text))[1], summary(MODEL, *arrays, "--raw")[1]
    assert got["ticks"] == wanted["ticks"] == ticks and len(arrays) > 1
    assert got["outputChecksum"] == wanted["outputChecksum"] and got["results"] > 2


@pytest.mark.skipif(not (DATA / "sp-sw-har-watch.tar.xz").exists(), reason=f"no sp-sw-har-watch.tar.xz in {DATA}")
def test_every_watch_log_is_read_whole(tmp_path):
    """Whole milliseconds at 104 Hz, some of them twice: no row is lost, and the rate is that of all rows."""
    with tarfile.open(DATA / "sp-sw-har-watch.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    logs = sorted(tmp_path.glob("sp-sw-har/watch/*.csv"))
    maps = [part for name in CHANNELS for part in ("--map", f"{name}={name[-1]}_{name[:-2].replace('accel', 'acc')}")]
    total = summary(MODEL, *logs, *maps)[1]
    assert len(logs) == 183 and all(each["status"] == "read" and each["segments"] == 1 for each in total["perLog"])
    for path, each in zip(logs, total["perLog"]):
        stamps = [int(row["timestamp"]) for row in csv.DictReader(path.open())]
        assert each["ticks"] == math.floor((stamps[-1] - stamps[0]) / 50) + 1
    notes = run("infer", MODEL, *logs, *maps, "--format", "csv").stderr
    assert "dropped" not in notes.split(" ticks in ")[0] and notes.count("the time of the row before") == 183


def test_a_short_gap_is_bridged_where_the_model_allows_it(tmp_path):
    """wisdm-stream allows half a second; wisdm-small says nothing of it."""
    stream = ROOT / "models/wisdm-stream/wisdm-stream-w8.snn"
    lines = rows(200).splitlines(keepends=True)
    path = log(tmp_path, HEADER + "".join(lines[:100] + lines[107:]))
    done = run("infer", stream, path)
    assert done.returncode == 0 and "gap of 0.4 s before line 102: bridged by interpolation" in done.stderr
    assert "200 ticks in 1 segment" in done.stdout
    assert "gap of 0.4 s before line 102: restart" in run("infer", MODEL, path).stderr
    longer = run("infer", stream, log(tmp_path, HEADER + "".join(lines[:100] + lines[111:]), "longer.csv"))
    assert "gap of 0.6 s before line 102: restart" in longer.stderr
