"""compile, check and verify through the command: options, reports, warnings and refusals."""

import io
import shutil
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import snnrt
from snnrt import _command
from snnrt.compiling import _expected_path, _flags

NETWORKS = Path(__file__).resolve().parents[1] / "fixtures/nir"
THREE = NETWORKS / "three_axes.nir"
CHOICES = {"window": 4, "rate": 20, "dialect": "norse", "dt": 1e-3}
X = np.random.default_rng(3).normal(0, 20, (50, 4, 3))


@pytest.mark.parametrize("options, flags", [
    ({"window": 4, "dt": 1e-3, "min_agreement": 0.99}, ["--window", "4", "--dt", "0.001", "--min-agreement", "0.99"]),
    ({"prune_silent": True, "quiet": False, "target": None}, ["--prune-silent"]),
    ({"weights": [4, "lif2=8"]}, ["--weights", "4", "--weights", "lif2=8"]),
    ({"state": {"lif1": 16, "lif2": 32}}, ["--state", "lif1=16", "--state", "lif2=32"]),
    ({"channels": ["x", "y"], "classes": "a,b"}, ["--channels", "x,y", "--classes", "a,b"]),
    ({"count": 0.001, "rate": Fraction(100, 3)}, ["--count", "1/1000", "--rate", "100/3"]),
    ({"count": 4e-8, "rate": 100 / 3}, ["--count", "1/25000000", "--rate", "100/3"]),
    ({"count": [0.01, 1e-9]}, ["--count", "1/100,1/1000000000"]), ({"count": np.array([0.01, 0.5])}, ["--count", "1/100,1/2"]),
    ({"count": np.float32(0.1)}, ["--count", "1/10"]), ({"count": {"x": 0.02, "y": "1/3"}}, ["--count", "x=1/50", "--count", "y=1/3"]),
    ({"unit": ["g", "deg/s"]}, ["--unit", "g,deg/s"]), ({"unit": ["accel=g", "gyro=deg/s"]}, ["--unit", "accel=g", "--unit", "gyro=deg/s"]),
    ({"normalize": (0.5, 2)}, ["--normalize", "0.5,2"]), ({"count": 0.001 / 3}, ["--count", "1/3000"]),
])
def test_options_are_the_commands(tmp_path, options, flags):
    assert _flags(options, tmp_path) == flags


@pytest.mark.parametrize("options, reason", [
    ({"count": 1e-10}, "no ratio"), ({"rate": 2**33}, "no ratio"), ({"rate": 0}, "no ratio"), ({"count": [0.5, -1.0]}, "no ratio"),
    ({"channels": ["a,b", "c"]}, '"a,b" has a comma'), ({"unit": ["g", "m,s"]}, "has a comma")])
def test_options_that_the_command_would_take_otherwise(tmp_path, options, reason):
    with pytest.raises(ValueError, match=reason):
        _flags(options, tmp_path)


def test_counts_are_as_exact_as_floats(tmp_path):
    for count in np.random.default_rng(1).uniform(1e-4, 10, 200):
        assert float(Fraction(_flags({"count": count}, tmp_path)[1])) == pytest.approx(count, rel=2e-14, abs=0)


def test_the_normalization_is_one_option(tmp_path):
    option, files = _flags({"normalize": (np.zeros(3), np.ones(3))}, tmp_path)
    assert option == "--normalize" and [np.load(path).tolist() for path in files.split(",")] == [[0] * 3, [1] * 3]
    lone = {"window": 4, "rate": 20, "dialect": "norse", "dt": 1e-3}
    by_array = snnrt.compile(THREE, normalize=(np.full(3, 0.5), np.full(3, 2.0)), count=[0.01, 0.02, 0.02], **lone)
    assert by_array.data == snnrt.compile(THREE, normalize="0.5,2", count="1/100,1/50,1/50", **lone).data


