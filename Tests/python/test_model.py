"""Runs, traces and costs of models over windows, and how values become samples."""

import ctypes
import warnings
from pathlib import Path

import numpy as np
import pytest

import snnrt
from snnrt import _library as lib
from snnrt.file import ModelWriter
from snnrt.trace import NodePlace, without_reset

ROOT = Path(__file__).resolve().parents[2]
BRAILLE = ROOT / "models/braille-l2mu/braille-l2mu-w8.snn"
WISDM = ROOT / "models/wisdm-small/wisdm-small-w4.snn"
SAMPLE = np.load(BRAILLE.parent / "sample.npy")
LABELS = np.load(BRAILLE.parent / "sample-labels.npy")


def test_labels_of_the_sample():
    model = snnrt.Model(BRAILLE)
    scores = model.run(SAMPLE)
    assert scores.shape == (14, 7) and scores.dtype == np.int32
    assert (model.labels(SAMPLE) == LABELS).all() and (scores.argmax(axis=1) == LABELS).all()
    assert (model.run(SAMPLE[3]) == scores[3:4]).all()
    assert (model.run(SAMPLE.reshape(14, 256, 3, 4)) == scores).all()
    assert (model.run(SAMPLE.astype(float)) == scores).all()


def test_one_run_gives_every_result_of_a_stream():
    model = snnrt.Model(BRAILLE)
    stream = SAMPLE[:3].reshape(-1, 12)
    assert (model.run(stream) == model.run(SAMPLE[:3])).all()
    trace = model.trace(stream)
    assert (trace.scores == model.run(stream)).all()
    assert (trace.spikes["u"][0].reshape(3, 256, -1) == model.trace(SAMPLE[:3]).spikes["u"]).all()


def test_a_trace_has_every_spike_that_is_counted():
    """Those of a window's last tick too, in which the network resets itself."""
    model = snnrt.Model(BRAILLE)
    trace, cost = model.trace(SAMPLE[:4]), model.cost(SAMPLE[:4])
    counted = {op["node"]: op["spikes"] for op in cost.ops if op["node"]}
    assert set(trace.spikes) == set(counted) == set(trace.membranes) == set(trace.currents)
    assert {node: int(spikes.sum()) for node, spikes in trace.spikes.items()} == counted
    assert any(spikes[:, -1].any() for spikes in trace.spikes.values())
    assert (trace.spikes["o"].sum(axis=1) == trace.scores).all()
    assert trace.membranes["u"].shape == (4, 256, 70) and trace.membranes["u"][:, -1].any()
    assert "h" in str(trace) and cost.results == 4 and cost.per_result["ticks"] == 256
    assert len(trace.neurons["h"]) == trace.spikes["h"].shape[2] < 120


def test_the_twin_differs_in_the_reset_alone():
    data = BRAILLE.read_bytes()
    twin = without_reset(data)
    assert sum(a != b for a, b in zip(data[:-4], twin[:-4])) == 1 and len(twin) == len(data)
    assert without_reset(twin) is None


@pytest.mark.parametrize("line, place", [
    ("node in slot 7: h", NodePlace("h", 7)),
    ("node in slot 7, 16 channels last: c: d", NodePlace("c: d", 7, channels_last=16)),
    ("node in slot 7, neurons 0-3 9: h", NodePlace("h", 7, kept=(0, 1, 2, 3, 9))),
    ("licence: none", None)])
def test_places_of_nodes(line, place):
    assert NodePlace.read(line) == place


