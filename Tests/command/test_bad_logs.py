"""What `snnrt infer` says about logs that cannot be read, and what it makes of their good part."""

import json
import re
import subprocess

import pytest

from command import BAD_LOG, HEADER, MODEL, SAMPLE, SNNRT, log, rows, run, summary


BAD_LOGS = {
    "missing column": ("time_s,accel_x\n0,1\n", r"watch\.csv:1: .*accel_y.*"),
    "text in a number": (HEADER + rows(3) + "0.15,1,2,x9,4,5,6\n", r"watch\.csv:5: column 4 \(accel_z\): found \"x9\", expected a number"),
    "nan": (HEADER + rows(3) + "0.15,1,2,3,NaN,5,6\n", r"watch\.csv:5: column 5 \(gyro_x\): found \"NaN\""),
    "infinite": (HEADER + rows(3) + "0.15,1,2,3,4,inf,6\n", r"watch\.csv:5: column 6 \(gyro_y\)"),
    "empty cell": (HEADER + rows(3) + "0.15,1,,3,4,5,6\n", r"watch\.csv:5: column 3 \(accel_y\)"),
    "missing cells": (HEADER + rows(3) + "0.15,1,2\n", r"watch\.csv:5: "),
    "time going backwards": (HEADER + rows(3) + "0.02,1,2,3,4,5,6\n", r"watch\.csv:5: column 1 \(time_s\): time 0\.02 s does not exceed 0\.1 s of line 4"),
    "empty file": ("", r"watch\.csv: is empty"),
    "header only": (HEADER, r"watch\.csv: has a header and no row"),
    "binary": ("\x00\x01\x02" * 50, r"watch\.csv"),
}


@pytest.mark.parametrize("fault", BAD_LOGS)
def test_bad_log_is_refused_with_its_place(tmp_path, fault):
    text, expected = BAD_LOGS[fault]
    done = run("infer", MODEL, log(tmp_path, text))
    assert done.returncode == BAD_LOG
    assert re.search(r"snnrt: .*" + expected, done.stderr), done.stderr
    if rows(3) in text:  # the rows before the fault count
        assert "3 ticks in 1 segment" in done.stdout and re.search(r"watch\.csv .* refused", done.stdout)
    else:
        assert done.stdout == ""


@pytest.mark.parametrize("header, fault", [
    (HEADER, "9,x,1,1,1,1,1\n"), (HEADER.replace("time_s", "t"), "9,x,1,1,1,1,1\n"), (HEADER, "3.9,1,1")])
def test_what_stands_before_a_refused_row_counts(tmp_path, header, fault):
    before = summary(MODEL, log(tmp_path, header + rows(90), "before.csv"))
    path = log(tmp_path, header + rows(90) + fault)
    done = run("infer", MODEL, path, "--format", "jsonl")
    assert done.returncode == BAD_LOG and "watch.csv:92: column" in done.stderr
    *results, last = map(json.loads, done.stdout.splitlines())
    assert [row["scores"] for row in results] == [row["scores"] for row in before[0]] and len(results) == 2
    assert last["summary"]["outputChecksum"] == before[1]["outputChecksum"]
    assert [(each["status"], each["ticks"]) for each in last["summary"]["perLog"]] == [("refused", 90)]
    assert run("infer", MODEL, path, "--format", "csv").stderr.count("90 ticks") == 1
    measured = run("budget", MODEL, path, "--format", "json")
    assert measured.returncode == BAD_LOG and json.loads(measured.stdout)["measured"]["ticks"] == 90


def test_what_stands_before_a_refused_wisdm_line_counts(tmp_path):
    line = "1600,F,{},0.1,{:.2f},-0.3;\n"
    both = ["".join(line.format(10**12 + i * 50_000_000, i / 9) for i in range(90)) for _ in range(2)]
    first = log(tmp_path, both[0], "data_1600_accel_watch.txt")
    log(tmp_path, both[1] + "1600,F,x\n", "data_1600_gyro_watch.txt")
    done = run("infer", MODEL, first)
    assert done.returncode == BAD_LOG and "gyro_watch.txt:91" in done.stderr and "2 results" in done.stdout


