"""A C program that reads a sensor with its own clock and units gives what `snnrt infer` gives for the same rows."""

import random
import subprocess
from pathlib import Path

import pytest

from command import MODEL, SAMPLE, summary

ROOT = Path(__file__).resolve().parents[2]
LABEL_SENSOR = ROOT / "build/c/label_sensor"
HEADER = "time_s,accel_x,accel_y,accel_z,gyro_x,gyro_y,gyro_z"


def walk(interval, jitter, seed):
    """Rows of a noisy sensor, two segments with a gap of ten seconds between them."""
    rng = random.Random(seed)
    values = [0.0] * 6
    for start, count in ((1.6e9, 900), (1.6e9 + 900 * interval + 10, 500)):
        for i in range(count):
            values = [0.9 * v + rng.gauss(0, s) for v, s in zip(values, (3, 3, 3, 1, 1, 1))]
            # Half of the intervals between rows are exact, so that their median is.
            time = start + i * interval + (rng.uniform(0, jitter) * interval if i % 4 == 1 else 0)
            yield f"{time!r}," + ",".join(f"{v:.5f}" for v in values)


@pytest.mark.parametrize("interval, jitter", [(1 / 64, 0), (1 / 64, 0.5), (0.125, 0.3), (0.05, 0.4)])
def test_same_checksum_as_infer(tmp_path, interval, jitter):
    rows = list(walk(interval, jitter, 1))
    log = tmp_path / "log.csv"
    log.write_text("\n".join([HEADER, *rows]) + "\n")
    done = subprocess.run(
        [LABEL_SENSOR, MODEL, repr(interval)], input="\n".join(rows) + "\n", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    results, expected = summary(MODEL, log)
    assert expected["segments"] == 2 and expected["results"] >= 10
    assert expected["outputChecksum"] in done.stderr
    assert done.stdout.split() == [row["label"] for row in results]


def test_sample_log_as_it_stands():
    rows = "".join(line.rsplit(",", 1)[0] + "\n" for line in SAMPLE.read_text().splitlines()[1:])
    done = subprocess.run([LABEL_SENSOR, MODEL, "0.05"], input=rows, capture_output=True, text=True)
    assert summary(MODEL, SAMPLE)[1]["outputChecksum"] in done.stderr


def test_integer_programs_link_no_helper():
    symbols = subprocess.run(["nm", ROOT / "build/c/label_csv"], capture_output=True, text=True, check=True).stdout
    assert "snnrt_push" in symbols and "snnrt_resample" not in symbols
    assert "snnrt_sensor" not in symbols


def test_a_sensor_in_integers_links_nothing_else(tmp_path):
    source, program = tmp_path / "sensor.c", tmp_path / "sensor"
    source.write_text('#include "snnrt.h"\nint main(void) { return snnrt_sensor_begin(NULL, NULL) == SNNRT_OK; }\n')
    archive = ROOT / "build/x86_64-unknown-linux-gnu/libsnnrt.a"
    subprocess.run(["gcc", "-std=c99", f"-I{ROOT}/include", source, archive, "-o", program], check=True)
    symbols = subprocess.run(["nm", program], capture_output=True, text=True, check=True).stdout
    assert "snnrt_sensor_begin" in symbols and "snnrt_resample" not in symbols and "snnrt_open" not in symbols
    subprocess.run([program], check=True)
