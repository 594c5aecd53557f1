"""xylo."""

import struct
from collections import Counter

import numpy as np

from core.slots import NONE
from tests.support import Chip, column, matrix, shared, xylo_history


def test_xylo_decays():
    # y: 100 − 25 = 75; 75 − 18 = 57; 57 − 14; 43 − 10.  D = −(V >> 2)
    # V: 75; 75 − 18 + 57 = 114; 114 − 28 + 43 = 129; 129 − 32 + 33 = 130
    assert xylo_history(column(100, 0, 0, 0), matrix([1]), membrane_dash=2, synaptic_dash=2, threshold=1000) == (
        [0] * 4, [75, 114, 129, 130], [75, 57, 43, 33])
    # negative: −100 − (−25) = −75; −75 + 19; −56 + 14; V: −75; −75 + 19 − 56 = −112; −112 + 28 − 42 = −126
    assert xylo_history(column(-100, 0, 0), matrix([1]), membrane_dash=2, synaptic_dash=2, threshold=1000) == (
        [0] * 3, [-75, -112, -126], [-75, -56, -42])
    # What is left of less than a step goes by 1, also below 0 (−1 >> 15 = −1): 2, 1, 0 and −2, −1, 0
    keep = dict(membrane_dash=0, synaptic_dash=15, threshold=1000)
    assert xylo_history(column(3, 0, 0, 0), matrix([1]), **keep)[2] == [2, 1, 0, 0]
    assert xylo_history(column(-3, 0, 0, 0), matrix([1]), **keep)[2] == [-2, -1, 0, 0]


def test_xylo_membrane_of_dash_0_forgets():
    # V = V − V + y, with y of dash 15
    assert xylo_history(column(10, 5, -20), matrix([1]), synaptic_dash=15, threshold=1000)[1] == [9, 13, -6]
    tally = Counter()
    # V = −32768 by the bias; D = −(−32768) would be 32768: it is −32768; Δ = −32768 − 32768 saturates, and V stays
    history = xylo_history(column(0, 0), matrix([1]), tally, bias=-32768, threshold=1000)
    assert history[1] == [-32768, -32768] and tally["xylo leak of −32768"] == 1
    # V = −32767: D = 32767, Δ = −1, V = −32768
    bench = Chip(1)
    bench.synapses(matrix([1]))
    bench.xylo(bias=-32768, threshold=1000)
    network, _ = bench.run(bench.target, [])
    network.ops[2].membrane = np.array([-32767])
    network.tick([0])
    assert network.ops[2].membrane.tolist() == [-32768]


def test_xylo_saturates_three_times():
    tally, keep = Counter(), dict(membrane_dash=15, threshold=32767, synaptic_dash=15)
    # two currents of 32000 less 1: 63998 → 32767; + b = −767 → 32000; V = 32000.  Then D = −1: 31998·2 − 1 → 32767 − 767;
    # V = 32000 + 32000 → 32767, a spike: 0
    history = xylo_history([[320], [0]], matrix([100], [100]), tally, bias=-767, wire=dict(currents=2), **keep)
    assert history == ([0, 1], [32000, 0], [[31999, 31999], [31998, 31998]])
    assert (tally["xylo currents above"], tally["xylo membrane above"], tally["xylo change above"]) == (2, 1, 0)
    # b takes Δ beyond 32767: 31999 + 9000 → 32767
    history = xylo_history([[320]], matrix([100]), tally, bias=9000, **keep)
    assert history[:2] == ([1], [0]) and tally["xylo change above"] == 1
    # below: −31999·2 → −32768; + 100 = −32668; V = −32668; D = 1: −31998·2 + 1 → −32768 + 100; V → −32768
    history = xylo_history([[-320], [0]], matrix([100], [100]), tally, bias=100, wire=dict(currents=2), **keep)
    assert history[1] == [-32668, -32768] and tally["xylo membrane below"] == 1 and tally["xylo currents below"] == 2


