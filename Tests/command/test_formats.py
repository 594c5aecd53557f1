"""Logs that are packed, in another encoding or in a format of their own, as a user meets them."""

import gzip
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import numpy
import pytest

from command import BAD_LOG, HEADER, MODEL, ROOT, SAMPLE, SNNRT, acceleration_model, log, rows, run, sample_windows, saved, summary

LOGS = Path(os.environ.get("SNNRT_SHARED", ROOT.parent / "shared")) / "logs"
shared = pytest.mark.skipif(not LOGS.is_dir(), reason=f"no {LOGS}; SNNRT_SHARED names the folder that holds logs/")
TEXT = SAMPLE.read_text()


def checksum(*arguments):
    return summary(MODEL, *arguments)[1]["outputChecksum"]


def zstd(data):
    return subprocess.run(["zstd", "-qc"], input=data, capture_output=True, check=True).stdout


PACKED = {
    "gzip": lambda text: gzip.compress(text.encode()),
    "two members": lambda text: gzip.compress(text[:9000].encode()) + gzip.compress(text[9000:].encode()),
    "zstd": lambda text: zstd(text.encode()),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16, big-endian, unmarked": lambda text: text.encode("utf-16-be"),
    "UTF-16 in gzip": lambda text: gzip.compress(text.encode("utf-16")),
    "CR": lambda text: text.replace("\r\n", "\n").replace("\n", "\r").encode(),
}


@pytest.mark.parametrize("kind", PACKED)
def test_bytes_that_become_the_same_log(tmp_path, kind):
    if "zstd" in kind and not shutil.which("zstd"):
        pytest.skip("SKIPPED: no zstd on the path")
    path = tmp_path / "watch.log"
    path.write_bytes(PACKED[kind](TEXT))
    assert checksum(path) == checksum(SAMPLE)
    with path.open("rb") as stdin:
        piped = subprocess.run([SNNRT, "infer", MODEL, "-", "--format", "jsonl"], stdin=stdin, capture_output=True, text=True)
    assert json.loads(piped.stdout.splitlines()[-1])["summary"]["outputChecksum"] == checksum(SAMPLE)
    said = {"UTF-16": "UTF-16 text, read as UTF-8", "CR": "its lines end in CR alone", "zstd": "zstd data, unpacked"}
    for word in [word for start, word in said.items() if kind.startswith(start)] or ["gzip data, unpacked"]:
        assert word in piped.stderr


def test_what_stands_before_a_damage_is_used(tmp_path):
    path = tmp_path / "watch.csv.gz"
    path.write_bytes(gzip.compress(TEXT.encode())[:-100])
    done = run("infer", MODEL, path)
    assert done.returncode == BAD_LOG and "its gzip data end early, behind" in done.stderr and "refused" in done.stdout
    assert " results" in done.stdout


def test_packed_arrays_and_raw_frames(tmp_path):
    windows, _ = sample_windows()
    plain, packed = saved(tmp_path / "w.npy", windows), tmp_path / "w.npy.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert checksum(packed) == checksum(plain)
    counts = numpy.clip(numpy.rint(windows * 1000), -32768, 32767).astype("<i2").tobytes()
    frames, packed = tmp_path / "w.raw", tmp_path / "w.raw.gz"
    frames.write_bytes(counts)
    packed.write_bytes(gzip.compress(counts))
    assert checksum(packed, "--raw") == checksum(frames, "--raw")


def test_files_that_are_no_logs(tmp_path):
    def made(name, write):
        write(tmp_path / name)
        done = run("infer", MODEL, tmp_path / name)
        assert done.returncode == BAD_LOG and "hint: " in done.stderr, done.stderr
        return done.stderr

    def archive(entry):
        def write(path):
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
                target.writestr(entry, TEXT)
        return write

    assert "holds an Excel workbook" in made("log.xlsx", archive("xl/worksheets/sheet1.xml"))
    assert "holds a zip archive" in made("log.zip", archive("watch.csv"))
    assert "several NumPy arrays (.npz)" in made("log.npz", lambda path: numpy.savez(path, a=sample_windows()[0]))
    assert "holds JSON" in made("log.json", lambda path: path.write_text(json.dumps([{"accel_x": 1}])))
    assert "the model comes first" in made("log.snn", lambda path: path.write_bytes(MODEL.read_bytes()))


def inertial_signals(folder, windows):
    """UCI HAR's files: acceleration in g, a window a row."""
    signals = folder / "test" / "Inertial Signals"
    signals.mkdir(parents=True)
    for i, name in enumerate(["total_acc_x", "total_acc_y", "total_acc_z", "body_gyro_x", "body_gyro_y", "body_gyro_z"]):
        lines = ["  " + " ".join(f"{value:.7e}" for value in window[:, i]) + "\n" for window in windows]
        (signals / f"{name}_test.txt").write_text("".join(lines))
        (signals / f"body_acc_{name[-1]}_test.txt").write_text("none\n")
    (folder / "test" / "y_test.txt").write_text("".join(f"{1 + i % 6}\n" for i in range(len(windows))))
    return signals


