"""convolution."""

import numpy as np

from drawing.dice import Dice
from tests.support import Bench, currents


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
    """Random convolutions against the sum of format.md, element by element."""
    dice, tried = Dice(77), 0
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