def test_xylo_spikes_several_times():
    frames, common = column(35, 0), dict(synaptic_dash=15, membrane_dash=15)
    # 34 = 3·10 + 4; D = −1 and y = 33: V = 36 = 3·10 + 6
    assert xylo_history(frames, matrix([1]), threshold=10, wire=dict(bits=5), **common)[:2] == ([3, 3], [4, 6])
    # one at most: 34 − 10 = 24; 24 − 1 + 33 − 10
    assert xylo_history(frames, matrix([1]), threshold=10, **common)[:2] == ([1, 1], [24, 46])
    # equality fires: 34 = 2·17
    assert xylo_history(frames[:1], matrix([1]), threshold=17, wire=dict(bits=2), **common)[:2] == ([2], [0])
    # θ = 0: smax where V ≥ 0
    assert xylo_history([[2, 0], [-2, 1]], matrix([1, 1]), wire=dict(bits=3), **common)[:2] == ([7, 7], [1, 0])
    assert xylo_history(column(-9), matrix([1]), wire=dict(bits=3), **common)[:2] == ([0], [-8])


def test_xylo_per_neuron():
    bench = Chip(2)
    bench.synapses(matrix([1, 0], [0, 1], [1, 0], [0, 1]), currents=2, bits=5)
    bench.xylo(threshold=np.array([10, 30]), membrane_dash=np.array([1, 2]), synaptic_dash=np.array([0, 1, 2, 15]),
               bias=np.array([1, -1]))
    spikes, membrane, currents = bench.ticks([[40, 40], [0, 0]])
    # Neuron 0: currents 0 and 0 of neuron p·2: 40 → 0 and 30: V = 31 = 3·10 + 1.  Neuron 1: 20 and 39 − 1 = 58 = 30 + 28
    # then D = −1 (1 >> 1 is 0): 23 − 1 + 1 = 23 + 1 = 24;  D = −7: 10 + 38 − 7 − 1 = 40, 68 = 2·30 + 8
    assert spikes == [[3, 1], [2, 2]] and membrane == [[1, 28], [4, 8]]
    assert currents[1] == [0, 10, 23, 38]
    figures = bench.network.accounting()
    xylo = figures["ops"][2]
    assert xylo["parameterBits"] == 2 * 16 + 4 * 16 + 2 * 16 + 2 * 32
    assert (xylo["events"], xylo["neurons"], xylo["synapses"], xylo["membraneUpdates"]) == (4, 2, 0, 4)
    # the slot and V; spikes of 5 bits, V and the slot
    assert (xylo["stateBitsReadPerTick"], xylo["stateBitsWrittenPerTick"]) == (4 * 16 + 2 * 16, 2 * 5 + 2 * 16 + 4 * 16)
    assert (figures["network"]["lifEvents"], figures["network"]["neuronTicks"]) == (4, 4)
    # position, entries; the synaptic slot, the spikes as i16; V; scores
    assert bench.network.state_parts() == struct.pack("<II4h2h2h2i", 2, 0, 0, 10, 23, 38, 2, 2, 4, 8, 5, 3)
    bench.network.reset()
    assert bench.network.state_parts() == bytes(len(bench.network.state_parts()))
    assert figures["network"]["footprintBits"] == (2 * 32 + 8 * 8 + 2 * 16 + 4 * 16 + 2 * 16 + 2 * 32
                                                   + 8 * len(bench.network.state_parts()))


