"""Bad models, bad command lines, versions and help."""

import re

import pytest

from command import BAD_LOG, BAD_MODEL, MODEL, ROOT, SAMPLE, USAGE, defined, run, version


def test_bad_models(tmp_path):
    data = MODEL.read_bytes()
    cases = {
        "not.snn": (b"hello, this is no model file at all....", "not an snnrt model"),
        "short.snn": (data[:-1], "truncated"),
        "flip.snn": (data[:5000] + bytes([data[5000] ^ 4]) + data[5001:], "damaged"),
        "newer.snn": (data[:8] + b"\x02\x00" + data[10:], "newer"),
    }
    for name, (content, expected) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        for command in ("infer", "inspect", "budget"):
            done = run(command, path, *([SAMPLE] if command == "infer" else []))
            assert done.returncode == BAD_MODEL and expected in done.stderr and name in done.stderr, done.stderr
    assert run("inspect", tmp_path / "nothing.snn").returncode == BAD_MODEL
    assert run("inspect", tmp_path).returncode == BAD_MODEL


def test_bad_command_lines(tmp_path):
    for arguments in (["infer"], ["infer", MODEL], ["inspect", MODEL, "--format", "xml"], ["nonsense"],
                      ["infer", MODEL, SAMPLE, "--map", "accel_x"], ["infer", MODEL, SAMPLE, "--map", "nose=tip"],
                      ["infer", MODEL, SAMPLE, "--log-rate", "0"],
                      ["infer", MODEL, SAMPLE, "--log-rate", "9e-4"], ["infer", MODEL, SAMPLE, "--log-rate", "1000001"],
                      ["infer", MODEL, SAMPLE, "--log-rate", "nan"],
                      ["infer", MODEL, SAMPLE, "--raw", "--time-unit", "s"]):
        done = run(*arguments)
        assert done.returncode == USAGE and done.stderr, arguments
    assert run("infer", MODEL, tmp_path / "nothing.csv").returncode == BAD_LOG


def test_versions_are_those_of_the_header_and_of_the_format():
    row = re.search(r"\| minor format version \|([^|]*)\|", (ROOT / "docs/format.md").read_text())[1]
    assert max(map(int, re.findall(r"\d+", row))) == defined("FORMAT_MINOR")
    numbers = f"model format 1.{defined('FORMAT_MINOR')}, arithmetic snn-tz 1, accounting {defined('ACCOUNTING_VERSION')}"
    assert run("--version").stdout == f"{version()} ({numbers})\n"


@pytest.mark.parametrize("command", ["infer", "inspect", "budget"])
def test_help_has_examples(command):
    done = run(command, "--help")
    assert done.returncode == 0 and "Examples:" in done.stdout