def test_arrays_go_through_files(tmp_path):
    name, path, again, other = _flags({"calibrate": [np.zeros((2, 3, 4, 5)), np.ones((1, 3, 20), np.int8)]}, tmp_path)
    assert name == again == "--calibrate" and np.load(path).shape == (2, 3, 20)
    assert np.load(other).dtype == np.int16
    expected = np.load(_expected_path(np.eye(2), np.ones((2, 4, 3)), tmp_path))
    assert sorted(expected) == ["input", "scores"]
    assert sorted(np.load(_expected_path({"scores": np.eye(2), "labels": [0, 1]}, None, tmp_path))) == ["labels", "scores"]
    assert np.load(_expected_path([0, 1], None, tmp_path)).tolist() == [0, 1]


@pytest.mark.parametrize("values", [np.full((2, 3, 3), 40000, np.int32), np.full((2, 3, 3), 65535, np.uint16)])
def test_integers_beyond_16_bits_are_refused(tmp_path, values):
    with pytest.raises(ValueError, match="calibrate has integers beyond int16"):
        _flags({"calibrate": values}, tmp_path)
    with pytest.raises(ValueError, match="log has integers beyond int16"):
        snnrt.verify(tmp_path / "x.snn", THREE, values)


def test_windows_given_are_those_of_what_is_expected(tmp_path):
    """An input that is given twice must be the same, one that is missing is the sample."""
    x, scores = np.ones((2, 4, 3)), np.eye(2)
    np.savez(tmp_path / "own.npz", input=x, scores=scores)
    np.savez(tmp_path / "none.npz", scores=scores)
    for expected in ({"input": x, "scores": scores}, tmp_path / "own.npz"):
        assert np.load(_expected_path(expected, x.astype(np.float32), tmp_path))["input"].shape == (2, 4, 3)
        for other in (x + 1, x[:1], x.reshape(4, 2, 3)):
            with pytest.raises(ValueError, match="are not the input that"):
                _expected_path(expected, other, tmp_path)
            with pytest.raises(ValueError, match="are not the input that"):
                snnrt.verify(tmp_path / "x.snn", THREE, other, expected=expected)
        with pytest.raises(ValueError, match="x is a log"):
            snnrt.verify(tmp_path / "x.snn", THREE, tmp_path / "log.csv", expected=expected)
    assert (np.load(_expected_path(tmp_path / "none.npz", x, tmp_path))["input"] == x).all()


def test_a_sample_of_a_file_is_calibrated_on(tmp_path):
    network = tmp_path / "three.nir"
    shutil.copy(THREE, network)
    options = {"classes": ["still", "moved"], "count": 0.01} | CHOICES
    model = snnrt.compile(network, X, **options)
    assert model.data == snnrt.compile(network, calibrate=X, **options).data != snnrt.compile(network, **options).data
    with pytest.raises(ValueError, match="leave one away"):
        snnrt.compile(network, X, calibrate=X, **options)
    np.savez(tmp_path / "three.expected.npz", input=X[:10], scores=model.run(X[:10]))
    with pytest.raises(ValueError, match=r"not the input that three\.expected\.npz has"):
        snnrt.compile(network, X, **options)
    assert snnrt.compile(network, X[:10], **options).report.bytes
    np.savez(tmp_path / "three.expected.npz", scores=model.run(X))
    with pytest.raises(ValueError, match="has no input"):
        snnrt.compile(network, X, **options)


