"""Tests of what format 1.2 added to the reference, against numbers worked out by hand."""

import re
import struct
from collections import Counter
from math import exp, tanh
from pathlib import Path

import numpy as np
import pytest

import generate  # first: it puts models/ on the path
import interpreter
import reader
import refusals_ops
from snnrt.file import ModelWriter
from test_reference import Bench, column, matrix

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "format.md"


def currents(bench, count, add, frames, **readout):
    """The network, and the current of `count` elements that `add(current)` projects into, after each frame."""
    current, target = bench.model.current(count), bench.model.spikes(count)
    add(current)
    bench.model.lif(current, target)
    return bench.run(target, frames, slot=current, **readout)


# --- Files ---


def test_round_trip_of_format_1_2():
    model = reader.parse(refusals_ops.rich_1_2().data)
    assert [int(op.kind) for op in model.ops] == [1, 7, 4, 8, 7, 4, 9, 10, 11, 10, 9, 11, 8, 7, 4, 9, 4, 6]
    parameters = [op.parameters for op in model.ops]
    sparse = parameters[1]
    assert (sparse.delays, sparse.join, sparse.shift, sparse.target_bits) == (3, 3, 1, 16)
    assert sparse.runs.tolist() == [0, 2, 2, 3, 3, 3, 3, 3, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7]
    assert sparse.targets.tolist() == [0, 2, 1, 0, 1, 3, 3] and sparse.weights.tolist() == [1, -2, 3, 4, 5, -8, 7]
    assert (parameters[2].period, parameters[2].threshold.tolist(), parameters[2].flags) == (2, [10, 20], 1 + 4 + 8 + 16 + 32)
    assert (parameters[3].kept, parameters[3].delay.tolist()) == (4, [0, 1, 2, 3])
    # channels c of groups 0 and 1; weights −3 −2 of channel 0, −1 0 of channel 1, 1 2 and 3 4
    assert parameters[6].weights[:, 0].tolist() == [[[-3, -1], [-2, 0]], [[1, 3], [2, 4]]]
    assert (parameters[6].columns.count, parameters[6].rows.count, parameters[6].taps) == (3, 1, 5)
    assert (parameters[7].function, parameters[7].columns.before) == (2, 1)
    clip = parameters[8]
    assert (clip.function, clip.shift, clip.low, clip.high, clip.period, clip.bias.tolist()) == (1, 3, -5, 31, 4, [-1, 0, 1, 2])
    assert (parameters[12].kept, parameters[12].delay) == (5, 2) and parameters[15].source_shift == 16


def test_work_of_a_pool_just_fits():
    assert reader.parse(refusals_ops.pool_work(beyond=False).data).ops[1].parameters.work() == 2**24 * 15 * 17


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
def test_writer_names_the_field(method, arguments, field):
    model = ModelWriter()
    values, current = model.analog(2, 16), model.current(2)
    defaults = {"sparse": dict(source=values, target=current, synapses=matrix([0, 0, 0, 1]), encoding="int8"),
                "convolution": dict(source=values, target=current, shape=(1, 2, 1), weights=np.ones((1, 1, 1, 1), int), encoding="int8"),
                "pool": dict(source=values, target=current, shape=(1, 2, 1), window=(1, 1)),
                "activation": dict(current=current, target=values), "lif": dict(current=current, target=model.spikes(2))}[method]
    with pytest.raises(ValueError, match=field):
        getattr(model, method)(**defaults | arguments)


# --- Sparse and delay ---