def test_channels_last_become_nirs_order():
    """Element k of the slot is NIR's k mod C · (n / C) + k / C."""
    place = NodePlace("c", 1, channels_last=3)
    slot = np.arange(12)
    expected = np.empty(12, int)
    for k in range(12):
        expected[k % 3 * 4 + k // 3] = slot[k]
    assert (place.ordered(slot[None, None])[0, 0] == expected).all()


def test_values_become_the_librarys_samples():
    """Bit for bit, at ties and at the ends (docs/format.md, From sensor values to samples)."""
    model = snnrt.Model(WISDM)
    channel = lib.Channel(scale_numerator=model.channels[0].scale.numerator, scale_denominator=model.channels[0].scale.denominator)
    values = np.concatenate([np.arange(-40, 40) / 2000, np.random.default_rng(7).normal(0, 15, 2000), [32.767, 32.7675, 33, -32.768, -40, 1e300]])
    with pytest.warns(snnrt.SnnrtWarning, match="clipped"):
        found = model.frames(np.repeat(values[:, None], 6, axis=1), axes=1)[:, 0]
    library, sample, value = lib.library(), ctypes.c_int16(), ctypes.c_double()
    for number, given in enumerate(values):
        value.value = given
        assert library.snnrt_sample(ctypes.byref(channel), ctypes.c_uint32(1), ctypes.byref(value), ctypes.byref(sample)) == 0
        assert sample.value == found[number], given


def test_samples_that_are_none():
    model = snnrt.Model(WISDM)
    with pytest.raises(ValueError, match=r"expected \[windows, ticks, 6\]"):
        model.run(np.zeros((2, 40, 5)))
    with pytest.raises(ValueError, match="no numbers"):
        model.run(np.full((1, 40, 6), np.nan))
    with pytest.raises(ValueError, match="beyond int16"):
        model.run(np.full((1, 40, 6), 40000))
    with pytest.raises(TypeError, match="expected numbers"):
        model.run(np.full((1, 40, 6), "1"))
    with pytest.raises(ValueError, match="a window of 41 ticks gives|a window of 20 ticks gives"):
        model.run(np.zeros((2, model.window // 2, 6), np.int16))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.run(np.zeros((1, model.window, 6)))


def test_a_model_says_what_it_is(tmp_path):
    model = snnrt.Model(WISDM)
    assert [channel.name for channel in model.channels] == [f"{kind}_{axis}" for kind in ("accel", "gyro") for axis in "xyz"]
    assert model.channels[0].unit == "m/s^2" and float(model.rate) == 20 and model.classes[0] == "dribbling"
    assert "licence" in model.metadata and not any(key.startswith("node in slot") for key in model.metadata)
    assert "accel_x (m/s^2)" in str(model) and "<pre>" in model._repr_html_() and "6 channels" in repr(model)
    model.save(tmp_path / "copy.snn")
    assert (tmp_path / "copy.snn").read_bytes() == WISDM.read_bytes()
    assert snnrt.Model(tmp_path / "copy.snn").checksum == model.checksum


def test_plots():
    pytest.importorskip("matplotlib").use("agg")
    model = snnrt.Model(BRAILLE)
    trace = model.trace(SAMPLE[:1])
    axes = snnrt.plot.raster(trace)
    assert sum(len(points.get_offsets()) for points in axes.collections) == sum(int(s[0].sum()) for s in trace.spikes.values())
    assert len(snnrt.plot.membranes(trace, "h", neurons=(0, 1)).lines) == 4
    assert "100.0 %" in snnrt.plot.confusion(LABELS, LABELS, model.classes).get_title()
    axes = snnrt.plot.pareto([("a", 10, 0.5), ("b", 20, 0.4), ("c", 30, 0.9)])
    assert list(axes.lines[0].get_xdata()) == [10, 30]


def test_scores_in_units_of_their_own():
    """Metadata scores.scale says what a count of a score is worth."""
    writer = ModelWriter()
    samples = writer.stream("tilt", (50, 1), [("x", "g", (1, 1000))])
    values, current, classes = writer.analog(1, bits=8), writer.current(2), writer.analog(2, bits=16, persistent=True)
    writer.input(samples, values, offsets=[0], multipliers=[64], shift=8)
    writer.dense(values, current, np.array([[3], [-2]]), "int4")
    writer.lif(current, classes, model="LI", decay=16384)
    writer.output("side", writer.readout(classes, window=2, integration="last"), ["left", "right"])
    x = np.array([[[40], [80]]], np.int16)
    counts = snnrt.Model(writer.build()).run(x)
    writer.metadata("scores.scale: 0.25\n")
    scores = snnrt.Model(writer.build()).run(x)
    assert counts.any() and counts.dtype == np.int32 and (scores == counts * 0.25).all()
