"""The times of a log: the column that is taken, dates, and logs that have none."""

from datetime import datetime, timedelta, timezone

import pytest

from command import BAD_LOG, HEADER, MODEL, USAGE, log, rows, run, summary, with_times


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


PARTS = {
    ("Date", "Time", "ms"): lambda i: ["2024-03-14", f"08:00:{i // 20:02}", str(i % 20 * 50)],
    ("stamp_sec", "stamp_nsec"): lambda i: [str(1710403200 + i // 20), f"{i % 20 * 50}000000"],
    ("timestamp", "timestamp_ms"): lambda i: [str(1079000000 + i // 20), str(i % 20 * 50)],
    ("hour", "minute", "second"): lambda i: ["8", "0", f"{i / 20:.2f}"],
}


@pytest.mark.parametrize("names", PARTS, ids=" ".join)
def test_a_time_in_several_columns_is_added(tmp_path, expected, names):
    """The milliseconds alone were taken, and each second was a restart."""
    path = log(tmp_path, with_times(names, PARTS[names]))
    assert summary(MODEL, path)[1]["outputChecksum"] == expected
    together = " and ".join(f'"{name}"' for name in names)
    assert f"columns {together} together are the time" in run("infer", MODEL, path).stderr


@pytest.mark.parametrize("first, unit", [(1710403200_000000, 10**6), (638460000 * 10**9, 10**7), (133548768 * 10**9, 10**7)])
def test_a_number_that_is_a_date_has_its_unit(tmp_path, first, unit):
    """Microseconds at 1 kHz were milliseconds a second apart."""
    path = log(tmp_path, with_times(["timestamp"], lambda i: [str(first + i * unit // 1000)], count=4500))
    results, _ = summary(MODEL, path)
    assert results[0]["start"] == pytest.approx(1710403200, abs=1e-3)
    assert "90 ticks in 1 segment" in run("infer", MODEL, path).stdout


def test_a_rate_before_the_header_tells_the_unit(tmp_path, expected):
    """Ticks of 100 us were read as milliseconds."""
    body = with_times(["SampleTimeFine"], lambda i: [str(i * 500)])
    assert summary(MODEL, log(tmp_path, "// Sample rate: 20.0Hz\n" + body))[1]["outputChecksum"] == expected
    doubted = run("infer", "--strict", MODEL, log(tmp_path, "// Update Rate: 50 Hz\n" + body.replace("SampleTimeFine", "t_100us")))
    assert doubted.returncode == BAD_LOG and "rows come at 20 Hz by their times" in doubted.stderr


def test_a_counter_that_begins_anew_goes_on(tmp_path, expected):
    path = log(tmp_path, with_times(["micros"], lambda i: [str((2**32 - 10**6 + 50000 * i) % 2**32)]))
    assert summary(MODEL, path)[1]["outputChecksum"] == expected
    assert "the counter of 32 bits begins anew before line 22; its times go on" in run("infer", MODEL, path).stderr