def test_sparse_with_delays():
    bench = Bench(2)
    synapses = matrix([0, 2, 2, 0], [0, 0, 0, 2], [1, 2, 0, -4], [0, 1, 1, 3], [1, 0, 2, 5])
    network, trace = currents(bench, 3, lambda current: bench.model.sparse(bench.values, current, synapses, "int4", 3),
                              [[1, 10], [2, 20], [3, 0], [0, -1]])
    # 2·a(t), −4·b(t − 2);  3·a(t − 1);  5·b(t), 0·a(t − 2)
    assert trace == [[2, 0, 50], [4, 3, 100], [6 - 40, 6, 0], [-80, 9, -5]]
    sparse = network.ops[1]
    # Tick 3 stands where tick 0 stood.
    assert b"".join(sparse.state()) == struct.pack("<I6h", 1, 0, -1, 2, 20, 3, 0)
    figures = network.accounting()["ops"][1]
    # 2 of a and b; 3: and a(t − 1); 4: a, a(t − 1), a(t − 2), b(t − 2); 4: a(t − 1), a(t − 2), b, b(t − 2).
    # The zero weight meets a(t − 2) ≠ 0 twice.
    assert (figures["events"], figures["synapticOperations"], figures["effectiveACs"], figures["effectiveMACs"]) == (13, 13, 0, 11)
    assert (figures["synapses"], figures["weights"], figures["zeroWeights"], figures["storedWeightBits"]) == (5, 5, 1, 20)
    assert figures["parameterBits"] == 7 * 32 + 5 * 16 and figures["sourceBits"] == 16
    assert figures["modelBitsRead"] == 4 * (7 * 32 + 5 * 16) + 13 * 4
    # the source and a frame; the current and a frame
    assert (figures["stateBitsReadPerTick"], figures["stateBitsWrittenPerTick"]) == (2 * 16 + 2 * 16, 3 * 32 + 2 * 16)


def test_sparse_without_delays_keeps_nothing():
    bench = Bench(2)
    network, trace = currents(bench, 1, lambda current: bench.model.sparse(
        bench.values, current, matrix([0, 0, 0, 1]), "ternary", 1, "left", 3), [[1, 500], [2, 0], [-1, 0]])
    assert trace == [[8], [16], [-8]] and network.ops[1].state() == []
    # Only element 0 reaches a synapse: ±1 are ACs though element 1 is 500.
    assert (network.ops[1].effective_acs, network.ops[1].effective_macs) == (2, 1)
    assert network.accounting()["ops"][1]["stateBitsReadPerTick"] == 2 * 16


def test_sparse_without_synapses():
    bench = Bench(2)
    network, trace = currents(bench, 2, lambda current: bench.model.sparse(
        bench.values, current, np.zeros((0, 4), int), "binary", 2), [[1, 2], [3, 4]])
    assert trace == [[0, 0], [0, 0]] and network.ops[1].events == 0
    assert b"".join(network.ops[1].state()) == struct.pack("<I4h", 0, 1, 2, 3, 4)


def test_sparse_of_more_than_65536_destinations():
    bench = Bench(2)
    current, target = bench.model.current(65537), bench.model.spikes(65537)
    bench.model.sparse(bench.values, current, matrix([1, 0, 65536, -1], [0, 0, 3, 1]), "binary")
    bench.model.lif(current, target)
    network, trace = bench.run(bench.values, [[5, 7]], slot=current)
    assert (trace[0][3], trace[0][65536], np.count_nonzero(trace[0])) == (5, -7, 2)
    assert network.accounting()["ops"][1]["parameterBits"] == 3 * 32 + 2 * 32


def test_sparse_joins_and_wide_frames():
    bench = Bench(1)
    wide = bench.model.analog(1, 32, persistent=True)
    bench.model.lif(bench.identity(1), wide, model="LI", width=32, fraction_bits=10, decay=0)
    current, target = bench.model.current(2), bench.model.spikes(2)
    bench.model.sparse(wide, current, matrix([0, 1, 0, 3], [0, 1, 1, -1]), "int8", 2, "multiplier", 1, 4, np.array([10, 1]))
    bench.model.lif(current, target)
    network, trace = bench.run(target, column(3, 600, 0), slot=current)
    # 3·1024 = 3072 → 192; (192·3·10 + 1) >> 1 = 2880; (−192 + 1) >> 1 = −96.   614400 → 38400 → 32767:
    # (983010 + 1) >> 1 = 491505; (−32767 + 1) >> 1 = −16383
    assert trace == [[0, 0], [2880, -96], [491505, -16383]]
    assert b"".join(network.ops[3].state()) == struct.pack("<I2i", 1, 0, 614400)  # as they stand in the slot