def test_compile_run_verify(tmp_path):
    model = snnrt.compile(THREE, output=tmp_path / "three.snn", classes=["still", "moved"], count=0.01, **CHOICES)
    assert model.path == tmp_path / "three.snn" and model.path.read_bytes() == model.data
    assert model.classes == ["still", "moved"] and model.channels[0].scale == Fraction(1, 100)
    assert model.report.bytes == len(model.data) and model.report.data["arenaBytes"] == model.report.arena_bytes == model.arena_bytes
    assert "threshold" in str(model.report) and "threshold" in str(model)
    comparison = snnrt.verify(model, THREE, X)
    assert comparison.is_enough and comparison.label_agreement == 1 and "threshold" in str(comparison)
    assert snnrt.verify(model.path, THREE, model.windows(X)).populations[0]["spikes"] == comparison.populations[0]["spikes"]
    trace = model.trace(X)
    # verify leaves out a window's last tick.
    assert comparison.populations[0]["spikes"] == trace.spikes["threshold"][:, :-1].sum()
    in_memory = snnrt.compile(THREE, classes=["still", "moved"], count="1/100", **CHOICES)
    assert in_memory.data == model.data and in_memory.path is None


def test_a_budget_and_its_plot():
    x, y = np.random.default_rng(1).integers(-100, 100, (60, 8, 3)), np.random.default_rng(2).integers(0, 2, 60)
    model = snnrt.compile(THREE, calibrate=x, labels=y, bit_budget=20000, input_bits=8, **CHOICES | {"window": 8})
    rows = model.report.plan["rows"]
    assert sum(row["isChosen"] for row in rows) == 1
    pytest.importorskip("matplotlib").use("agg")
    axes = snnrt.plot.pareto(model.report)
    assert len(axes.collections[0].get_offsets()) == len(rows) and "chosen" in [text.get_text() for text in axes.texts]


def test_refusals_have_the_commands_words():
    with pytest.raises(snnrt.CompileError, match="expected 1 to 16,777,216 ticks") as refusal:
        snnrt.compile(THREE, **CHOICES | {"window": 0})
    assert refusal.value.exit_code == 64 and refusal.value.command[1] == "compile"
    with pytest.raises(snnrt.CompileError, match="no such file"):
        snnrt.check(NETWORKS / "missing.nir")
    with pytest.raises(TypeError, match="expected a path"):
        snnrt.compile(3)
    with pytest.raises(AttributeError, match="has no colour"):
        _ = snnrt.check(THREE).colour


def test_check_also_shows_what_is_refused():
    report = snnrt.check(THREE)
    assert report.is_supported and [node["node"] for node in report.nodes] == ["input", "fc", "threshold", "output"]
    assert "can be compiled" in str(report) and "Affine" in str(report)
    refused = snnrt.check(NETWORKS / "unknown.nir")
    assert not refused.is_supported and "cannot be compiled" in str(refused)


def script(tmp_path, text):
    path = tmp_path / "command"
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("watched", [False, True])
def test_what_the_command_says(tmp_path, monkeypatch, watched):
    """Warnings are warnings, notes notes, progress is passed on to a terminal, and what remains of a failure is its text."""
    monkeypatch.setenv("SNNRT", script(tmp_path, r"""printf '\r\033[Kcalibrating, 50 %%' >&2; sleep 0.2
printf '\r\033[Knote: half\n' >&2; echo 'warning: slow in /tmp/made/x.npz' >&2; echo '{"a": 1}'; echo 'snnrt: x.nir: is odd' >&2
echo '  hint: mend it' >&2; exit $CODE
"""))
    monkeypatch.setattr(_command, "_is_terminal", lambda: watched)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setenv("CODE", "0")
    with pytest.warns(snnrt.SnnrtWarning, match="^slow in x.npz") as caught:
        report, notes = (lambda: _command.run("compile", folder=Path("/tmp/made")))()
    assert caught[0].filename == __file__
    assert report == {"a": 1} and "half" in notes
    assert ("calibrating, 50 %" in sys.stderr.getvalue()) == watched
    monkeypatch.setenv("CODE", "1")
    with pytest.warns(snnrt.SnnrtWarning), pytest.raises(snnrt.CompileError) as refusal:
        _command.run("compile")
    assert "x.nir: is odd\n  hint: mend it" in str(refusal.value) and refusal.value.report == {"a": 1}
