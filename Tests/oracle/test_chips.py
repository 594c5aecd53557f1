"""Tests of what format 1.3 added to the reference, against numbers worked out by hand: neurons of Loihi and Xylo, synaptic slots."""

import os
import struct
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import generate  # first: it puts models/ on the path
import interpreter
import reader
import refusals_chips
from snnrt.file import NONE, ModelWriter
from test_reference import Bench, column, matrix


class Chip(Bench):
    """A Loihi or Xylo population on the samples."""

    def loihi(self, **arguments):
        count = self.model._counts[self.values]
        self.target = self.model.spikes(count, persistent=True)
        self.model.loihi(self.identity(count), self.target, **arguments)

    def synapses(self, weights, currents=1, bits=1, encoding="int8", **arguments):
        """A synaptic slot of `currents` of each neuron, into which the samples go by `weights`, and spikes to be."""
        count = len(weights)
        self.synaptic = self.model.synaptic(count)
        self.model.dense(self.values, self.synaptic, weights, encoding, **arguments)
        self.target = self.model.spikes(count // currents, persistent=True, bits=bits)

    def xylo(self, **arguments):
        self.model.xylo(self.synaptic, self.target, **arguments)

    def ticks(self, frames, tally=None, **readout):
        """Spikes, V and currents of the xylo after each frame, of one neuron or current as numbers."""
        self.network, _ = self.run(self.target, [], tally=tally, **readout)
        xylo = next(op for op in self.network.ops if isinstance(op, interpreter.XyloOp))
        rows = []
        for frame in frames:
            self.results.append(self.network.tick(frame))
            rows.append([values.tolist() for values in (self.network.values[self.target], xylo.membrane,
                                                        self.network.values[self.synaptic])])
        return tuple([row[0] if len(row) == 1 else row for row in column] for column in zip(*rows))


def loihi_history(samples, tally=None, **arguments):
    """Spikes, u and v after each of the samples of one neuron."""
    bench = Chip(1)
    bench.loihi(**arguments)
    return bench.history(column(*samples), "current", "membrane", tally=tally)


def xylo_history(frames, weights, tally=None, **arguments):
    """Spikes, V and currents after each frame; wire: arguments of the projection."""
    bench = Chip(np.shape(weights)[1])
    bench.synapses(weights, **arguments.pop("wire", {}))
    bench.xylo(**arguments)
    return bench.ticks(frames, tally)


# --- Files ---


def test_round_trip_of_format_1_3():
    model = reader.parse(refusals_chips.rich_1_3().data)
    assert [int(op.kind) for op in model.ops] == [1, 2, 12, 2, 2, 2, 13, 2, 13, 7, 12, 2, 13, 6]
    synaptic = [(i, slot.bits, slot.count) for i, slot in enumerate(model.slots) if slot.type == reader.SlotType.SYNAPTIC]
    assert synaptic == [(4, 16, 6), (6, 16, 2), (10, 16, 2)] and all(model.slots[i].persistent for i, _, _ in synaptic)
    parameters = [op.parameters for op in model.ops]
    loihi = parameters[2]
    assert (loihi.comparison, loihi.exponent, loihi.flags, loihi.period) == (1, -3, 15, 2)
    assert (loihi.current_decay.tolist(), loihi.voltage_decay.tolist()) == ([0, 4096], [163, 7])
    assert (loihi.threshold.tolist(), loihi.bias.tolist()) == ([0, 2**23 - 1], [1 - 2**30, 2**30 - 1])
    shared = parameters[10]
    assert (shared.comparison, shared.exponent, shared.flags, shared.period) == (0, 7, 0, 0)
    assert [int(value) for value in (shared.current_decay, shared.voltage_decay, shared.threshold, shared.bias)] == [4096, 1, 640, -9]
    xylo = parameters[6]
    assert (xylo.flags, xylo.membrane_dash.tolist(), xylo.synaptic_dash.tolist()) == (31, [0, 15, 3], [1, 2, 3, 4, 5, 6])
    assert (xylo.threshold.tolist(), xylo.bias.tolist(), xylo.aliases.tolist()) == ([0, 32767, 9], [-32768, 32767, 0], [2, NONE, 0])
    assert (parameters[8].flags, parameters[8].membrane_dash, parameters[8].threshold, parameters[8].bias) == (0, 4, 600, -1)
    assert parameters[12].synaptic_dash.tolist() == [7, 8] and parameters[12].flags == 2
    assert (parameters[3].join, parameters[3].shift, parameters[3].encoding) == (1, 8, 4)


@pytest.mark.parametrize("method, arguments, field", [
    ("loihi", dict(exponent=8), "exponent"), ("loihi", dict(exponent=-9), "exponent"), ("loihi", dict(comparison="<"), "comparison"),
    ("loihi", dict(current_decay=4097), "current decay"), ("loihi", dict(voltage_decay=np.array([1, 4097])), "voltage decay"),
    ("loihi", dict(threshold=2**23), "threshold"), ("loihi", dict(bias=-2**30), "bias"), ("loihi", dict(period=3), "period"),
    ("loihi", dict(bias=np.array([1, 2, 3])), "bias"), ("xylo", dict(threshold=32768), "threshold"),
    ("xylo", dict(membrane_dash=16), "membrane dash"), ("xylo", dict(synaptic_dash=np.array([1, 2])), "synaptic dash"),
    ("xylo", dict(bias=32768), "bias"), ("xylo", dict(aliases=np.array([0])), "aliases"),
    ("dense", dict(encoding="int16"), "join"), ("dense", dict(join="right"), "join"), ("dense", dict(join="left", shift=9), "join shift"),
    ("dense", dict(source_shift=1), "source shift")])
def test_writer_names_the_field(method, arguments, field):
    model = ModelWriter()
    current, spikes, synaptic = model.current(2), model.spikes(2), model.synaptic(4)
    defaults = {"loihi": dict(current=current, target=spikes), "xylo": dict(synaptic=synaptic, target=spikes),
                "dense": dict(source=spikes, target=synaptic, weights=np.ones((4, 2), int), encoding="int8")}[method]
    with pytest.raises(ValueError, match=field):
        getattr(model, method)(**defaults | arguments)


# --- Loihi ---


def test_loihi_decays_toward_zero():
    # δu = 2048 (the chip's du 2047), δv = 1024.  u: 320; 160 − 448 = −288; −144; −72.
    # v: 320; 240 − 288 = −48; −36 − 144 = −180; −135 − 72 = −207
    assert loihi_history((5, -7, 0, 0), threshold=10000, current_decay=2048, voltage_decay=1024) == [
        [0] * 4, [320, -288, -144, -72], [320, -48, -180, -207]]
    # tz: 64·4095 >> 12 = 63, 62; −64 → −63, −62. v forgets at once (δv = 4096): V = u + b
    assert loihi_history((1, 0, 0), threshold=10000, current_decay=1, voltage_decay=4096, bias=1)[1:] == [[64, 63, 62], [65, 64, 63]]
    assert loihi_history((-1, 0, 0), threshold=10000, current_decay=1, voltage_decay=4096)[1:] == [[-64, -63, -62]] * 2


def test_loihi_of_the_published_single_neuron():
    """dv 163, weight 10, vth 25, du 4095: v += 640 at each spike, 25·64 = 1600."""
    # 640; 640·3933 >> 12 = 614, 1254; 1254·3933 >> 12 = 1204, 1844 > 1600 → 0 (u stays); 640
    assert loihi_history((10, 10, 10, 10), threshold=1600, current_decay=4096, voltage_decay=163) == [
        [0, 0, 1, 0], [640] * 4, [640, 1254, 0, 640]]


def test_loihi_comparison():
    tally = Counter()
    common = dict(threshold=640, current_decay=4096, voltage_decay=4096, tally=tally)
    assert loihi_history((10, 11), **common) == [[0, 1], [640, 704], [640, 0]]
    assert loihi_history((10, 9), comparison=">=", **common) == [[1, 0], [640, 576], [0, 576]]
    assert (tally["loihi equal 0"], tally["loihi equal 1"]) == (1, 1)
    # θ = 0
    assert loihi_history((0, 1), threshold=0)[0] == [0, 1] and loihi_history((0, 1), threshold=0, comparison=">=")[0] == [1, 1]


def test_loihi_weight_exponent():
    # −7 >> 2 = −2, 7 >> 2 = 1; −1 >> 8 = −1, 255 >> 8 = 0
    forget = dict(threshold=2**23 - 1, current_decay=4096, voltage_decay=4096)
    for exponent, samples, expected in ((3, (5, -5), (40, -40)), (7, (1, -1), (128, -128)), (0, (5, -5), (5, -5)),
                                        (-2, (7, -7), (1, -2)), (-8, (255, -1), (0, -1)), (-8, (256, -256), (1, -1))):
        assert loihi_history(samples, exponent=exponent, **forget)[1] == [64 * value for value in expected]


def test_loihi_wraps_its_current_and_clamps_its_voltage():
    tally = Counter()
    common = dict(threshold=2**23 - 1, tally=tally)
    # e = 2: 32767·4·64 = 8388352 = 2^23 − 256; once more: 2^24 − 512 → −512; v: 2^23 − 256; less 512
    assert loihi_history((32767, 32767), exponent=2, **common) == [[0, 0], [2**23 - 256, -512], [2**23 - 256, 2**23 - 768]]
    assert tally["loihi wraps above"] == 1
    # 2^23 itself is kept, 2^23 + 64 is −2^23 + 64; V is clamped to 2^23 − 1, which is not above θ
    assert loihi_history((32767, 1, 1), exponent=2, **common)[1:] == [[2**23 - 256, 2**23, 2**8 - 2**23], [2**23 - 256, 2**23 - 1, 2**8 - 1]]
    assert tally["loihi clamped above"] == 1
    # −2^23 is not kept: it is 2^23. V: 256 − 2^23; 256 clamps
    assert loihi_history((-32767, -1, 0), exponent=2, **common)[1:] == [[256 - 2**23, 2**23, 2**23], [256 - 2**23, 256, 2**23 - 1]]
    assert tally["loihi wraps below"] == 1
    assert loihi_history((0, 0), bias=1 - 2**30, tally=tally)[2] == [1 - 2**23] * 2 and tally["loihi clamped below"] == 2
    assert loihi_history((0, 0), bias=2**30 - 1, comparison=">=", threshold=2**23 - 1)[0] == [1, 1]


def test_loihi_wraps_more_than_once():
    bench = Bench(1)
    current, target = bench.model.current(1), bench.model.spikes(1)
    bench.model.dense(bench.values, current, matrix([16]), "int8", "left", 5)
    bench.model.loihi(current, target, exponent=0, threshold=2**23 - 1)
    bench.target = target
    # 32767·512·64 = 2^30 − 2^15 is 64·2^24 − 2^15
    network, _ = bench.run(target, column(32767))
    assert network.ops[2].current.tolist() == [-2**15]


def test_loihi_per_neuron_and_period():
    bench = Chip(4)
    bench.loihi(current_decay=np.array([4096, 0]), voltage_decay=np.array([0, 4096]), threshold=np.array([100, 64]),
                bias=np.array([0, -64]), exponent=0, period=2)
    spikes, current, membrane = bench.history([[1, 2, 2, 3], [1, 0, 0, 0]], "current", "membrane")
    # neurons 0 and 2: u forgets, v keeps: 64, 128 > 100.  1 and 3: u keeps, v forgets: 128 − 64; 192 − 64 > 64
    assert current == [[64, 128, 128, 192], [64, 128, 0, 192]]
    assert spikes == [[0, 0, 1, 1], [1, 0, 0, 1]] and membrane == [[64, 64, 0, 0], [0, 64, 0, 0]]
    figures = bench.network.accounting()
    loihi = figures["ops"][2]
    assert loihi["parameterBits"] == 2 * (16 + 16 + 32 + 32) and loihi["modelBitsRead"] == 2 * loihi["parameterBits"]
    assert (loihi["events"], loihi["neurons"], loihi["synapses"], loihi["weights"]) == (4, 4, 0, 0)
    # v: 0 → 64 64 0 0 → 0 64 0 0
    assert loihi["membraneUpdates"] == 2 + 1
    # current, u and v; spikes, u and v
    assert (loihi["stateBitsReadPerTick"], loihi["stateBitsWrittenPerTick"]) == (4 * 32 + 2 * 4 * 32, 4 + 2 * 4 * 32)
    assert (figures["network"]["lifEvents"], figures["network"]["neuronTicks"]) == (4, 8)
    # position, entries; two spikes of neurons 0 and 3; u, v; scores
    assert bench.network.state_parts() == struct.pack("<IIII8i4i", 2, 0, 2, 0b1001, 64, 128, 0, 192, 0, 64, 0, 0, 1, 0, 1, 2)
    bench.network.reset()
    assert bench.network.state_parts() == bytes(len(bench.network.state_parts()))


def test_loihi_recurrent_and_a_tick_late():
    bench = Bench(1)
    current, target = bench.model.current(1), bench.model.spikes(1, persistent=True)
    late = bench.model.spikes(1, persistent=True)
    second = bench.model.current(1)
    bench.model.dense(target, second, matrix([5]), "int4")  # above the writer: the spikes of the tick before
    bench.model.loihi(second, late, threshold=300, current_decay=4096, voltage_decay=4096)
    bench.model.dense(bench.values, current, matrix([1]), "int8")
    bench.model.dense(target, current, matrix([-50]), "int8")
    bench.model.loihi(current, target, threshold=640, current_decay=4096, voltage_decay=4096)
    bench.model.output("o", bench.model.readout(late, 9), ["c"])
    network = interpreter.Network(reader.parse(bench.model.build()))
    spikes = []
    for sample in (20, 20, 20, 0):
        network.tick([sample])
        spikes.append((network.values[target][0], network.values[late][0]))
    assert spikes == [(1, 0), (0, 1), (1, 0), (0, 1)]


# --- Synaptic slots ---


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
    dice = generate.Dice(5)
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


# --- Xylo ---


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
    bench.xylo(threshold=np.array([10, 30]), membrane_dash=np.array([1, 2]), synaptic_dash=np.array([0, 1, 2, 15]), bias=np.array([1, -1]))
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


def test_a_reset_at_a_hops_end_empties_currents_and_membranes():
    # y 24, V 24; y (24 + 32) − 14 = 42, V 24 − 6 + 42 = 60 = 50 + 10
    for resets, scores, membrane in ((False, [0, 1], [24, 10]), (True, [0, 0], [0, 0])):
        bench = Chip(1)
        bench.synapses(matrix([1]))
        bench.xylo(threshold=50, synaptic_dash=2, membrane_dash=2)
        spikes, seen, currents = bench.ticks(column(32, 32), window=1, reset_network=resets)
        assert [result[1][0] for result in bench.results] == scores and seen == membrane
        assert currents == ([0, 0] if resets else [24, 42])


# --- What the chips' own simulators give ---


def shared(path):
    """A file of the data that tests share, or a skip."""
    folder = os.environ.get("SNNRT_SHARED")
    if not folder or not (Path(folder) / "models" / path).exists():
        pytest.skip(f"SNNRT_SHARED has no models/{path}")
    return Path(folder) / "models" / path


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


def late_loihi(weights, frames, **arguments):
    """Spikes and v, (ticks, neurons) each, of a population that gets the frames, of zeros and ones, through the weights a tick late."""
    count, channels = np.shape(weights)
    bench = Chip(channels)
    ones, late = bench.model.analog(channels, 2), bench.model.analog(channels, 2)
    current, target = bench.model.current(count), bench.model.spikes(count)
    bench.model.input(bench.samples, ones, [0] * channels, [1] * channels, 0)
    bench.model.delay(ones, late, 1)
    bench.model.dense(late, current, weights, "int16")
    bench.model.loihi(current, target, **arguments)
    network, _ = bench.run(target, [])
    spikes, membrane = [], []
    for frame in frames:
        network.tick(frame)
        spikes.append(network.values[target])
        membrane.append(network.ops[4].membrane)
    return np.array(spikes), np.array(membrane)


@pytest.mark.parametrize("name", ["lava_cpu_fixed", "lava_loihi_fixed"])
def test_loihi_equals_lava(name):
    """A single neuron over 1,000 ticks: dv 163, weight 10, vth 25. Columns: input, voltage, spike."""
    samples, voltage, fired = np.loadtxt(shared(f"nir/lif-traces/lif_{name}.csv"), delimiter=",").astype(int).T
    spikes, membrane = late_loihi(matrix([10]), samples[:, None], threshold=25 << 6, current_decay=4096, voltage_decay=163)
    assert spikes[:, 0].tolist() == fired.tolist()
    # The chip's probe shows another voltage where it spikes.
    shown = (fired == 0) | (name == "lava_cpu_fixed")
    assert membrane[shown, 0].tolist() == voltage[shown].tolist()


def test_loihi_layer_equals_lava():
    """200 → 256 neurons over 2,000 ticks, iDecay 4096, vDecay 415, vth 6."""
    weights, frames, golden = (np.load(shared(f"lava-dl/oxford/{name}.npy")).astype(int) for name in ("weight", "in", "out"))
    spikes, _ = late_loihi(weights, frames.T, threshold=6 << 6, current_decay=4096, voltage_decay=415)
    assert golden.any() and np.array_equal(spikes, golden.T)