def test_a_folder_of_inertial_signals(tmp_path):
    windows = sample_windows()[0][:, :128]
    windows = numpy.vectorize(lambda value: float(f"{value:.7e}"))(windows / ([9.80665] * 3 + [1] * 3))
    signals = inertial_signals(tmp_path, windows)
    # Each window as a log of its own: the same rows at the same times, in the same unit.
    expected = []
    for i, window in enumerate(windows):
        table = "".join(f"{tick / 50!r},{','.join(map(repr, map(float, row)))}\n" for tick, row in enumerate(window))
        path = log(tmp_path, "time_s,accel_x,accel_y,accel_z,gyro_x,gyro_y,gyro_z\n" + table, f"window{i}.csv")
        expected += [row["scores"] for row in summary(MODEL, path, "--unit", "accel=g")[0]]
    for argument in ([signals], [tmp_path / "test"], sorted(signals.glob("[tb]*_[axyzro]*_test.txt"))):
        assert [row["scores"] for row in summary(MODEL, *argument)[0]] == expected
    labels = [row["logged"] for row in summary(MODEL, signals)[0]]
    assert set(labels) <= {"WALKING", "WALKING_UPSTAIRS", "WALKING_DOWNSTAIRS", "SITTING", "STANDING", "LAYING"} and len(labels) > 5
    done = run("infer", MODEL, signals / "body_gyro_x_test.txt")
    assert done.returncode == BAD_LOG and f'name its folder: snnrt infer MODEL "{signals}"' in done.stderr
    done = run("infer", MODEL, tmp_path / "test", SAMPLE, "--jobs", "2", "--format", "jsonl")
    assert done.returncode == 0 and len(json.loads(done.stdout.splitlines()[-1])["summary"]["perLog"]) == 2


def test_edge_impulse_json(tmp_path):
    table = [[float(cell) for cell in line.split(",")[1:7]] for line in rows(90).splitlines()]
    document = {
        "protected": {"ver": "v1", "alg": "none"}, "signature": "0",
        "payload": {"interval_ms": 50, "values": table,
                    "sensors": [{"name": name, "units": unit} for name, unit in
                                zip(["accX", "accY", "accZ", "gyrX", "gyrY", "gyrZ"], 3 * ["m/s2"] + 3 * ["rad/s"])]}}
    path = log(tmp_path, json.dumps(document), "walk.json")
    expected = checksum(log(tmp_path, HEADER + rows(90)))
    assert checksum(path) == expected
    packed = tmp_path / "walk.json.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert checksum(packed) == expected


def test_wisdm_of_a_phone_has_no_gyroscope(tmp_path):
    done = run("infer", MODEL, log(tmp_path, "33,Jogging,49105962326000,-0.69,12.68,0.5;\n", "WISDM_ar_v1.1_raw.txt"))
    assert done.returncode == BAD_LOG and 'no column for channel gyro_x, gyro_y, gyro_z; columns found: "accel_x"' in done.stderr


def test_wisdm_of_a_phone_as_it_was_published(tmp_path):
    line = "33,{},{},-0.69,12.68,{}"
    lines = [line.format("Jogging" if i < 50 else "Sitting", 49_105_962_326_000 + i * 50_000_000, 9.8 if i < 50 else 1.5) for i in range(100)]
    whole = log(tmp_path, ";\n".join(lines) + ";\n", "whole.txt")
    lines[3] += ","
    lines[7] = line.format("Jogging", 0, 1) + ";\n" + lines[7]
    lines[9] += ";\n33,Jogging,49106462326001,1,2,"
    lines[20] += ";" + lines.pop(21)
    damaged = log(tmp_path, ";\n".join(lines).replace("1.5;", "1.5\n\n", 3) + ";", "damaged.txt")
    model = acceleration_model(tmp_path)
    results, said = summary(model, whole)
    assert [(row["label"], row["logged"]) for row in results] == [("z_up", "Jogging"), ("z_low", "Sitting")]
    assert summary(model, damaged)[1]["outputChecksum"] == said["outputChecksum"]
    note = run("infer", model, damaged).stderr
    assert "dropped 1 row that could not be read, the first in line 12" in note and "1 row with the time 0, the first in line 8" in note


@shared
def test_the_shared_log_of_a_phone_is_read(tmp_path):
    model = acceleration_model(tmp_path)
    for name, ticks in (("a08_wisdm11_raw.txt", 397), ("a08_wisdm11_clean.txt", 393)):
        results, said = summary(model, LOGS / name)
        assert said["ticks"] == ticks and results[0]["scores"] == [18, 22] and results[4]["scores"] == [0, 40]
        assert [row["logged"] for row in results] == 4 * ["Jogging"] + 5 * ["Walking"]


@shared
@pytest.mark.parametrize("name", ["a13_bom_crlf.csv", "a13_cr_only.csv", "a13_utf16.csv", "a13_utf16_nobom.csv", "a17_edge.json"])
def test_shared_logs_give_what_the_first_gives(name):
    assert checksum(LOGS / name) == checksum(LOGS / "a00_base.csv") == "0x75c66d56"


@shared
def test_the_shared_folder_of_inertial_signals_is_read():
    done = run("infer", MODEL, LOGS / "a12_ucihar", "--format", "jsonl")
    assert done.returncode == 0 and json.loads(done.stdout.splitlines()[-1])["summary"]["ticks"] == 6 * 51
