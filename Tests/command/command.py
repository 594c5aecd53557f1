"""What the tests of the command share: runs of `snnrt`, the shipped model and sample log, and logs made by hand.

SNNRT in the environment says which build of the command runs; without it the debug build does.
"""

import csv
import json
import os
import re
import signal
import subprocess
from pathlib import Path

import numpy

ROOT = Path(__file__).resolve().parents[2]
SNNRT = ROOT / os.environ.get("SNNRT", ".build/debug/snnrt")
LABEL_CSV = ROOT / "build/c/label_csv"
MODEL = ROOT / "models/wisdm-small/wisdm-small-w4.snn"
SPIKING = ROOT / "models/wisdm-l2mu/wisdm-l2mu-w4.snn"
SAMPLE = ROOT / "models/sample.csv"
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


def with_times(names, cells, count=90):
    """The rows of `rows` behind other columns of times."""
    body = "".join(",".join([*cells(i), line.split(",", 1)[1]]) + "\n" for i, line in enumerate(rows(count).splitlines()))
    return ",".join([*names, *CHANNELS]) + "\n" + body


def acceleration_model(folder, window=40):
    """A model of three channels of acceleration in m/s^2, `window` ticks at 20 Hz, whose class is z_up where most z are above 5."""
    path = folder / "three_axes.snn"
    done = run("compile", ROOT / "Tests/fixtures/nir/three_axes.nir", "-o", path, "--window", window, "--rate", "20", "--count", "1/1000",
               "--unit", "m/s^2", "--channels", "accel_x,accel_y,accel_z", "--classes", "z_up,z_low", "--dialect", "norse", "--dt", "1e-3")
    assert done.returncode == 0, done.stderr
    return path


def raw_samples(path):
    """A log in counts (docs/format.md, "From sensor values to samples"), a line per tick, an empty line at each gap."""
    lines, last = [], None
    for cells in list(csv.reader(path.open()))[1:]:
        if last is not None and float(cells[0]) - last > 0.25:
            lines.append("")
        last = float(cells[0])
        lines.append(" ".join(str(max(-32768, min(32767, round(float(cell) * 1000.0 / 1.0)))) for cell in cells[1:7]))
    return "\n".join(lines) + "\n"


def sample_windows():
    """The sample log as seven stretches of 200 ticks without a gap, and the label of each tick."""
    cells = numpy.array(list(csv.reader(SAMPLE.open()))[1:])
    return cells[:, 1:7].astype(float).reshape(7, 200, 6), cells[:, 7].reshape(7, 200)


def saved(path, array):
    numpy.save(path, array)
    return path


def heed_control_c():
    """In a child before it starts: Ctrl-C ends it, also where these tests were started to ignore Ctrl-C (nohup, a job in the
    background of a script), which children inherit."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def started(*arguments, prepare=heed_control_c):
    """A run that reads a pipe, and a function that waits for its next line of output."""
    process = subprocess.Popen(
        [SNNRT, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=prepare)
    return process, lambda: process.stdout.readline().decode()


def defined(name):
    """A number that snnrt.h defines."""
    return int(re.search(rf"^#define SNNRT_{name} (\d+)$", (ROOT / "include/snnrt.h").read_text(), re.M)[1])


def version():
    return ".".join(str(defined(f"VERSION_{part}")) for part in ("MAJOR", "MINOR", "PATCH"))