def test_xylo_aliases():
    def fired(currents, aliases, thresholds=10, bits=4):
        bench, tally = Chip(len(currents)), Counter()
        bench.synapses(np.eye(len(currents), dtype=int), bits=bits)
        bench.xylo(threshold=thresholds, synaptic_dash=15, aliases=np.array(aliases))
        spikes, membrane, _ = bench.ticks([[current + 1 for current in currents]], tally)
        return spikes[0], membrane[0], tally
    # Above: counted towards its own; below and itself: on top.
    assert fired([20, 30, 0], [1, NONE, NONE])[0] == [2, 5, 0]
    assert fired([20, 30, 0], [NONE, 0, NONE])[0] == [5, 3, 0]
    assert fired([20, 30, 0], [0, NONE, 1])[0] == [4, 3, 0]
    # A chain: 2 to neuron 1, its 5 to neuron 2
    assert fired([20, 30, 10], [1, 2, NONE])[0] == [2, 5, 6]
    # 2 of 3 are given to neuron 1, which fires once more and keeps 20
    spikes, membrane, tally = fired([20, 30], [1, NONE], bits=2)
    assert spikes == [2, 3] and membrane == [0, 20] and tally["xylo own spikes on given ones"] == 1
    # given smax, it does not fire; given on top, min
    spikes, membrane, tally = fired([30, 30], [1, NONE], bits=2)
    assert (spikes, membrane) == ([3, 3], [0, 30]) and tally["xylo given ones reach smax"] == 1
    spikes, membrane, tally = fired([20, 30], [NONE, 0], bits=2)
    assert (spikes, membrane) == ([3, 3], [0, 0]) and tally["xylo alias saturates"] == 1
    assert fired([20, 0], [0, NONE], bits=2)[0] == [3, 0]
    bench = Chip(2)
    bench.synapses(np.eye(2, dtype=int), bits=4)
    bench.xylo(aliases=np.array([1, NONE]))
    bench.history([])
    assert bench.network.accounting()["ops"][2]["parameterBits"] == 16 + 16 + 16 + 32 + 2 * 16


def test_xylo_recurrent():
    """Hidden neurons excite themselves and each other by last tick's spikes, inputs before recurrents."""
    bench = Chip(1)
    bench.synapses(matrix([20], [0]), bits=5)
    bench.model.dense(bench.target, bench.synaptic, matrix([5, 3], [40, 0]), "int8", "left", 1)
    bench.xylo(threshold=np.array([10, 100]), synaptic_dash=1, membrane_dash=1)
    spikes, membrane, _ = bench.ticks(column(3, 0, 0))
    # y 60 → 30: 3 spikes, V 0.  y 30 + 3·10 = 60 → 30, V = 30: 3; 0.  y 0: 0 + 240 → 120: 1 spike, 20
    # third tick: y 30 + 30 + 6 = 66 → 33: V 33 → 3, 3;  120 + 240 = 360 → 180; V 20 − 10 + 180 = 190 → 1, 90
    assert spikes == [[3, 0], [3, 1], [3, 1]] and membrane == [[0, 0], [0, 20], [3, 90]]


def test_xylo_equals_its_simulator():
    """Spikes, membranes and currents of 32 recurrent hidden neurons and 7 outputs over 1,000 ticks."""
    golden = np.load(shared("xylo/xylo_6_32_7.npz"))
    bench = Chip(6)
    bench.synapses(golden["w_in"], bits=5)
    bench.model.dense(bench.target, bench.synaptic, golden["w_rec"], "int8")
    outputs, classes = bench.model.synaptic(7), bench.model.spikes(7)
    bench.model.dense(bench.target, outputs, golden["w_out"], "int8")  # last tick's hidden spikes
    bench.model.xylo(outputs, classes, int(golden["threshold_out"]), int(golden["dash_mem_out"]), int(golden["dash_syn_out"]))
    bench.xylo(threshold=int(golden["threshold"]), membrane_dash=int(golden["dash_mem"]), synaptic_dash=int(golden["dash_syn"]))
    network, _ = bench.run(classes, [])
    for t, frame in enumerate(golden["events"]):
        network.tick(frame)
        for name, found in (("i_syn", network.values[bench.synaptic]), ("v_mem", network.ops[5].membrane),
                            ("hidden_spikes", network.values[bench.target]), ("out_spikes", network.values[classes])):
            assert found.tolist() == golden[name][t].tolist(), f"{name} of tick {t}"


def test_a_reset_at_a_hops_end_empties_currents_and_membranes():
    # y 24, V 24; y (24 + 32) − 14 = 42, V 24 − 6 + 42 = 60 = 50 + 10
    for resets, scores, membrane in ((False, [0, 1], [24, 10]), (True, [0, 0], [0, 0])):
        bench = Chip(1)
        bench.synapses(matrix([1]))
        bench.xylo(threshold=50, synaptic_dash=2, membrane_dash=2)
        spikes, seen, currents = bench.ticks(column(32, 32), window=1, reset_network=resets)
        assert [result[1][0] for result in bench.results] == scores and seen == membrane
        assert currents == ([0, 0] if resets else [24, 42])