def test_clamped_samples_are_said(tmp_path):
    table = [line.split(",") for line in rows(70).splitlines()]
    for i, row in enumerate(table):
        row[1], row[2] = ("32.7675" if i < 40 else "32.7674"), ("-40" if i == 3 else "-32.7685")
    path = log(tmp_path, HEADER + "".join(",".join(row) + "\n" for row in table))
    done = run("infer", MODEL, path)
    assert done.returncode == 0
    expected = "accel_x, accel_y: 40 and 1 of 70 samples beyond the model's range of ±32.767 m/s^2 were clamped; are the units right?"
    assert f"warning: {path}: {expected}" in done.stderr, done.stderr
    quiet = run("infer", MODEL, path, "-q").stderr
    assert "accel_z" not in done.stderr and "warning: " in quiet and "note: " not in quiet
    assert summary(MODEL, path)[1]["clampedSamples"] == 41 and summary(MODEL, SAMPLE)[1]["clampedSamples"] == 0
    both = summary(MODEL, path, SAMPLE)[1]
    assert both["clampedSamples"] == 41 and [each["clampedSamples"] for each in both["perLog"]] == [41, 0]


def test_bad_rows_can_be_skipped_and_are_counted(tmp_path):
    text = HEADER + rows(50) + "2.5,1,2,oops,4,5,6\n" + rows(40, start=2.55) + "4.4,1,2,3,4,5,6\n"
    done = run("infer", MODEL, log(tmp_path, text), "--skip-bad-rows")
    assert done.returncode == 0
    assert "1 row that could not be read and 1 row whose time does not exceed" in done.stderr
    assert "the first in line 52" in done.stderr
    assert "90 ticks" in done.stdout


def test_a_log_of_which_all_rows_were_dropped(tmp_path):
    done = run("infer", MODEL, log(tmp_path, HEADER + "".join(f"{i},1,2,oops,4,5,6\n" for i in range(3))), "--skip-bad-rows")
    assert done.returncode == BAD_LOG and "all 3 rows were dropped: 3 rows that could not be read, the first in line 2" in done.stderr
    line = "33,N,49105962326000,-7.017,-0.9,3.179;\n"
    for sensor in ("accel", "gyro"):
        path = log(tmp_path, 5 * line, f"data_33_{sensor}_watch.txt")
    done = run("infer", MODEL, path, "--log-format", "wisdm", "--skip-bad-rows")
    assert done.returncode == BAD_LOG and "all 10 rows were dropped" in done.stderr and "header" not in done.stderr


def test_map_is_offered_where_a_column_could_be_mapped(tmp_path):
    done = run("infer", MODEL, log(tmp_path, "nothing but text\nof many lines\n"))
    assert done.returncode == BAD_LOG and "--map" not in done.stderr and "the log has 0 columns of numbers where the model takes 6" in done.stderr
    done = run("infer", MODEL, log(tmp_path, HEADER.replace("accel", "value") + rows(3)))
    assert done.returncode == BAD_LOG and "--map accel_x=COLUMN" in done.stderr
    # A column less than the model has channels: the others may be in another file.
    done = run("infer", MODEL, log(tmp_path, "time_s,accel_x,accel_y,accel_z\n0,1,2,3\n0.05,1,2,3\n"))
    assert done.returncode == BAD_LOG and "--map" not in done.stderr and "joined on time" in done.stderr


def test_one_endless_line_is_refused_early():
    """1 GB without an end of line: refused after the first megabyte, the rest unread."""
    feed = subprocess.Popen(["head", "-c", "1000000000", "/dev/zero"], stdout=subprocess.PIPE)
    letters = subprocess.Popen(["tr", r"\0", "x"], stdin=feed.stdout, stdout=subprocess.PIPE)
    feed.stdout.close()
    done = subprocess.run([SNNRT, "infer", MODEL, "-"], stdin=letters.stdout, capture_output=True, text=True)
    letters.stdout.close()
    letters.wait()
    feed.wait()
    assert done.returncode == BAD_LOG
    assert "standard input:1: no end of line within" in done.stderr
