"""The self-test that a model carries: infer refuses a model that fails it, inspect says what came of it."""

import json
import struct
import sys

import pytest

from command import BAD_MODEL, MODEL, ROOT, SAMPLE, run, summary

sys.path[:0] = [str(ROOT / "models")]
from snnrt.file import seal  # noqa: E402


def inspected(model, *options):
    done = run("inspect", model, "--format", "json", *options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


@pytest.fixture
def wrong(tmp_path):
    """The shipped model with another checksum in its self-test, and the two checksums."""
    section = next(section for section in inspected(MODEL)[0]["sections"] if section["section"] == "self-test")
    body = bytearray(MODEL.read_bytes()[:-4])
    at = section["offset"] + 4
    found = struct.unpack_from("<I", body, at)[0]
    struct.pack_into("<I", body, at, found ^ 0x100)
    (tmp_path / "wrong.snn").write_bytes(seal(bytes(body)))
    return tmp_path / "wrong.snn", f"0x{found:08x}", f"0x{found ^ 0x100:08x}"


def test_infer_refuses_a_model_that_fails(wrong):
    model, found, stated = wrong
    done = run("infer", model, SAMPLE)
    assert done.returncode == BAD_MODEL and done.stdout == ""
    assert f"wrong.snn: its self-test gives output CRC-32C {found} instead of {stated}" in done.stderr
    assert "hint: --no-self-test" in done.stderr
    total, expected = summary(model, SAMPLE, "--no-self-test")[1], summary(MODEL, SAMPLE)[1]
    assert total["outputChecksum"] == expected["outputChecksum"] and total["ticks"] == expected["ticks"]


def test_inspect_says_what_came_of_it(wrong):
    model, found, stated = wrong
    report, said = inspected(model)
    assert report["selfTest"] == "failed" and f"{found} instead of {stated}" in said
    assert run("inspect", model).stdout.count("frames: failed\n") == 1
    assert inspected(model, "--no-self-test") == (report | {"selfTest": "not run"}, "")
    report, said = inspected(MODEL)
    assert report["selfTest"] == "passed" and report["selfTestFrames"] > 0 and said == ""


def test_a_model_without_one_is_no_error(tmp_path):
    model = next((ROOT / "build/vectors").glob("000-*.snn"))
    report = inspected(model)[0]
    assert report["selfTest"] == "none" and report["selfTestFrames"] == 0
    log = tmp_path / "log.raw"
    log.write_bytes(bytes(2 * len(report["channels"]) * 9))
    assert summary(model, log, "--raw")[1]["ticks"] == 9