def test_sparse_from_its_own_population():
    bench = Bench(1)
    current, target = bench.model.current(1), bench.model.spikes(1, persistent=True)
    bench.model.dense(bench.values, current, matrix([1]), "int8")
    bench.model.sparse(target, current, matrix([0, 1, 0, -50]), "int8", 2)
    bench.model.lif(current, target, threshold=10, decay=0, reset="zero")
    # The op reads last tick's spikes; a delay of 1 is those of two ticks ago.
    assert bench.run(target, column(20, 20, 20, 20, 20))[1] == [[1], [1], [0], [0], [1]]


def test_delay_per_element():
    bench = Bench(2)
    target = bench.model.analog(2, 16)
    bench.model.delay(bench.values, target, np.array([0, 2]), kept=3)
    network, trace = bench.run(target, [[1, 10], [2, 20], [3, 30], [4, 40]])
    assert trace == [[1, 0], [2, 0], [3, 10], [4, 20]]
    assert b"".join(network.ops[1].state()) == struct.pack("<I6h", 1, 4, 40, 2, 20, 3, 30)
    figures = network.accounting()["ops"][1]
    assert (figures["events"], figures["parameterBits"], figures["synapses"], figures["neurons"]) == (8, 32, 0, 0)
    assert (figures["stateBitsReadPerTick"], figures["stateBitsWrittenPerTick"]) == (64, 64)


def test_delay_of_every_type():
    # Plain spikes: words without a number.
    bench = Bench(3)
    bench.run_lif(decay=0, reset="zero")
    target = bench.model.spikes(3)
    bench.model.delay(bench.target, target, 1)
    network, trace = bench.run(target, [[5, -1, 1], [0, 1, 0]])
    assert trace == [[0, 0, 0], [1, 0, 1]]
    assert b"".join(network.ops[3].state()) == struct.pack("<3I", 0, 0b101, 0b010)
    figures = network.accounting()["ops"][3]
    assert (figures["events"], figures["parameterBits"], figures["stateBitsReadPerTick"]) == (3, 16, 3 + 3)
    # Graded spikes: i16, each frame padded.
    bench = Bench(1)
    bench.run_lif(bits=2, decay=0, reset="zero at once", threshold=10)
    target = bench.model.spikes(1, bits=2)
    bench.model.delay(bench.target, target, 1, kept=3)
    network, trace = bench.run(target, column(25, 45, 5))
    assert trace == [[0], [2], [3]] and b"".join(network.ops[3].state()) == struct.pack("<I6h", 0, 2, 0, 3, 0, 0, 0)
    # One frame kept, of a wide slot; the target is a transient wide slot.
    bench = Bench(1)
    wide, target = bench.model.analog(1, 32, persistent=True, initial=-7), bench.model.analog(1, 32)
    bench.model.delay(wide, target, 0)  # above the writer: last tick's value
    bench.model.lif(bench.identity(1), wide, model="LI", width=32, fraction_bits=3, decay=0)
    network, trace = bench.run(target, column(1, 2))
    assert trace == [[-7], [8]] and b"".join(network.ops[1].state()) == struct.pack("<Ii", 0, 8)


