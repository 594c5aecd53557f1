"""pool."""

from collections import Counter

import numpy as np

from tests.support import Bench, matrix


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
