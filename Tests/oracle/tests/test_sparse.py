"""sparse."""

import struct

import numpy as np

from tests.support import Bench, column, currents, matrix


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
    assert (figures["events"], figures["synapticOperations"]) == (13, 13)
    assert (figures["effectiveACs"], figures["effectiveMACs"]) == (0, 11)
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
