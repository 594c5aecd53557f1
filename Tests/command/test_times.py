"""The times of a log: the column that is taken, dates, and logs that have none."""

from datetime import datetime, timedelta, timezone

import pytest

from command import BAD_LOG, CHANNELS, HEADER, MODEL, USAGE, log, rows, run, summary


def with_times(names, cells, count=90):
    """The rows of `rows` behind other columns of times."""
    body = "".join(",".join([*cells(i), line.split(",", 1)[1]]) + "\n" for i, line in enumerate(rows(count).splitlines()))
    return ",".join([*names, *CHANNELS]) + "\n" + body


@pytest.fixture
def expected(tmp_path):
    return summary(MODEL, log(tmp_path, HEADER + rows(90), "expected.csv"))[1]["outputChecksum"]


@pytest.mark.parametrize("form", ["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%fZ"])
def test_dates(tmp_path, expected, form):
    start = datetime(2024, 2, 28, 23, 59, 58, tzinfo=timezone(timedelta(hours=-4)))
    path = log(tmp_path, with_times(["timestamp"], lambda i: [(start + timedelta(seconds=0.05 * i)).strftime(form)]))
    results, total = summary(MODEL, path)
    assert total["outputChecksum"] == expected
    zone = timezone.utc if "z" not in form else start.tzinfo
    assert results[0]["start"] == pytest.approx(start.replace(tzinfo=zone).timestamp(), abs=1e-6)


def test_a_column_named_for_time_is_taken_and_said(tmp_path):
    """A 50 Hz log whose clock has another name was played as if it came at 20 Hz."""
    cells = lambda i: [str(i), str(1424696633900 + 20 * i), str(1424696631913248572 + 20_000_000 * i)]  # noqa: E731
    path = log(tmp_path, with_times(["Index", "Arrival_Time", "Creation_Time"], cells, count=250))
    done = run("infer", MODEL, path)
    assert "100 ticks" in done.stdout and "resampled 50 Hz -> 20 Hz" in done.stderr
    assert '"Creation_Time" is taken as the time, as the finest column that grows, not "Arrival_Time"' in done.stderr
    mapped = run("infer", MODEL, path, "--map", "time=Arrival_Time")
    assert 'column "Arrival_Time" taken as time in ms' in mapped.stderr and "100 ticks" in mapped.stdout


def test_a_log_without_times_needs_a_rate(tmp_path, expected):
    path = log(tmp_path, with_times([], lambda i: []))
    done = run("infer", MODEL, path)
    assert done.returncode == BAD_LOG and "watch.csv:1: no column with times" in done.stderr and "--log-rate model" in done.stderr
    for stated in ("model", "20"):
        assert summary(MODEL, path, "--log-rate", stated)[1]["outputChecksum"] == expected
    faster = run("infer", MODEL, path, "--log-rate", "40")
    assert "rows come at 40 Hz, as stated" in faster.stderr and "each row is one tick" not in faster.stderr
    assert run("infer", MODEL, path, "--log-rate", "mine").returncode == USAGE


@pytest.mark.parametrize("cell", [lambda i: str(i * 777), lambda i: "99/99/2024 17:41", lambda i: "now", lambda i: ""])
def test_a_stated_rate_replaces_times(tmp_path, expected, cell):
    path = log(tmp_path, with_times(["time"], lambda i: [cell(i)]))
    for stated in ("model", "20"):
        assert summary(MODEL, path, "--log-rate", stated)[1]["outputChecksum"] == expected
        assert 'column "time" not used' in run("infer", MODEL, path, "--log-rate", stated).stderr
    assert summary(MODEL, path, "--log-rate", "10")[1]["ticks"] == 179


def test_a_stated_rate_replaces_the_times_of_wisdm_text(tmp_path):
    line = "1600,{},{},0.1,{:.2f},-0.3;\n"
    text = "".join(line.format("AB"[i // 90], 10**12 + i**2, i / 9) for i in range(180))
    first = log(tmp_path, text, "data_1600_accel_watch.txt")
    log(tmp_path, text, "data_1600_gyro_watch.txt")
    done = run("infer", MODEL, first, "--log-rate", "20")
    assert "180 ticks in 2 segments" in done.stdout and "4 results" in done.stdout and "its times are not used" in done.stderr
    assert "90 ticks in 2 segments" in run("infer", MODEL, first, "--log-rate", "40").stdout
