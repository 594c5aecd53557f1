"""Dense ops into synaptic slots."""

from collections import Counter

import numpy as np

from drawing.dice import Dice
from tests.support import Chip, matrix, xylo_history


def test_every_event_saturates_for_itself():
    tally = Counter()
    keep = dict(membrane_dash=15, synaptic_dash=15, threshold=32767)
    # 300·100 = 30000; 32767; − 12700 = 20067. All at once: 30000 + 30000 − 12700 → 32767. Then d = 1 (20067 >> 15 is 0).
    spikes, membrane, currents = xylo_history([[300, 300, 127]], matrix([100, 100, -100], [-100, -100, 100]), tally, **keep)
    # −30000; −32768; −20068: d = −20068 >> 15 = −1
    assert currents == [[20066, -20067]] and spikes == [[0, 0]]
    assert (tally["synaptic saturated above"], tally["synaptic saturated below"], tally["synaptic by its order"]) == (1, 1, 2)
    # With a left shift: 100·2^8·2 = 51200 → 32767; −128·2^8 = −32768 at once; less 1 by d
    _, _, currents = xylo_history([[2, 0], [0, 1]], matrix([100, -128]), wire=dict(join="left", shift=8), **keep)
    assert currents == [32766, -1]
    # −32768 lasts no tick: d = −1
    _, _, currents = xylo_history([[-32767, 0], [0, 0], [0, 0]], matrix([127, 0]), wire=dict(join="left", shift=8), **keep)
    assert currents == [-32767, -32766, -32765]


def test_there_is_no_proof_of_a_synaptic_slot():
    bench = Chip(70)
    bench.synapses(np.full((1, 70), 127), join="left", shift=8)
    bench.xylo(threshold=32767, synaptic_dash=15)
    # 70 · 32767 · 127 · 2^8 is above 2^31
    assert bench.ticks([[32767] * 70, [-32767] * 70])[2] == [32766, -32767]


def test_projections_into_a_synaptic_slot_in_order():
    for first, second, expected in ((100, -100, 32767 - 30000), (-100, 100, -32768 + 30000)):
        bench = Chip(2)
        bench.synapses(matrix([first, first]))
        bench.model.dense(bench.values, bench.synaptic, matrix([0, second]), "int8")
        bench.xylo(synaptic_dash=0, threshold=32767)
        network, _ = bench.run(bench.target, [[300, 300]], slot=bench.synaptic)
        # A dash of 0: the currents are forgotten before they count
        assert network.values[bench.synaptic].tolist() == [0]
        network.ops[1].tick()
        network.ops[2].tick()
        assert network.values[bench.synaptic].tolist() == [expected]


def test_a_count_does_what_as_many_spikes_would():
    dice = Dice(5)
    print("seed 5")
    counts, weights = dice.array((6, 4), 0, 15), dice.array((3, 4), -128, 127)
    keep = dict(membrane_dash=3, synaptic_dash=9, threshold=30000)
    wire = dict(join="left", shift=5)
    _, membrane, currents = xylo_history(counts, weights, wire=dict(wire), **keep)
    # The same with each count as ones on lines of its own, in the order of the sources
    ones = (np.arange(15) < counts[:, :, None]).astype(int).reshape(6, -1)
    _, lines, same = xylo_history(ones, np.repeat(weights, 15, axis=1), wire=dict(wire), **keep)
    assert membrane == lines and currents == same


def test_dense_into_a_synaptic_slot_counts_as_dense():
    bench = Chip(3)
    bench.synapses(matrix([1, 0, -1], [1, 1, 1], [0, 0, 0], [1, 1, 0]), currents=2, bits=4, encoding="ternary")
    bench.xylo(threshold=2, synaptic_dash=1)
    network, _ = bench.run(bench.target, [[1, 0, -1], [5, 0, 0]], slot=bench.synaptic)
    figures = network.accounting()["ops"]
    dense = figures[1]
    assert (dense["synapses"], dense["events"], dense["synapticOperations"], dense["zeroWeights"]) == (12, 3, 12, 5)
    # run 0 has 3 nonzero weights, run 2 has 2: 5 ACs in the first tick, 3 MACs in the second
    assert (dense["effectiveACs"], dense["effectiveMACs"], dense["bb"]) == (5, 3, 1000 * 2 * 16)
    assert (dense["stateBitsReadPerTick"], dense["stateBitsWrittenPerTick"], dense["storedWeightBits"]) == (3 * 16, 4 * 16, 24)
