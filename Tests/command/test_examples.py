"""The examples that need no emulator: the pipe, and the web page's modules and bundle, give what `snnrt infer` gives."""

import csv
import json
import os
import re
import struct
import subprocess

import pytest

from command import MODEL, ROOT, SAMPLE, SPIKING, raw_samples, summary
from test_sensor import HEADER, walk

EXAMPLES = ROOT / "c-examples"
ARCHIVE = ROOT / "build/x86_64-unknown-linux-gnu/libsnnrt.a"
WASM = ROOT / "build/wasm32-unknown-none-wasm/snnrt.wasm"
STREAM_MODEL = ROOT / "models/wisdm-stream/wisdm-stream-w4.snn"


@pytest.fixture(scope="module")
def stream(tmp_path_factory):
    program = tmp_path_factory.mktemp("stream") / "stream"
    subprocess.run(
        ["gcc", "-std=c99", "-O1", "-g", "-fsanitize=undefined", "-fno-sanitize-recover", "-Wall", "-Wextra", "-Werror",
         "-pedantic", f"-I{ROOT}/include", EXAMPLES / "stream/stream.c", ARCHIVE, "-o", program], check=True)
    return program


def labels(output):
    return [line.split()[1] for line in output.splitlines()]


def test_stream_of_text(stream):
    done = subprocess.run([stream, MODEL], input=raw_samples(SAMPLE), capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == ""
    results = summary(MODEL, SAMPLE)[0]
    assert labels(done.stdout) == [row["label"] for row in results]
    assert [int(line.split()[0]) for line in done.stdout.splitlines()] == [40 * (i + 1) for i in range(len(results))]
    assert all(0 < int(line.split()[2]) <= 100 for line in done.stdout.splitlines())


def test_stream_of_raw_frames(stream, tmp_path):
    rows = [[round(1000 * float(cell)) for cell in row[1:7]] for row in list(csv.reader(SAMPLE.open()))[1:]]
    raw = tmp_path / "log.raw"
    raw.write_bytes(b"".join(struct.pack("<6h", *(max(-32768, min(32767, value)) for value in row)) for row in rows))
    done = subprocess.run([stream, STREAM_MODEL, "--raw"], stdin=raw.open("rb"), capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == ""
    assert labels(done.stdout) == [row["label"] for row in summary(STREAM_MODEL, raw, "--raw")[0]]
    cut = subprocess.run([stream, MODEL, "--raw"], input=raw.read_bytes()[:-1], capture_output=True)
    assert cut.returncode == 1 and b"ends within frame 1400" in cut.stderr


def test_stream_says_a_label_at_once(stream):
    process = subprocess.Popen([stream, MODEL, "--raw"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        process.stdin.write(bytes(12 * 40))
        process.stdin.flush()
        assert process.stdout.readline().startswith(b"40 ")
    finally:
        process.stdin.close()
        assert process.wait(timeout=10) == 0
        process.stdout.close()


@pytest.mark.parametrize("text, words", [
    ("1 2 3 4 5\n", "line 1: expected 6 integers"), ("1 2 3 4 5 6\n1 2 3 4 5 x\n", "line 2: expected 6 integers"),
    ("1 2 3 4 5 32768\n", "line 1"), ("1 2 3 4 5 6 7\n", "line 1"),
])
def test_stream_ends_at_a_bad_line(stream, text, words):
    done = subprocess.run([stream, MODEL], input=text, capture_output=True, text=True, timeout=10)
    assert done.returncode == 1 and words in done.stderr


def test_stream_refuses(stream, tmp_path):
    bad = tmp_path / "bad.snn"
    bad.write_bytes(MODEL.read_bytes()[:-1])
    for arguments, status in (
            ([bad], 1), ([tmp_path / "none.snn"], 1), ([], 2), ([MODEL, "--text"], 2), ([MODEL, "--raw", "x"], 2)):
        done = subprocess.run([stream, *arguments], input="", capture_output=True, text=True, timeout=10)
        assert done.returncode == status and done.stderr != "", arguments


def in_node(model, log):
    return subprocess.run(["node", ROOT / "Tests/web/label.mjs", WASM, model, log], capture_output=True, text=True)


@pytest.mark.parametrize("model", [MODEL, SPIKING, STREAM_MODEL], ids=lambda path: path.stem)
def test_web_modules_on_the_sample_log(model):
    done = in_node(model, SAMPLE)
    assert done.returncode == 0, done.stderr
    web = json.loads(done.stdout)
    results, total = summary(model, SAMPLE)
    assert [line["label"] for line in web["labels"]] == [row["label"] for row in results]
    usage = web["usage"]
    assert f"0x{usage['outputChecksum']:08x}" == total["outputChecksum"]
    assert (usage["ticks"], usage["spikes"], usage["nsAce"]) == (total["ticks"], total["spikes"], total["nsAce"])
    # The raster misses what a result's tick fired where the model resets itself with it; and a network of activations, whose
    # outputs count as spikes where they are not 0, has no slot of spikes.
    assert 0.9 * usage["spikes"] <= web["firing"] <= usage["spikes"] if model == SPIKING else web["firing"] == 0
    assert web["channel"] == ["accel_x", "m/s^2", 0.001] and web["known"][0] == "clapping"


@pytest.mark.parametrize("interval, jitter", [(1 / 64, 0.5), (0.05, 0.4)])
def test_web_modules_at_a_sensors_own_rate(tmp_path, interval, jitter):
    log = tmp_path / "log.csv"
    log.write_text("\n".join([HEADER, *walk(interval, jitter, 2)]) + "\n")
    done = in_node(MODEL, log)
    assert done.returncode == 0, done.stderr
    assert f"0x{json.loads(done.stdout)['usage']['outputChecksum']:08x}" == summary(MODEL, log)[1]["outputChecksum"]


def test_web_modules_read_other_names_and_units(tmp_path):
    lines = SAMPLE.read_text().splitlines()
    other = tmp_path / "other.csv"
    names = ["timestamp (ms)", "Acc X", "acc-y", "ACC_Z", "gyroX", "gyroscope.y", "Gyro Z"]
    other.write_text("\ufeff" + ";".join(names) + "\r\n" + "".join(
        ";".join([str(round(1000 * float(cells[0]))), *cells[1:7]]) + "\r\n" for cells in (line.split(",") for line in lines[1:])))
    done = in_node(MODEL, other)
    assert done.returncode == 0, done.stderr
    web = json.loads(done.stdout)
    assert f"0x{web['usage']['outputChecksum']:08x}" == summary(MODEL, SAMPLE)[1]["outputChecksum"]
    assert set(web["known"]) == {None}


@pytest.mark.parametrize("text, words", [
    ("a,b\n1,2\n", "no column of times"), ("time_s,accel_x\n0,1\n", "no column for accel_y"),
    (HEADER + "\n0,1,2,3,4,5\n", "line 2: expected a number"),
    (HEADER + "\n1,1,2,3,4,5,6\n1,1,2,3,4,5,6\n", "line 3: time does not go on"),
])
def test_web_modules_refuse(tmp_path, text, words):
    log = tmp_path / "log.csv"
    log.write_text(text)
    done = in_node(MODEL, log)
    assert done.returncode == 1 and words in done.stderr
    (tmp_path / "bad.snn").write_bytes(b"no model at all" * 9)
    assert in_node(tmp_path / "bad.snn", SAMPLE).returncode == 1


def test_motion_events_become_rows():
    subprocess.run(["node", ROOT / "Tests/web/motion.mjs"], check=True)


def test_the_page_is_one_file(tmp_path):
    """Nothing is fetched: the page works from a disk. `make test-web` opens it in a browser."""
    subprocess.run(
        ["make", "-s", "-C", EXAMPLES / "web", f"BUILD={tmp_path}", f"SNNRT={ROOT}"], check=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")})
    page = (tmp_path / "index.html").read_text()
    script = re.search(r'<script type="module">globalThis\.embedded = (\{.*?\});\n(.*)</script>', page, re.S)
    embedded = json.loads(script[1])
    assert embedded["sample"] == SAMPLE.read_text() and embedded["modelName"] == MODEL.name
    assert not re.search(r"https?://|\bfetch\(|^import |^export |<link|src=", page.replace(script[1], ""), re.M)
    (tmp_path / "script.mjs").write_text(script[2])
    subprocess.run(["node", "--check", tmp_path / "script.mjs"], check=True)
