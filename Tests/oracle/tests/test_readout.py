"""readout."""

import struct
from collections import Counter

import reader
from interpreter import Network
from snnrt import file as snnfile
from tests.support import Bench, column


def test_readouts():
    frames = [[3, 6], [-5, 0], [8, 2], [1, 1]]
    for integration, arguments, expected in (
            # x = rnd(·, 1): (2, 3), (−2, 0), (4, 1), (1, 1)
            ("sum", {}, [(1, [0, 3]), (0, [5, 2])]), ("last", {}, [(1, [-2, 0]), (0, [1, 1])]),
            # λ = 1/2: (2, 3), tz(1) − 2 = −1, tz(1.5) = 1; then tz(−0.5) = 0 + 4, 0 + 1; 2 + 1, 0 + 1
            ("leaky", {"decay": 16384}, [(1, [-1, 1]), (0, [3, 1])]),
            # with a reset of the network the leaky scores begin anew: 4, 1; 2 + 1, 0 + 1
            ("leaky", {"decay": 16384, "reset_network": True}, [(1, [-1, 1]), (0, [3, 1])])):
        bench = Bench(2)
        network, _ = bench.run(bench.values, frames, window=2, integration=integration, shift=1, **arguments)
        assert [bench.results[1], bench.results[3]] == expected and bench.results[0] is bench.results[2] is None
        stream = b"".join(struct.pack("<3i", label, *scores) for label, scores in expected)
        assert network.checksum == snnfile.crc32c(stream)


def test_a_label_is_the_lowest_index_among_equals():
    bench = Bench(3)
    bench.run(bench.values, [[-1, 7, 7]], window=1)
    assert bench.results == [(1, [-1, 7, 7])]


def test_window_reset_returns_state_to_its_initial_value():
    bench = Bench(1)
    target = bench.model.analog(1, 16, persistent=True, initial=9)
    bench.model.lif(bench.identity(1), target, model="LI", decay=32768)
    network, trace = bench.run(target, [[1], [1], [1]], window=2, integration="last", reset_network=True)
    assert trace == [[10], [9], [10]] and bench.results[1] == (0, [11])
    kept, trace = Bench(1), None
    target = kept.model.analog(1, 16, persistent=True, initial=9)
    kept.model.lif(kept.identity(1), target, model="LI", decay=32768)
    assert kept.run(target, [[1], [1], [1]], window=2)[1] == [[10], [11], [12]]


def test_ring_of_entries():
    frames = [[1, 0], [2, 40], [4, 0], [8, 0], [16, 0], [32, 0], [64, 0]]
    latest = [[1, 0], [3, 40], [7, 40], [14, 40], [28, 0], [56, 0], [112, 0]]  # sums of three
    for is_early in (False, True):
        bench = Bench(2)
        network, _ = bench.run(bench.values, frames, window=3, hop=1, is_early=is_early)
        results = [(int(scores[1] > scores[0]), scores) for scores in latest]
        assert bench.results == (results if is_early else [None, None] + results[2:])
        assert network.results == len([result for result in bench.results if result])
        # Entries 0 to 6 are in places 0 1 2 0 1 2 0; the count goes 1 2 3 4 5 3 4.
        assert network.state_parts() == struct.pack("<II2i6i", 0, 4, 0, 0, 64, 0, 16, 0, 32, 0)
        figures = network.accounting()
        # T is the hop; the ring is in the footprint but not in what a tick reads and writes
        assert figures["ops"][0]["bb"] == 16 * 16 and figures["ops"][1]["stateBitsWrittenPerTick"] == 2 * 32
        assert figures["network"]["stateBits"] == 8 * (8 + 8 + 24)
    counts = []
    network.reset()
    for frame in frames:
        network.tick(frame)
        counts.append(network.readout.entry_count)
    assert counts == [1, 2, 3, 4, 5, 3, 4]
    network.reset()
    assert network.state_parts() == struct.pack("<II8i", *[0] * 10)
    assert network.tick([5, 6]) == (1, [5, 6])


def test_entries_of_several_ticks():
    # entries 1 + 2, 3 + 4, 5 + 6, 7 + 8; or 2, 4, 6, 8: sums of the latest two
    for integration, expected in (("sum", [3 + 7, 7 + 11, 11 + 15]), ("last", [2 + 4, 4 + 6, 6 + 8])):
        bench = Bench(1)
        network, _ = bench.run(bench.values, column(1, 2, 3, 4, 5, 6, 7, 8), window=4, hop=2, integration=integration)
        assert bench.results == [None, None, None, (0, [expected[0]]), None, (0, [expected[1]]), None, (0, [expected[2]])]
        assert network.accounting()["ops"][0]["sACE"] == 1 * 16 * 16 * 2  # T is the hop


