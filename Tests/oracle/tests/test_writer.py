"""What the writer refuses, by the name of the field."""

import numpy as np
import pytest

from snnrt.file import ModelWriter
from tests.support import matrix


@pytest.mark.parametrize("change, field", [
    (dict(threshold=32768), "threshold"), (dict(threshold=-1), "threshold"), (dict(decay=32769), "decay"),
    (dict(synaptic_decay=1), "synaptic decay"), (dict(bias=2**31), "bias"), (dict(fraction_bits=16), "fraction bits"),
    (dict(width=8), "state width"), (dict(reset="none"), "reset"), (dict(model="LI", threshold=1), "threshold"),
    (dict(threshold=np.array([1, 2, 3])), "threshold"), (dict(decay=np.array([1, 40000])), "decay"),
    (dict(synaptic_decay=np.array([1, 2])), "synaptic decay"), (dict(bias=np.array([0.5, 1.5])), "bias"),
    (dict(model="ALIF", reset="subtract"), "reset"), (dict(model="CuBa-LI", reset="zero at once"), "reset"),
    (dict(comparison="<"), "comparison"), (dict(model="LI", comparison=">="), "comparison"),
    (dict(refractory=1), "refractory"), (dict(refractory=32768, reset="zero at once"), "refractory"),
    (dict(threshold_decay=1), "threshold decay"), (dict(threshold_step=np.array([1, 2])), "threshold step"),
    (dict(model="ALIF", threshold_decay=32769), "threshold decay"), (dict(model="ALIF", threshold_step=32768), "threshold step"),
    (dict(model="ALIF", synaptic_decay=1), "synaptic decay"), (dict(model="CuBa-LI", threshold=1), "threshold")])
def test_writer_names_the_field(change, field):
    model = ModelWriter()
    with pytest.raises(ValueError, match=field):
        model.lif(model.current(2), model.spikes(2), **change)


@pytest.mark.parametrize("change, field", [
    (dict(hop=0), "hop"), (dict(hop=13), "hop"), (dict(hop=5), "window / hop"), (dict(window=4097, hop=1), "window / hop"),
    (dict(hop=6, integration="leaky"), "hop"), (dict(is_early=True), "is_early"), (dict(evidence_decay=32769), "evidence decay"),
    (dict(hop=6, evidence_decay=1), "evidence decay")])
def test_writer_names_the_field_of_a_readout(change, field):
    model = ModelWriter()
    with pytest.raises(ValueError, match=field):
        model.readout(model.spikes(2), **dict(window=12) | change)


def test_writer_refuses_weights():
    model = ModelWriter()
    source, target = model.spikes(2), model.current(1)
    for weights, encoding in ((matrix([0, 1]), "binary"), (matrix([2, 1]), "ternary"), (matrix([8, 1]), "int4"),
                              (matrix([-129, 1]), "int8"), (matrix([32768, 1]), "int16"), (matrix([1], [1]), "int8"),
                              (matrix([1, 1]) / 1, "int8"), (matrix([1, 1]), "int2")):
        with pytest.raises(ValueError, match="weight"):
            model.dense(source, target, weights, encoding)
    for join in (dict(join="left", shift=31), dict(shift=1), dict(join="multiplier"), dict(multipliers=np.array([1]))):
        with pytest.raises(ValueError, match="shift|multipliers"):
            model.dense(source, target, matrix([1, 1]), "int8", **join)


@pytest.mark.parametrize("method, arguments, field", [
    ("sparse", dict(synapses=matrix([2, 0, 0, 1])), "source"), ("sparse", dict(synapses=matrix([0, 1, 0, 1])), "delay"),
    ("sparse", dict(synapses=matrix([0, 0, 2, 1])), "target"), ("sparse", dict(synapses=matrix([0, 0, 0, 128])), "weights"),
    ("sparse", dict(synapses=matrix([0, 0, 0, 1], [0, 0, 0, 2])), "synapses"), ("sparse", dict(delays=4097), "delays"),
    ("convolution", dict(shape=(1, 2, 3)), "weights"), ("convolution", dict(strides=(0, 1)), "strides"),
    ("convolution", dict(padding=(0, 256, 0, 0)), "padding"), ("convolution", dict(groups=2), "weights"),
    ("pool", dict(function="average"), "function"), ("pool", dict(padding=(1, 0, 0, 0)), "padding"),
    ("pool", dict(function="maximum", shift=1), "shift"), ("pool", dict(multiplier=32768), "multiplier"),
    ("activation", dict(function="relu"), "function"), ("activation", dict(period=3), "period"),
    ("activation", dict(function="tanh", low=1), "low"), ("activation", dict(low=2, high=1), "high"),
    ("activation", dict(multiplier=2**31), "multiplier"), ("activation", dict(bias=np.array([1])), "bias"),
    ("lif", dict(period=3), "period"), ("lif", dict(period=1, threshold=np.array([1, 2])), "threshold")])
