"""The firmware examples in the emulator: what they print is what `snnrt infer` says of the same log."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SNNRT = ROOT / os.environ.get("SNNRT", ".build/release/snnrt")
MODEL = ROOT / "models/wisdm-small/wisdm-small-w4.snn"
SAMPLE = ROOT / "models/sample.csv"


def firmware(example, folder, *settings):
    """Builds an example and runs it in QEMU. Returns what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    make = ["make", "-s", "-C", ROOT / "c-examples" / example, f"SNNRT={ROOT}", f"EXPORT={SNNRT} export", f"BUILD={folder}", *settings]
    subprocess.run(make, env=environment, check=True)
    done = subprocess.run([*make, "run"], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def expected():
    done = subprocess.run([SNNRT, "infer", MODEL, SAMPLE, "--format", "jsonl"], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [line["label"] for line in lines[:-1]], lines[-1]["summary"]


def labels(output):
    return re.findall(r"^label (\w+)", output, re.M)


def test_from_the_parts_alone(tmp_path, expected):
    """The example's folder, library, header, model and log, and nothing else of the project."""
    folder = tmp_path / "firmware"
    shutil.copytree(ROOT / "c-examples/cortex-m", folder, ignore=shutil.ignore_patterns("build"))
    shutil.copy(ROOT / "build/armv7em-none-none-eabi/libsnnrt.a", tmp_path)
    shutil.copy(ROOT / "include/snnrt.h", tmp_path)
    subprocess.run([SNNRT, "export", MODEL, "-o", tmp_path / "model"], check=True, capture_output=True)
    with (tmp_path / "model/log.c").open("w") as log:
        subprocess.run(["awk", "-f", ROOT / "c-examples/log.awk", SAMPLE], check=True, stdout=log)
    done = subprocess.run(
        ["make", "-s", "-C", folder, "LIBRARY=../libsnnrt.a", "INCLUDE=..", "GENERATED=../model", "SNNRT=/nowhere", "run"],
        env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and labels(done.stderr) == expected[0], done.stdout + done.stderr


@pytest.mark.parametrize("setting", ["BOARD=mps2-an386", "BOARD=mps2-an385", "OPENED=1"])
def test_cortex_m(tmp_path, expected, setting):
    output = firmware("cortex-m", tmp_path, setting)
    assert labels(output) == expected[0]
    total = expected[1]
    # The network was saved and restored twice on the way, and nobody can tell.
    assert output.count("started\n") == 1 and output.count("off\non again\n") == 2
    assert f"{total['ticks']} ticks, {total['results']} results, 0 readings lost, output CRC-32C {total['outputChecksum']}\n" in output


def test_the_watchdog_restarts_what_hangs(tmp_path, expected):
    output = firmware("cortex-m", tmp_path, "DEFINES=-DEXAMPLE_HANGS")
    assert output.count("watchdog: the main loop hangs\nstarted\n") >= 3 and "on again" not in output
    assert re.search(r"^\d+ ticks, \d+ results", output, re.M) and expected[1]["outputChecksum"] not in output


def test_riscv(tmp_path, expected):
    output = firmware("riscv", tmp_path)
    assert labels(output) == expected[0]
    assert f"output CRC-32C {expected[1]['outputChecksum']}\n" in output
