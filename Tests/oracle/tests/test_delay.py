"""delay, and frames that ops keep."""

import struct

import numpy as np

from tests.support import Bench, column, currents, matrix


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


def test_each_frame_is_padded():
    bench = Bench(3)
    target = bench.model.analog(3, 16)
    bench.model.delay(bench.values, target, 1)
    network, trace = bench.run(target, [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert trace == [[0, 0, 0], [1, 2, 3], [4, 5, 6]]
    # The place of the next frame; the latest; the one before.
    assert b"".join(network.ops[1].state()).hex(" ") == "01 00 00 00 07 00 08 00 09 00 00 00 04 00 05 00 06 00 00 00"