def test_evidence_with_a_leak():
    for decay, expected in ((16384, [5, -2, 0, 7]), (32768, [5, 1, 2, 9]), (0, [5, -4, 1, 7])):
        bench = Bench(1)
        # 1/2: 5; tz(2.5) − 4 = −2; −1 + 1 = 0; 7
        network, _ = bench.run(bench.values, column(5, -4, 1, 7), window=1, evidence_decay=decay)
        assert [result[1][0] for result in bench.results] == expected
        evidence = struct.pack("<i", expected[-1]) if decay else b""
        assert network.state_parts() == struct.pack("<IIi", 0, 0, 0) + evidence
    bench = Bench(1)
    # leaky scores go on beside the evidence: λ = 1: 5, 1, 2, 9; E with μ = 1: 5, 6, 8, 17
    bench.run(bench.values, column(5, -4, 1, 7), window=1, integration="leaky", decay=32768, evidence_decay=32768)
    assert [result[1][0] for result in bench.results] == [5, 6, 8, 17]


def test_evidence_saturates():
    bench = Bench(1)
    wide = bench.model.analog(1, 32, persistent=True, initial=32767)
    bench.model.lif(bench.identity(1), wide, model="LI", width=32, fraction_bits=15, decay=32768)
    tally = Counter()
    # U = 32767 + 2^15·x → L = 2^30 − 1 from the first tick on; E: L, 2L = 2^31 − 2, then 2^31 − 1
    bench.run(wide, column(32767, 1, 1), window=1, integration="last", evidence_decay=32768, tally=tally)
    assert [result[1][0] for result in bench.results] == [2**30 - 1, 2**31 - 2,
                                                          2**31 - 1] and tally["saturated evidence leak"] == 1
    ring = Bench(1)
    wide = ring.model.analog(1, 32, persistent=True, initial=32767)
    ring.model.lif(ring.identity(1), wide, model="LI", width=32, fraction_bits=15, decay=32768)
    ring.run(wide, column(32767, 1, 1, -32767, -32767), window=3, hop=1, is_early=True, tally=tally)
    # L, 2L, 3L → 2^31 − 1; U = L − 32767·2^15 = 32767: 2L + 32767 → 2^31 − 1; U = 65535 − 2^30: L + 32767 + 65535 − 2^30
    assert [result[1][0] for result in ring.results] == [2**30 - 1, 2**31 - 2, 2**31 - 1, 2**31 - 1, 98301]
    assert tally["saturated evidence sum"] == 2


def test_reset_at_a_hops_end_keeps_evidence():
    def bench_of(**readout):
        bench = Bench(1)
        target = bench.model.analog(1, 16, persistent=True, initial=9)
        bench.model.lif(bench.identity(1), target, model="LI", decay=32768)
        return bench, *bench.run(target, column(1, 1, 2, 2, 3, 3), integration="last", reset_network=True, **readout)
    # entries 9 + 2, 9 + 4, 9 + 6; in the tick of the result the slot is back at 9
    bench, network, trace = bench_of(window=4, hop=2)
    assert trace == [[10], [9], [11], [9], [12], [9]]
    assert bench.results == [None, None, None, (0, [24]), None, (0, [28])]
    assert network.state_parts() == struct.pack("<IIhhi2i", 0, 3, 9, 0, 0, 15, 13)
    bench, network, trace = bench_of(window=2, evidence_decay=16384)
    # 11; tz(5.5) + 13 = 18; 9 + 15
    assert bench.results[1::2] == [(0, [11]), (0, [18]), (0, [24])]
    assert network.state_parts() == struct.pack("<IIhhii", 0, 0, 9, 0, 0, 24)
    network.reset()
    assert network.state_parts() == struct.pack("<IIhhii", 0, 0, 9, 0, 0, 0)


def test_evidence_stands_behind_the_state_of_all_ops():
    bench = Bench(1)
    spikes = bench.model.spikes(1, persistent=True)
    bench.model.output("o", bench.model.readout(spikes, 2, hop=1), ["c"])  # op 1, above the population
    bench.model.lif(bench.identity(1), spikes, threshold=5, decay=32768)
    network = Network(reader.parse(bench.model.build()))
    assert [network.tick([7]) for _ in range(3)] == [None, (0, [1]), (0, [2])]
    # position, entries; spikes: one, bit; scores; U = 7, 9, 11; then the ring: entry 2 (1) in place 0, entry 1 (1)
    assert network.state_parts() == struct.pack("<IIIIihhii", 0, 3, 1, 1, 0, 11, 0, 1, 1)


def test_maxima():
    frames = [[-3, 6], [-5, -9], [8, 2], [1, 4], [-1, -1]]
    for arguments, expected in (
            # x = rnd(·, 1): (−1, 3), (−2, −4); (4, 1), (1, 2): maxima of negative values are negative
            ({"shift": 1}, [[-1, 3], [4, 2]]), ({"reset_network": True}, [[-3, 6], [8, 4]]),
            # E with μ = 1/2: (−3, 6); tz(−1.5) + 8 = 7, 3 + 4
            ({"evidence_decay": 16384}, [[-3, 6], [7, 7]])):
        bench = Bench(2)
        network, _ = bench.run(bench.values, frames, window=2, integration="maximum", **arguments)
        assert [result[1] for result in bench.results if result] == expected
        # the maximum of the fifth frame, −1 (or 0, shifted), as a score
        score = 2**30 - (0 if "shift" in arguments else 1)
        assert network.state_parts()[8:16] == struct.pack("<ii", score, score)
    assert bench.model.minor == 7 and bench.model.build()[10] == 7
