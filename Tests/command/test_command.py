"""The command as a user meets it: outputs, exit codes, and what it says about bad input.

Runs the debug build of `snnrt` on the shipped model and sample log, and the C example beside it.
"""

import csv
import fcntl
import io
import json
import os
import re
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import numpy
import pytest

ROOT = Path(__file__).resolve().parents[2]
SNNRT = ROOT / ".build/debug/snnrt"
LABEL_CSV = ROOT / "build/c/label_csv"
MODEL = ROOT / "models/wisdm-l2mu/wisdm-l2mu.snn"
SAMPLE = ROOT / "models/wisdm-l2mu/sample.csv"
CHANNELS = ["accel_x", "accel_y", "accel_z", "gyro_x", "gyro_y", "gyro_z"]
USAGE, BAD_MODEL, BAD_LOG, INTERRUPTED = 64, 65, 66, 130


def run(*arguments, stdin=None):
    return subprocess.run([SNNRT, *map(str, arguments)], input=stdin, capture_output=True, text=True)


def summary(*arguments, stdin=None):
    """Rows and summary of `snnrt infer --format jsonl`."""
    done = run("infer", *arguments, "--format", "jsonl", stdin=stdin)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return lines[:-1], lines[-1]["summary"]


def log(tmp_path, text, name="watch.csv"):
    path = tmp_path / name
    path.write_text(text)
    return path


HEADER = "time_s," + ",".join(CHANNELS) + "\n"


def rows(count, period=0.05, start=0.0):
    return "".join(f"{start + i * period:.3f},{i % 7},{-i % 5},9.8,0.1,{0.01 * i:.2f},-0.2\n" for i in range(count))


# ---- infer -------------------------------------------------------------------------------------------


def test_formats_agree():
    table = run("infer", MODEL, SAMPLE)
    as_csv = run("infer", MODEL, SAMPLE, "--format", "csv")
    results, total = summary(MODEL, SAMPLE)
    assert table.returncode == as_csv.returncode == 0
    read = list(csv.DictReader(io.StringIO(as_csv.stdout)))
    assert [row["label"] for row in read] == [row["label"] for row in results]
    assert [row["logged"] for row in read] == [row["logged"] for row in results]
    assert len(results) == total["results"] > 30
    body = [line.split() for line in table.stdout.splitlines() if re.match(r"\s+\d+\s+\d+\.\d{3}\s", line)]
    assert [line[3] for line in body] == [row["label"] for row in results]
    assert total["outputChecksum"] in table.stdout and total["outputChecksum"] in as_csv.stderr
    for first, second in zip(read, results):
        assert [int(v) for k, v in first.items() if k.startswith("score_")] == second["scores"]


def test_evaluation_is_that_of_the_rows():
    results, total = summary(MODEL, SAMPLE)
    evaluation = total["evaluation"]
    right = sum(row["label"] == row["logged"] for row in results)
    assert evaluation["count"] == len(results)
    assert evaluation["accuracy"] == pytest.approx(right / len(results))
    assert sum(map(sum, evaluation["confusion"])) == len(results)
    f1 = []
    for name in evaluation["classes"]:
        true = sum(row["label"] == name == row["logged"] for row in results)
        given = sum(row["label"] == name for row in results)
        logged = sum(row["logged"] == name for row in results)
        f1.append(2 * true / (given + logged) if given + logged else None)
    assert evaluation["f1"] == pytest.approx(f1)
    assert evaluation["macroF1"] == pytest.approx(sum(f1) / len(f1))


def test_gaps_restart_and_are_stated():
    done = run("infer", MODEL, SAMPLE)
    assert done.stderr.count("restart") == 6
    assert "in 7 segments" in done.stdout
    assert run("infer", MODEL, SAMPLE, "--quiet").stderr == ""


def test_standard_input_equals_file():
    assert summary(MODEL, "-", stdin=SAMPLE.read_text())[1]["outputChecksum"] == summary(MODEL, SAMPLE)[1]["outputChecksum"]


def raw_samples(path):
    """A log in counts (format.md section 15), a line per tick, an empty line at each gap."""
    lines, last = [], None
    for cells in list(csv.reader(path.open()))[1:]:
        if last is not None and float(cells[0]) - last > 0.25:
            lines.append("")
        last = float(cells[0])
        lines.append(" ".join(str(max(-32768, min(32767, round(float(cell) * 1000.0 / 1.0)))) for cell in cells[1:7]))
    return "\n".join(lines) + "\n"