def test_a_slot_that_a_delay_or_a_pool_reads_and_writes():
    bench = Bench(1)
    own = bench.model.analog(1, 16, persistent=True, initial=5)
    bench.model.delay(own, own, 1)
    # x is 5, 0 (before the first tick), 5, 0 …
    assert bench.run(own, column(0, 0, 0, 0))[1] == [[0], [5], [0], [5]]
    bench = Bench(1)
    own = bench.model.analog(3, 16, persistent=True, initial=4)
    bench.model.pool(own, own, (1, 3, 1), (1, 2), strides=(1, 1), padding=(0, 0, 1, 0))
    # y[i] = x[i − 1] + x[i] of the last tick
    assert bench.run(own, column(0, 0))[1] == [[4, 8, 8], [4, 12, 16]]


def test_a_reset_at_a_hops_end_empties_the_frames():
    for resets, expected in ((False, [[0], [1], [2], [3]]), (True, [[0], [1], [0], [3]])):
        bench = Bench(1)
        target = bench.model.analog(1, 16)
        bench.model.delay(bench.values, target, 1)
        network, trace = bench.run(target, column(1, 2, 3, 4), window=2, reset_network=resets)
        assert trace == expected
        assert b"".join(network.ops[1].state()) == (bytes(12) if resets else struct.pack("<I4h", 0, 3, 0, 4, 0))
        bench = Bench(1)
        network, trace = currents(bench, 1, lambda current: bench.model.sparse(
            bench.values, current, matrix([0, 1, 0, 1]), "int8", 2), column(1, 2, 3, 4), window=2, reset_network=resets)
        assert trace == expected
    network.tick([9])
    network.reset()
    assert b"".join(network.ops[1].state()) == bytes(12)


# --- Convolution and pool ---


def test_convolution_of_one_dimension():
    bench = Bench(4)
    network, trace = currents(bench, 3, lambda current: bench.model.convolution(
        bench.values, current, (1, 4, 1), np.array([1, 10, 100]).reshape(1, 1, 1, 3), "int8", padding=(0, 0, 1, 0)),
        [[1, 2, 3, 4], [1, 0, 3, 4]])
    assert trace == [[10 + 200, 1 + 20 + 300, 2 + 30 + 400], [10, 301, 430]]
    figures = network.accounting()["ops"][1]
    # 3 · 3 taps but one outside; element 1 has three
    assert (figures["synapses"], figures["events"], figures["operationsPerEvent"], figures["weights"]) == (8, 8 + 5, 1, 3)
    assert (figures["stateBitsReadPerTick"], figures["stateBitsWrittenPerTick"], figures["parameterBits"]) == (64, 96, 0)


def test_convolution_of_two_dimensions():
    bench = Bench(9)
    network, trace = currents(bench, 4, lambda current: bench.model.convolution(
        bench.values, current, (3, 3, 1), np.array([1, 2, 3, 4]).reshape(1, 1, 2, 2), "int8", (2, 2), (1, 0, 0, 1)),
        [[1, 2, 3, 4, 5, 6, 7, 8, 9]])
    # rows −1 and 0, columns 0 and 1: 3·1 + 4·2; columns 2 and 3: 3·3.  Rows 1 and 2: 4 + 10 + 21 + 32; 6 + 27
    assert trace == [[11, 9, 67, 33]]
    assert network.accounting()["ops"][1]["synapses"] == 3 * 3 == network.ops[1].events


def test_convolution_in_groups_with_dilation_and_multipliers():
    bench = Bench(6)
    weights = np.array([1, 2, 3, 0, 5, 6, -1, -2]).reshape(4, 1, 1, 2)
    network, trace = currents(bench, 4, lambda current: bench.model.convolution(
        bench.values, current, (1, 3, 2), weights, "int8", dilations=(1, 2), groups=2, join="multiplier", shift=1,
        multipliers=np.array([1, -1, 2, 3])), [[1, 10, 2, 20, 3, 30], [1, -1, 99, 99, 0, 1]])
    # Channel 0 at 0 and 2: 1·1 + 2·3 = 7 → 4; 3 → −3 → −1.  Channel 1: 50 + 180 = 230 → 460 → 230; −10 − 60 = −70 → −210 → −105
    # 1 → 1; 3 → −3 → −1;  −5 + 6 = 1 → 1; 1 − 2 = −1 → −3 → −1
    assert trace == [[4, -1, 230, -105], [1, -1, 1, -1]]
    figures = network.accounting()["ops"][1]
    # 2 channels, 2 taps, 2 destinations; 4 taps, then 3; one weight is 0. Position 1 has no tap, so the 99 count for nothing.
    assert (figures["synapses"], figures["events"], figures["synapticOperations"]) == (8, 7, 14)
    assert (figures["effectiveMACs"], figures["effectiveACs"]) == (7, 6)
    assert (figures["weights"], figures["zeroWeights"], figures["storedWeightBits"], figures["parameterBits"]) == (8, 1, 64, 128)