def test_writer_names_the_field_of_a_spatial_op(method, arguments, field):
    model = ModelWriter()
    values, current = model.analog(2, 16), model.current(2)
    defaults = {"sparse": dict(source=values, target=current, synapses=matrix([0, 0, 0, 1]), encoding="int8"),
                "convolution": dict(source=values, target=current, shape=(1, 2, 1), weights=np.ones((1, 1, 1, 1), int),
                                    encoding="int8"),
                "pool": dict(source=values, target=current, shape=(1, 2, 1), window=(1, 1)),
                "activation": dict(current=current, target=values), "lif": dict(current=current, target=model.spikes(2))}[method]
    with pytest.raises(ValueError, match=field):
        getattr(model, method)(**defaults | arguments)


@pytest.mark.parametrize("method, arguments, field", [
    ("loihi", dict(exponent=8), "exponent"), ("loihi", dict(exponent=-9), "exponent"),
                                                      ("loihi", dict(comparison="<"), "comparison"),
    ("loihi", dict(current_decay=4097), "current decay"), ("loihi", dict(voltage_decay=np.array([1, 4097])), "voltage decay"),
    ("loihi", dict(threshold=2**23), "threshold"), ("loihi", dict(bias=-2**30), "bias"), ("loihi", dict(period=3), "period"),
    ("loihi", dict(bias=np.array([1, 2, 3])), "bias"), ("xylo", dict(threshold=32768), "threshold"),
    ("xylo", dict(membrane_dash=16), "membrane dash"), ("xylo", dict(synaptic_dash=np.array([1, 2])), "synaptic dash"),
    ("xylo", dict(bias=32768), "bias"), ("xylo", dict(aliases=np.array([0])), "aliases"),
    ("dense", dict(encoding="int16"), "join"), ("dense", dict(join="right"), "join"),
                                                      ("dense", dict(join="left", shift=9), "join shift"),
    ("dense", dict(source_shift=1), "source shift")])
def test_writer_names_the_field_of_a_chip(method, arguments, field):
    model = ModelWriter()
    current, spikes, synaptic = model.current(2), model.spikes(2), model.synaptic(4)
    defaults = {"loihi": dict(current=current, target=spikes), "xylo": dict(synaptic=synaptic, target=spikes),
                "dense": dict(source=spikes, target=synaptic, weights=np.ones((4, 2), int), encoding="int8")}[method]
    with pytest.raises(ValueError, match=field):
        getattr(model, method)(**defaults | arguments)


@pytest.mark.parametrize("change, field", [
    (dict(factors=np.ones((1, 4, 17), int)), "segment count"), (dict(factors=np.ones((1, 4, 0), int)), "segment count"),
    (dict(factors=np.ones((9, 4, 1), int)), "pole count"), (dict(factors=np.ones((0, 4, 1), int)), "pole count"),
    (dict(factors=np.ones((1, 3, 1), int)), "factors"), (dict(factors=np.ones((1, 7, 1), int)), "factors"),
    (dict(factors=np.ones((1, 4, 2), int)), "factors"), (dict(factors=np.ones((1, 11, 2, 2), int)), "factors"),
    (dict(factors=np.ones((1, 4, 3, 1), int)), "factors"), (dict(factors=np.ones((4, 1), int)), "factors"),
    (dict(factors=np.full((1, 4, 1), 2**31)), "factors"), (dict(factors=np.ones((1, 4, 1))), "factors"),
    (dict(target=1, factors=np.ones((1, 8194, 1), int)), "order"), (dict(output_shift=31), "output shift"),
                                           (dict(output_shift=-1), "output shift"),
    (dict(limit=0), "limit"), (dict(limit=32768), "limit"), (dict(substeps=0), "substeps"), (dict(substeps=17), "substeps"),
    (dict(fraction_bits=16), "fraction bits"), (dict(bias=2**31), "bias"), (dict(bias=np.array([1, 2, 3])), "bias")])
def test_writer_names_the_field_of_a_recurrence(change, field):
    model = ModelWriter()
    current, _ = model.current(2), model.analog(2 * 4097, 16, True)
    defaults = dict(current=current, target=model.analog(4, 16, True), factors=np.ones((1, 4, 1), int), output_shift=0, limit=1)
    with pytest.raises(ValueError, match=field):
        model.recurrence(**defaults | change)
    with pytest.raises(ValueError, match="target"):
        model.recurrence(**defaults | dict(target=model.analog(5, 16, True)))


def test_the_writer_takes_the_limit_of_a_wide_slot():
    model = ModelWriter()
    model.recurrence(model.current(2), model.analog(2, 32, True), np.ones((1, 2, 1), int), 0, 2**30 - 1)
    with pytest.raises(ValueError, match="limit"):
        model.recurrence(model.current(2), model.analog(2, 32, True), np.ones((1, 2, 1), int), 0, 2**30)