def test_c_example_gives_the_same_bits():
    """The whole sample through the C surface."""
    results, total = summary(MODEL, SAMPLE)
    done = subprocess.run([LABEL_CSV, MODEL], input=raw_samples(SAMPLE), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [row["label"] for row in results]
    assert total["outputChecksum"] in done.stderr
    assert f"NS-ACE {total['nsAce']} bits" in done.stderr


def test_c_example_names_a_bad_line():
    done = subprocess.run([LABEL_CSV, MODEL], input="1 2 3 4 5 6\n1 2 3\n", capture_output=True, text=True)
    assert done.returncode == 1 and "line 2: expected 6" in done.stderr


def test_columns_can_be_mapped_and_reordered(tmp_path):
    cells = [line.split(",") for line in SAMPLE.read_text().splitlines()[:201]]
    order = [6, 0, 3, 2, 1, 5, 4]
    names = {"accel_x": "ax", "gyro_z": "gz"}
    header = [names.get(name, name) for name in cells[0]]
    text = "\n".join(";".join(row[i] for i in order) for row in [header] + cells[1:]) + "\n"
    mapped = summary(MODEL, log(tmp_path, text), "--map", "accel_x=ax", "--map", "gyro_z=gz")[1]
    plain = summary(MODEL, log(tmp_path, "\n".join(",".join(row) for row in cells) + "\n", "plain.csv"))[1]
    assert mapped["outputChecksum"] == plain["outputChecksum"]


def test_time_units_are_taken_from_the_name_or_inferred(tmp_path):
    checksums = set()
    for name, factor in [("time_s", 1), ("time_ms", 10**3), ("t_us", 10**6), ("timestamp_ns", 10**9), ("timestamp", 10**3), ("t", 1)]:
        text = ",".join([name] + CHANNELS) + "\n"
        text += "".join(f"{i * 0.05 * factor:.3f}," + ",".join(f"{(i * (c + 1)) % 9}" for c in range(6)) + "\n" for i in range(90))
        done = run("infer", MODEL, log(tmp_path, text))
        assert done.returncode == 0 and "in " in done.stderr
        checksums.add(re.search(r"CRC-32C (0x\w+)", done.stdout)[1])
    assert len(checksums) == 1


def test_other_rates_are_resampled_and_said_so(tmp_path):
    done = run("infer", MODEL, log(tmp_path, HEADER + rows(800, period=0.01)))
    assert done.returncode == 0
    assert "160 ticks" in done.stdout and re.search(r"100.* Hz.*20.* Hz", done.stderr)


def test_wisdm_pair(tmp_path):
    accel, gyro = "", ""
    for i in range(120):
        stamp = 10**12 + i * 50_000_000
        accel += f"1600,F,{stamp},{0.1 * i:.2f},1.5,9.0;\n"
        gyro += f"1600,F,{stamp},0.1,{0.01 * i:.2f},-0.3;\n"
    first = log(tmp_path, accel, "data_1600_accel_watch.txt")
    second = log(tmp_path, gyro, "data_1600_gyro_watch.txt")
    results, both = summary(MODEL, first, second)
    assert len(results) == 3 and {row["logged"] for row in results} == {"typing"}
    assert summary(MODEL, first)[1]["outputChecksum"] == both["outputChecksum"]  # finds its twin


def test_a_reader_that_leaves_ends_it_quietly():
    done = subprocess.run(f"{SNNRT} infer {MODEL} {SAMPLE} {SAMPLE} -q | head -1", shell=True, capture_output=True, text=True)
    assert done.stderr == "" and done.stdout.count("\n") == 1


# ---- bad logs ------------------------------------------------------------------------------------------

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
    for expected in ("accel_x: 40 of 70 samples beyond the model's range of ±32.767 m/s^2 were clamped; are the units right?",
                     "accel_y: 1 of 70 samples beyond the model's range of ±32.767 m/s^2 was clamped"):
        assert f"note: {path}: {expected}" in done.stderr, done.stderr
    assert "accel_z" not in done.stderr and run("infer", MODEL, path, "-q").stderr == ""
    assert summary(MODEL, path)[1]["clampedSamples"] == 41 and summary(MODEL, SAMPLE)[1]["clampedSamples"] == 0
    both = summary(MODEL, path, SAMPLE)[1]
    assert both["clampedSamples"] == 41 and [each["clampedSamples"] for each in both["perLog"]] == [41, 0]


def test_bad_rows_can_be_skipped_and_are_counted(tmp_path):
    text = HEADER + rows(50) + "2.5,1,2,oops,4,5,6\n" + rows(40, start=2.55) + "0,1,2,3,4,5,6\n"
    done = run("infer", MODEL, log(tmp_path, text), "--skip-bad-rows")
    assert done.returncode == 0
    assert "1 row that could not be read and 1 row whose time does not exceed" in done.stderr
    assert "the first in line 52" in done.stderr
    assert "90 ticks" in done.stdout


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


def test_labels_that_the_model_does_not_know_are_said(tmp_path):
    text = HEADER.strip() + ",label\n" + "".join(line + ",juggling\n" for line in rows(80).splitlines())
    done = run("infer", MODEL, log(tmp_path, text))
    assert done.returncode == 0 and '2 results on "juggling"' in done.stdout and "accuracy" not in done.stdout
    assert summary(MODEL, log(tmp_path, text))[1]["evaluation"]["unknown"] == {"juggling": 2}


def test_no_result_is_said(tmp_path):
    path = log(tmp_path, HEADER + rows(10))
    done = run("infer", MODEL, path)
    assert done.returncode == 0 and "no result" in done.stderr
    assert run("infer", MODEL, path, "-q").stderr == ""


# ---- binary logs -----------------------------------------------------------------------------------------


def sample_windows():
    """The sample log as seven stretches of 200 ticks without a gap, and the label of each tick."""
    cells = numpy.array(list(csv.reader(SAMPLE.open()))[1:])
    return cells[:, 1:7].astype(float).reshape(7, 200, 6), cells[:, 7].reshape(7, 200)


def saved(path, array):
    numpy.save(path, array)
    return path


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


# ---- several logs, live, Ctrl-C ------------------------------------------------------------------------


def test_a_refused_log_does_not_stop_the_others(tmp_path):
    bad = log(tmp_path, HEADER + rows(60) + "9,x,1,1,1,1,1\n", "bad.csv")
    arguments = ("infer", MODEL, bad, SAMPLE, tmp_path / "nothing.csv", SAMPLE)
    done = run(*arguments, "--format", "jsonl")
    assert done.returncode == BAD_LOG
    assert done.stderr.count("snnrt: ") == 2 and "bad.csv:62" in done.stderr and "nothing.csv" in done.stderr
    *results, last = map(json.loads, done.stdout.splitlines())
    alone = summary(MODEL, SAMPLE)
    assert [row["scores"] for row in results[1:]] == 2 * [row["scores"] for row in alone[0]]
    assert [row["index"] for row in results] == list(range(71))
    assert [row["log"] for row in results] == [str(bad)] + 70 * [str(SAMPLE)]
    assert last["summary"]["results"] == 71 and "interrupted" not in last["summary"]
    assert [(each["status"], each["results"]) for each in last["summary"]["perLog"]] == [
        ("refused", 1), ("read", 35), ("refused", 0), ("read", 35)]
    assert last["summary"]["perLog"][1]["accuracy"] == alone[1]["evaluation"]["accuracy"]
    assert "bad.csv:62" in last["summary"]["perLog"][0]["error"] and "perLog" not in alone[1]
    table = run(*arguments)
    assert table.stdout.count(f"\nlog {SAMPLE}\n") == 2 and re.search(r"bad\.csv .* refused", table.stdout)
    assert {row["log"] for row in csv.DictReader(io.StringIO(run(*arguments, "--format", "csv").stdout))} == {str(bad), str(SAMPLE)}
    assert "\nlog " not in run("infer", MODEL, SAMPLE).stdout
    assert run("budget", MODEL, bad, SAMPLE).returncode == BAD_LOG


def test_a_log_that_does_not_go_with_the_options_does_not_stop_the_others(tmp_path):
    """Faults met when a log's turn comes are faults of that log."""
    alone = tmp_path / "alone"
    alone.mkdir()
    line = "1600,F,{},0.1,0.2,-0.3;\n"
    accel = log(alone, "".join(line.format(10**12 + i * 50_000_000) for i in range(90)), "data_1600_accel_watch.txt")
    done = run("infer", MODEL, accel, SAMPLE)
    assert done.returncode == BAD_LOG and "also takes the gyroscope" in done.stderr and "35 results" in done.stdout
    values, labels = sample_windows()
    windows, names = saved(tmp_path / "windows.npy", values), saved(tmp_path / "labels.npy", labels)
    done = run("infer", MODEL, SAMPLE, windows, "--labels", names, "--labels", names)
    assert done.returncode == BAD_LOG and "is no NumPy array" in done.stderr and "35 results" in done.stdout
    assert run("infer", MODEL, SAMPLE, "--labels", names).returncode == BAD_LOG
    done = run("infer", MODEL, windows, SAMPLE, "--time-unit", "s")
    assert done.returncode == BAD_LOG and "no columns" in done.stderr and "35 results" in done.stdout


def test_named_pipes_are_opened_in_their_turn(tmp_path):
    pipes = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for pipe in pipes:
        os.mkfifo(pipe)
    process, _ = started("infer", MODEL, *pipes, "--format", "jsonl")
    writer = subprocess.Popen(["sh", "-c", f"cat {SAMPLE} > {pipes[0]}; cat {SAMPLE} > {pipes[1]}"])
    try:
        out, errors = process.communicate(timeout=20)
    finally:
        process.kill()
        writer.kill()
    assert process.returncode == 0, errors
    assert [each["results"] for each in json.loads(out.splitlines()[-1])["summary"]["perLog"]] == [35, 35]


@pytest.mark.parametrize("errors", ["2>&-", "2>/dev/full", "2> >(exec true)"])
def test_standard_error_may_be_gone(tmp_path, errors):
    expected = run("infer", MODEL, SAMPLE)
    command = f"{SNNRT} infer {MODEL} {SAMPLE} {errors}"
    done = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0 and done.stdout == expected.stdout
    bad = f"{SNNRT} infer {MODEL} {log(tmp_path, '')} {errors}"
    assert subprocess.run(["bash", "-c", bad]).returncode == BAD_LOG


def started(*arguments, **options):
    """A run that reads a pipe, and a function that waits for its next line of output."""
    process = subprocess.Popen(
        [SNNRT, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    return process, lambda: process.stdout.readline().decode()


@pytest.mark.parametrize("kind", ["csv", "csv at 100 Hz", "raw", "npy"])
def test_live_results_come_with_their_last_row(tmp_path, kind):
    values = sample_windows()[0][0, :80]
    options = {"csv": [], "csv at 100 Hz": ["--log-rate", "100"], "raw": ["--raw"], "npy": []}[kind]
    process, line = started("infer", MODEL, "-", "--live", "--format", "jsonl", *options)
    per_tick = 1
    if kind.startswith("csv"):
        per_tick = 5 if options else 1
        times = numpy.arange(79 * per_tick + 1) * 0.05 / per_tick
        pieces = [f"{time},{','.join(map(str, values[i // per_tick]))}\n".encode() for i, time in enumerate(times)]
        header = HEADER.encode()
    elif kind == "raw":
        header, pieces = b"", [row.astype("<i2").tobytes() for row in numpy.rint(values * 1000)]
    else:
        whole = saved(tmp_path / "a.npy", values).read_bytes()
        header, pieces = whole[:-values.nbytes], [row.tobytes() for row in values]
    process.stdin.write(header)
    last = 39 * per_tick  # the row on which the window's last tick falls
    for number, part in enumerate([pieces[:last + 1], pieces[last + 1:]]):
        for piece in part:
            process.stdin.write(piece)
            process.stdin.flush()
            time.sleep(0.001)
        assert json.loads(line())["index"] == number  # the pipe is still open
    rest, errors = process.communicate()
    assert process.returncode == 0 and b"not at" not in errors
    assert json.loads(rest)["summary"]["results"] == 2
    if kind.startswith("csv"):
        held = summary(MODEL, log(tmp_path, (header + b"".join(pieces)).decode()))[1]
        assert held["outputChecksum"] == json.loads(rest)["summary"]["outputChecksum"]


@pytest.mark.parametrize("command", ["infer", "budget"])
def test_control_c_ends_a_run_with_what_it_has(command):
    results_format = ["--live", "--format", "jsonl"] if command == "infer" else ["--live", "--format", "json"]
    process, line = started(command, MODEL, "-", *results_format)
    process.stdin.write(SAMPLE.read_bytes())
    process.stdin.flush()
    if command == "infer":
        results = [json.loads(line()) for _ in range(35)]
        assert results[-1]["index"] == 34
    else:
        time.sleep(1)
    process.send_signal(signal.SIGINT)  # it waits for a row
    out, errors = process.communicate(timeout=20)
    assert process.returncode == INTERRUPTED and b"snnrt:" not in errors
    if command == "infer":
        total = json.loads(out)["summary"]
        assert total["outputChecksum"] == summary(MODEL, SAMPLE)[1]["outputChecksum"]
    else:
        total = json.loads(out)["measured"]
    assert total["interrupted"] is True and total["results"] == 35


def test_control_c_within_a_table():
    process, _ = started("infer", MODEL, SAMPLE, "-")
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == INTERRUPTED
    assert b"interrupted: " in out and b"35 results" in out and re.search(rb"standard input .* interrupted", out)


@pytest.mark.parametrize("name", ["time_s", "t"])
def test_control_c_gives_the_segment_that_is_being_held(tmp_path, name):
    text = HEADER.replace("time_s", name) + rows(100)
    process, _ = started("infer", MODEL, "-", "--format", "jsonl")
    process.stdin.write(text.encode())
    process.stdin.flush()
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=20)  # the pipe is still open
    out, _ = process.communicate()
    assert process.returncode == INTERRUPTED
    *results, last = map(json.loads, out.splitlines())
    expected = summary(MODEL, log(tmp_path, text))
    assert [row["scores"] for row in results] == [row["scores"] for row in expected[0]] and len(results) == 2
    assert last["summary"]["interrupted"] and last["summary"]["outputChecksum"] == expected[1]["outputChecksum"]


def test_control_c_while_a_named_pipe_has_no_writer(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    process, _ = started("infer", MODEL, SAMPLE, tmp_path / "pipe.csv")
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == INTERRUPTED and b"35 results" in out


def test_an_ignored_control_c_stays_ignored():
    process, line = started(
        "infer", MODEL, "-", "--live", "--format", "jsonl",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    process.stdin.write(SAMPLE.read_bytes())
    process.stdin.flush()
    for _ in range(35):
        line()
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 0 and "interrupted" not in json.loads(out)["summary"]


def test_a_second_control_c_kills():
    process, _ = started("infer", MODEL, *40 * [SAMPLE], "--format", "jsonl", "-q")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:  # until it waits for room in the pipe
        time.sleep(0.1)
        held = int.from_bytes(fcntl.ioctl(process.stdout, termios.FIONREAD, bytes(4)), sys.byteorder)
        if held == fcntl.fcntl(process.stdout, fcntl.F_GETPIPE_SZ):
            break
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == -signal.SIGINT
    process.communicate()


# ---- bad models and command lines ----------------------------------------------------------------------


def test_bad_models(tmp_path):
    data = MODEL.read_bytes()
    cases = {
        "not.snn": (b"hello, this is no model file at all....", "not an snnrt model"),
        "short.snn": (data[:-1], "truncated"),
        "flip.snn": (data[:5000] + bytes([data[5000] ^ 4]) + data[5001:], "damaged"),
        "newer.snn": (data[:8] + b"\x02\x00" + data[10:], "newer"),
    }
    for name, (content, expected) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        for command in ("infer", "inspect", "budget"):
            done = run(command, path, *([SAMPLE] if command == "infer" else []))
            assert done.returncode == BAD_MODEL and expected in done.stderr and name in done.stderr, done.stderr
    assert run("inspect", tmp_path / "nothing.snn").returncode == BAD_MODEL
    assert run("inspect", tmp_path).returncode == BAD_MODEL


def test_bad_command_lines(tmp_path):
    for arguments in (["infer"], ["infer", MODEL], ["inspect", MODEL, "--format", "xml"], ["nonsense"],
                      ["infer", MODEL, SAMPLE, "--map", "accel_x"], ["infer", MODEL, SAMPLE, "--map", "nose=tip"],
                      ["infer", MODEL, SAMPLE, "--log-rate", "0"],
                      ["infer", MODEL, SAMPLE, "--log-rate", "9e-4"], ["infer", MODEL, SAMPLE, "--log-rate", "1000001"],
                      ["infer", MODEL, SAMPLE, "--log-rate", "nan"],
                      ["infer", MODEL, SAMPLE, "--raw", "--time-unit", "s"]):
        done = run(*arguments)
        assert done.returncode == USAGE and done.stderr, arguments
    assert run("infer", MODEL, tmp_path / "nothing.csv").returncode == BAD_LOG


def defined(name):
    """A number that snnrt.h defines."""
    return int(re.search(rf"^#define SNNRT_{name} (\d+)$", (ROOT / "include/snnrt.h").read_text(), re.M)[1])


def version():
    return ".".join(str(defined(f"VERSION_{part}")) for part in ("MAJOR", "MINOR", "PATCH"))


def test_versions_are_those_of_the_header_and_of_the_format():
    row = re.search(r"\| minor format version \|([^|]*)\|", (ROOT / "docs/format.md").read_text())[1]
    assert max(map(int, re.findall(r"\d+", row))) == defined("FORMAT_MINOR")
    assert run("--version").stdout == (
        f"{version()} (model format 1.{defined('FORMAT_MINOR')}, arithmetic snn-tz 1, accounting {defined('ACCOUNTING_VERSION')})\n")


@pytest.mark.parametrize("command", ["infer", "inspect", "budget"])
def test_help_has_examples(command):
    done = run(command, "--help")
    assert done.returncode == 0 and "Examples:" in done.stdout


# ---- inspect and budget ----------------------------------------------------------------------------------


def test_the_program_as_a_graph(tmp_path):
    text = run("inspect", MODEL, "--graph", "-").stdout.splitlines()
    hidden = next(at for at, line in enumerate(text) if line.startswith("op 13 lif -> spikes[96]"))
    assert text[hidden + 1 : hidden + 4] == [
        "         <- op 2 through op 10, 96x40 int8",
        "         <- op 13 of the last tick through op 11, 96x96 int8",
        "         <- op 9 through op 12, 96x96 int8",
    ]
    for ending, start in ((".dot", "digraph"), (".svg", "<?xml")):
        path = tmp_path / ("program" + ending)
        assert run("inspect", MODEL, "--graph", path).returncode == 0
        assert path.read_text().startswith(start)
    without = subprocess.run([SNNRT, "inspect", MODEL, "--graph", tmp_path / "p.svg"], env={"PATH": ""}, capture_output=True, text=True)
    assert without.returncode == 74 and "graphviz" in without.stderr and not (tmp_path / "p.svg").exists()
    assert run("inspect", MODEL, "--graph", tmp_path / "p.png").returncode == USAGE
    assert run("inspect", MODEL, "--graph", "-", "--format", "json").returncode == USAGE
    assert run("inspect", MODEL, "--graph", tmp_path / "no" / "p.dot").returncode == 74


def test_inspect_adds_up():
    report = json.loads(run("inspect", MODEL, "--format", "json").stdout)
    text = run("inspect", MODEL).stdout
    assert report["fileBytes"] == MODEL.stat().st_size
    assert report["arena"][-1]["offset"] + report["arena"][-1]["bytes"] == report["arenaBytes"]
    gaps = [b["offset"] - a["offset"] - a["bytes"] for a, b in zip(report["arena"], report["arena"][1:])]
    assert all(0 <= gap < 8 for gap in gaps)
    assert f"{report['arenaBytes']:,}" in text
    assert report["overheadBytes"] <= 1024
    full = json.loads(run("inspect", MODEL, "--format", "json", "--accounting", "full").stdout)
    assert full["arenaBytes"] == report["arenaBytes"] + 24 * len(report["program"])


def test_budget_adds_up():
    report = json.loads(run("budget", MODEL, SAMPLE, "--format", "json").stdout)
    static, measured = report["budget"], report["measured"]
    for line in static["ops"]:
        assert line["bitBudget"] == static["ticksPerResult"] * line["weightBits"] * line["sourceBits"]
        assert line["sAcePerResult"] == line["synapses"] * line["bitBudget"]
    for key in ("synapses", "sAcePerResult", "weights", "zeroWeights", "neurons", "stateBitsReadPerTick"):
        assert static["total"][key] == sum(line[key] for line in static["ops"])
    for key in ("synapticOperations", "nsAce", "effectiveACs", "effectiveMACs", "membraneUpdates", "modelBitsRead"):
        assert measured["total"][key] == sum(line[key] for line in measured["ops"])
    total = summary(MODEL, SAMPLE)[1]
    assert measured["total"]["nsAce"] == total["nsAce"]
    assert measured["outputChecksum"] == total["outputChecksum"]
    assert measured["total"]["nsAce"] <= measured["results"] * static["total"]["sAcePerResult"]
    assert "a model and not a measurement" in run("budget", MODEL, SAMPLE).stdout
