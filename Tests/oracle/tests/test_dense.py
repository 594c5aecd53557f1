"""input, dense and block."""

from collections import Counter

import numpy as np

from tests.support import Bench, matrix


def test_input():
    bench = Bench(4)
    target = bench.model.analog(4, 8)
    bench.model.input(bench.samples, target, [10, -10, 0, 0], [64, -3, 1, 1], 7)
    tally = Counter()
    _, trace = bench.run(target, [[1000, -1000, -64, -65], [-32768, 32767, 63, 64]], tally=tally)
    # (1000 − 10)·64 = 63360; (63360 + 64) >> 7 = 495 → 127.   (−990)·(−3) = 2970; 3034 >> 7 = 23.
    # (−64 + 64) >> 7 = 0;  (−65 + 64) >> 7 = −1.
    assert trace[0] == [127, 23, 0, -1]
    # (−32778)·64 → far below → −127.   (32777)·(−3) = −98331; (−98331 + 64) >> 7 = −767.7 → −768 → −127.
    # 127 >> 7 = 0;  128 >> 7 = 1.
    assert trace[1] == [-127, -127, 0, 1]
    assert tally["saturated input"] == 3 + 1  # the bench's own input turns −32768 into −32767


def test_dense_joins():
    frames = [[3, -5]]
    for join, expected in ((dict(), [7, -11]), (dict(join="left", shift=4), [112, -176]),
                           # (7 + 2) >> 2 = 2; (−11 + 2) >> 2 = −9 >> 2 = −3
                           (dict(join="right", shift=2), [2, -3]),
                           # 7·100 = 700: (700 + 8) >> 4 = 44; −11·−100 = 1100: 1108 >> 4 = 69
                           (dict(join="multiplier", shift=4, multipliers=np.array([100, -100])), [44, 69]),
                           (dict(join="multiplier", shift=0, multipliers=np.array([-1, 3])), [-7, -33])):
        bench = Bench(2)
        current, target = bench.model.current(2), bench.model.spikes(2)
        # w = [[4, 1], [−2, 1]]: 4·3 − 5 = 7; −2·3 − 5 = −11
        bench.model.dense(bench.values, current, matrix([4, 1], [-2, 1]), "int8", **join)
        bench.model.lif(current, target)
        _, trace = bench.run(target, frames, slot=current)
        assert trace == [expected]


def test_two_projections_add():
    bench = Bench(2)
    current, target = bench.model.current(1), bench.model.spikes(1)
    bench.model.dense(bench.values, current, matrix([1, 1]), "binary")
    bench.model.dense(bench.values, current, matrix([-7, 2]), "int4", "left", 1)
    bench.model.lif(current, target)
    _, trace = bench.run(target, [[10, 20], [1, 0]], slot=current)
    assert trace == [[30 + 2 * (-70 + 40)], [1 - 14]]


def test_block_shares_weights():
    bench = Bench(6)
    current, target = bench.model.current(4), bench.model.spikes(4)
    # two groups of 3 sources and 2 destinations, w = [[1, 0, −1], [1, 1, 1]]
    bench.model.block(bench.values, current, matrix([1, 0, -1], [1, 1, 1]), "ternary", 2, "multiplier", 0,
                      multipliers=np.array([10, 1]))
    bench.model.lif(current, target)
    network, trace = bench.run(target, [[1, 2, 3, 40, 0, 60]], slot=current)
    assert trace == [[-20, 6, -200, 100]]
    block = network.accounting()["ops"][1]
    # 5 events; zero weight w[0][1] in run 1, met once (source 1; source 4 is 0): 2·5 − 1 = 9 effective
    assert (block["synapses"], block["events"], block["synapticOperations"], block["effectiveMACs"]) == (12, 5, 10, 9)
    assert (block["weights"], block["zeroWeights"], block["storedWeightBits"], block["parameterBits"]) == (12, 2, 12, 64)


def test_wide_source():
    bench = Bench(2)
    wide = bench.model.analog(2, 32, persistent=True)
    bench.model.lif(bench.identity(2), wide, model="LI", width=32, fraction_bits=10, decay=32768)
    current, target = bench.model.current(2), bench.model.spikes(2)
    bench.model.dense(wide, current, matrix([1, 0], [0, 1]), "int8", source_shift=4)
    bench.model.lif(current, target)
    tally = Counter()
    # U = 1024·x, summed: 1024·(600) = 614400; rnd(614400, 4) = 38400 → 32767.  −1024·3 = −3072 → −192.
    network, trace = bench.run(target, [[500, -3], [100, 0]], slot=current, tally=tally)
    assert trace == [[500 * 64, -192], [32767, -192]]
    assert tally["saturated projection source"] == 1
    assert network.accounting()["ops"][3]["sourceBits"] == 16


def test_recurrence_reads_last_tick():
    bench = Bench(1)
    current, target = bench.model.current(1), bench.model.spikes(1, persistent=True)
    bench.model.dense(bench.values, current, matrix([1]), "int8")
    bench.model.dense(target, current, matrix([-50]), "int8")
    bench.model.lif(current, target, threshold=10, decay=0, reset="zero")
    assert bench.run(target, [[20], [20], [20], [20]])[1] == [[1], [0], [1], [0]]


def test_acs_and_macs():
    bench = Bench(2)
    bench.identity(2)
    spikes = bench.model.spikes(2)
    bench.model.lif(2, spikes)
    network, _ = bench.run(spikes, [[1, -1], [2, 0], [0, 0], [1, 0]])
    assert (network.ops[0].effective_acs, network.ops[0].effective_macs) == (3, 1)
    assert (network.ops[1].effective_acs, network.ops[1].effective_macs) == (3, 1)