def test_convolutions_equal_the_formula():
    """Random convolutions against the sum of section 9.9, element by element."""
    dice, tried = generate.Dice(77), 0
    print("seed 77")
    while tried < 60:
        height, width, groups = dice.between(1, 4), dice.between(1, 5), dice.between(1, 2)
        channels, targets = groups * dice.between(1, 2), groups * dice.between(1, 3)
        kernel, strides, dilations = ([dice.between(1, 3) for _ in range(2)] for _ in range(3))
        padding = [dice.between(0, 3) for _ in range(4)]
        dividends = [size + padding[2 * i] + padding[2 * i + 1] - dilations[i] * (kernel[i] - 1) - 1
                     for i, size in enumerate((height, width))]
        if min(dividends) < 0:
            continue
        tried += 1
        rows, columns = (dividends[i] // strides[i] + 1 for i in range(2))
        weights = dice.array((targets, channels // groups, *kernel), -3, 3)
        frame = dice.array((height, width, channels), -2, 2)
        expected, events, met = np.zeros((rows, columns, targets), np.int64), 0, 0
        for y, x, target, c, ky, kx in np.ndindex(rows, columns, targets, channels // groups, *kernel):
            row = strides[0] * y + dilations[0] * ky - padding[0]
            column_ = strides[1] * x + dilations[1] * kx - padding[2]
            channel = target // (targets // groups) * (channels // groups) + c
            if 0 <= row < height and 0 <= column_ < width:
                expected[y, x, target] += weights[target, c, ky, kx] * frame[row, column_, channel]
                events += int(frame[row, column_, channel] != 0)
                met += int(frame[row, column_, channel] != 0 and weights[target, c, ky, kx] != 0)
        bench = Bench(height * width * channels)
        network, trace = currents(bench, expected.size, lambda current: bench.model.convolution(
            bench.values, current, (height, width, channels), weights, "int4", strides, padding, dilations, groups),
            [frame.reshape(-1)])
        assert trace == [expected.reshape(-1).tolist()]
        figures = network.accounting()["ops"][1]
        assert figures["synapticOperations"] == events and figures["effectiveACs"] + figures["effectiveMACs"] == met


def test_pools_into_analog():
    frames, shape = [[1, 2, 3, 4, -9]], (1, 5, 1)
    common = dict(shape=shape, window=(1, 2), padding=(0, 0, 1, 0))
    bench, tally = Bench(5), Counter()
    target = bench.model.analog(3, 4)
    bench.model.pool(bench.values, target, multiplier=3, shift=1, **common)
    # windows (1), (2, 3), (4, −9): 3 → 2; 15 → 8 → 7; −15 → −7
    network, trace = bench.run(target, frames, tally=tally)
    assert trace == [[2, 7, -7]] and tally["saturated pool"] == 1
    figures = network.accounting()["ops"][1]
    assert (figures["events"], figures["synapses"], figures["parameterBits"]) == (5, 0, 0)
    assert (figures["stateBitsReadPerTick"], figures["stateBitsWrittenPerTick"]) == (5 * 16, 3 * 4)
    bench = Bench(5)
    target = bench.model.analog(3, 16)
    bench.model.pool(bench.values, target, function="maximum", **common)
    assert bench.run(target, frames)[1] == [[1, 3, 4]]


def test_pools_of_spikes():
    bench = Bench(8)
    bench.run_lif(decay=0, reset="zero")
    # 2 rows, 2 columns, 2 channels: channel 0 has 1 0 / 1 1, channel 1 has 0 1 / 0 0
    frame = [[1, 0, 0, 1, 1, 0, 1, 0]]
    greatest, average = bench.model.spikes(4), bench.model.analog(2, 8)
    bench.model.pool(bench.target, greatest, (2, 2, 2), (2, 1), "maximum")
    bench.model.pool(bench.target, average, (2, 2, 2), (2, 2), multiplier=64, shift=1)
    network, _ = bench.run(average, frame)
    assert network.values[greatest].tolist() == [1, 0, 1, 1]
    assert network.values[average].tolist() == [96, 32]


def test_pools_of_currents_add_to_currents():
    bench = Bench(4)
    first, second, sums = (bench.model.current(count) for count in (4, 4, 2))
    target = bench.model.spikes(2)
    for current in (first, second):
        bench.model.dense(bench.values, current, -np.eye(4, dtype=int), "int8")
    bench.model.dense(bench.values, sums, matrix([1, 0, 0, 0], [0, 0, 0, 1]), "int8")
    bench.model.pool(first, sums, (2, 1, 2), (2, 1), "maximum")
    bench.model.pool(second, sums, (2, 1, 2), (2, 1), multiplier=-3, shift=1)
    bench.model.lif(sums, target)
    # currents −5 −6 / −7 −8: the greatest −5 and −6; sums −12 and −14: 36 → 18, 42 → 21; and 5 and 8
    network, trace = bench.run(target, [[5, 6, 7, 8]], slot=sums)
    assert trace == [[5 - 5 + 18, 8 - 6 + 21]]
    assert [network.accounting()["ops"][i]["stateBitsReadPerTick"] for i in (4, 5)] == [4 * 32, 4 * 32]


# --- Activation and periods ---


def activations(samples, bits, function, **arguments):
    bench, tally = Bench(len(samples)), Counter()
    target = bench.model.analog(len(samples), bits)
    bench.model.activation(bench.identity(len(samples)), target, function, **arguments)
    network, trace = bench.run(target, [samples], tally=tally)
    return trace[0], network, tally


def test_clip():
    common = dict(bias=2, shift=2, low=-5, high=31)
    # 12·3 = 36 → 9; −24 → (−24 + 2) >> 2 = −6 → −5; 306 → 77 → 31; 0
    values, network, tally = activations([10, -10, 100, -2], 6, "clip", multiplier=3, **common)
    assert values == [9, -5, 31, 0] and tally["saturated activation clip"] == 2
    figures = network.accounting()
    assert (figures["ops"][2]["parameterBits"], figures["ops"][2]["neurons"], figures["ops"][2]["events"]) == (64, 4, 3)
    assert (figures["network"]["lifEvents"], figures["network"]["neuronTicks"]) == (3, 4)
    # a period of 2: m = 4, −4, 4, −4
    values, network, _ = activations([10, -10, 1, 1], 6, "clip", multiplier=np.array([4, -4]), period=2, **common)
    assert values == [12, 8, 3, -3] and network.accounting()["ops"][2]["parameterBits"] == 32 * 3
    # 2^31 − 1 − 32767 and 32767, times 2^31 − 1, by 2^47: 2^15 − …
    values, _, _ = activations([1], 16, "clip", multiplier=2**31 - 1, bias=2**31 - 1 - 32769, shift=47, low=-32767, high=32767)
    # (2147450879·2147483647 + 2^46) >> 47 = 32767.5… + 0.5 − a little
    assert values == [min(32767, (2147450879 * 2147483647 + 2**46) >> 47)]
    values, _, _ = activations([-3, 5, 0], 2, "clip", low=1, high=1)
    assert values == [1, 1, 1]


def test_tanh():
    samples = [0, 4096, 64, -64, 32767, -4160, -32767]
    # i = 32: 24956; half of 1024; 32768 → limit; −(24956 + rnd(420·64, 7) = 210)
    values, _, tally = activations(samples, 16, "tanh")
    assert values == [0, 24956, 512, -512, 32767, -25166, -32767] and tally["saturated activation"] == 2
    # 8 bits: (24956 + 128) >> 8 = 97; 2.5 → 2; −1.5 → −2; 128 → 127; (−25166 + 128) >> 8 = −98; −128 → −127
    assert activations(samples, 8, "tanh")[0] == [0, 97, 2, -2, 127, -98, -127]
    # z = 65534 → 32767
    values, _, tally = activations([32767, -20000], 16, "tanh", multiplier=2)
    assert values == [32767, -32767] and tally["saturated activation argument"] == 2


def test_sigmoid():
    # 0: 1/2; 8192 is 2: (32768 + 24956 + 1) >> 1 = 28862; (32768 − 24956 + 1) >> 1 = 3906
    assert activations([0, 8192, -8192], 16, "sigmoid")[0] == [16384, 28862, 3906]
    # in 2 bits: 24576 >> 14 = 1; 37054 >> 14 = 2 → 1; 12098 >> 14 = 0
    assert activations([0, 8192, -8192], 2, "sigmoid")[0] == [1, 1, 0]


def test_the_table_of_tanh_and_its_errors():
    rows = re.findall(r"^\| \d+ \| ([\d ]+) \|$", DOCUMENT.read_text().split("## 19 ")[-1], re.MULTILINE)
    table = [int(word) for row in rows for word in row.split()]
    assert table == interpreter.TANH.tolist() == [round(32768 * tanh(i / 32)) for i in range(257)]
    values = np.arange(-32767, 32768)
    found = interpreter.interpolated(values, 7)
    assert max(abs(y - 32768 * tanh(v / 4096)) for v, y in zip(values.tolist(), found.tolist())) < 4
    inner = interpreter.round_shift(32768 + interpreter.interpolated(values, 8), 1)
    assert max(abs(y - 32768 / (1 + exp(-v / 4096))) for v, y in zip(values.tolist(), inner.tolist())) < 2.5


def test_recurrent_activation_reads_last_tick():
    bench = Bench(1)
    current, target = bench.model.current(1), bench.model.analog(1, 16, persistent=True, initial=7)
    bench.model.dense(bench.values, current, matrix([1]), "int8")
    bench.model.dense(target, current, matrix([2]), "int8")
    bench.model.activation(current, target, low=-100, high=100)
    network, trace = bench.run(target, column(1, -40, 70))
    assert trace == [[15], [-10], [50]]
    # position, entries, the slot, scores: an activation has no other state
    assert network.state_parts() == struct.pack("<IIhhi", 3, 0, 50, 0, 55)


def test_period_of_a_population():
    bench = Bench(4)
    bench.run_lif(threshold=np.array([10, 20]), bias=np.array([0, 5]), reset="zero at once", period=2)
    spikes, membrane = bench.history([[15, 15, 21, 16]], "membrane")
    assert spikes == [[1, 0, 1, 1]] and membrane == [[0, 20, 0, 0]]
    assert bench.network.accounting()["ops"][2]["parameterBits"] == 16 + 2 * 16 + 2 * 32
    # Of an adaptive threshold too; a period of 1 is shared.
    bench = Bench(4)
    bench.run_lif(model="CuBa-ALIF", threshold=3, synaptic_decay=np.array([32768]), threshold_step=np.array([9]), period=1)
    _, adaptation = bench.history([[1, 4, 5, 3]], "adaptation")
    assert adaptation == [[0, 9, 9, 0]]
