"""Several logs, live logs, Ctrl-C."""

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

import numpy
import pytest

from command import BAD_LOG, HEADER, INTERRUPTED, MODEL, SAMPLE, SNNRT, log, rows, run, sample_windows, saved, started, summary


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
    """A run that was started to ignore Ctrl-C, as nohup and shells without job control start one, goes on."""
    process, line = started(
        "infer", MODEL, "-", "--live", "--format", "jsonl",
        prepare=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    process.stdin.write(SAMPLE.read_bytes())
    process.stdin.flush()
    for _ in range(35):
        line()
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 0 and "interrupted" not in json.loads(out)["summary"]


def test_a_second_control_c_kills():
    """The first one ends the run once its output can be written, though other threads are about to begin their next log."""
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
