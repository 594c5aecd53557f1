"""Several logs on several threads: every byte of the output is that of one thread."""

import pytest

from command import BAD_LOG, HEADER, MODEL, SAMPLE, log, rows, run

WISDM = "1600,A,{},{},1.0,9.8;\n"


def wisdm(tmp_path, sensor, subject, count=200):
    text = "".join(WISDM.format(10**12 + 50_000_000 * i, i % 5) for i in range(count))
    return log(tmp_path, text, f"data_{subject}_{sensor}_watch.txt")


@pytest.mark.parametrize("format", ["table", "csv", "jsonl"])
def test_threads_change_nothing(tmp_path, format):
    accelerometers = [wisdm(tmp_path, "accel", subject) for subject in (1, 2)]
    gyroscopes = [wisdm(tmp_path, "gyro", subject) for subject in (2, 1)]
    short = log(tmp_path, HEADER + rows(60), "short.csv")
    broken = log(tmp_path, HEADER + rows(50) + "oops\n" + rows(9), "broken.csv")
    wild = log(tmp_path, HEADER + rows(80).replace("9.8", "98000"), "wild.csv")
    logs = [SAMPLE, *accelerometers, short, broken, tmp_path / "missing.csv", wild, *gyroscopes, SAMPLE]
    alone, *several = (run("infer", MODEL, *logs, "--format", format, "--jobs", jobs) for jobs in (1, 2, 5))
    assert alone.returncode == BAD_LOG and "missing.csv" in alone.stderr and "clamped" in alone.stderr
    for done in several:
        assert (done.returncode, done.stdout, done.stderr) == (alone.returncode, alone.stdout, alone.stderr)
