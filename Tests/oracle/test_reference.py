"""Tests of the reference: writer, reader, interpreter, corpus and generator, against numbers worked out by hand.

    python3 -m pytest -q Tests/oracle
"""

import struct
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import edits
import example
import generate
import interpreter
import reader
import refusals
import refusals_chips
import refusals_ops
import refusals_recurrence
from snnrt import file as snnfile
from snnrt.file import ModelWriter

HERE = Path(__file__).resolve().parent
FAULTS = list(refusals.faults())


def matrix(*rows):
    return np.array(rows, np.int64)


class Bench:
    """One op after an input op that hands raw samples on as they are (16 bits; offset 0, multiplier 1, shift 0)."""

    def __init__(self, channels):
        self.model = ModelWriter()
        self.samples = self.model.stream("s", (50, 1), [("c", "", (1, 1))] * channels)
        self.values = self.model.analog(channels, 16)
        self.model.input(self.samples, self.values, np.zeros(channels, int), np.ones(channels, int), 0)

    def identity(self, count):
        """A current slot that receives the samples."""
        current = self.model.current(count)
        self.model.dense(self.values, current, np.eye(count, dtype=int), "int8")
        return current

    def run(self, source, frames, slot=None, window=1000, tally=None, **readout):
        """The network, and the elements of `slot` (`source` unless given) after each frame."""
        count = self.model._counts[source]
        self.model.output("o", self.model.readout(source, window, **readout), ["c"] * count)
        network = interpreter.Network(reader.parse(self.model.build()), full_accounting=True, tally=tally)
        trace = []
        self.results = []
        for frame in frames:
            self.results.append(network.tick(frame))
            trace.append(network.slot_values()[source if slot is None else slot].tolist())
        return network, trace


    def run_lif(self, bits=1, persistent=False, **arguments):
        """Adds a population on the samples; its spikes are `target`."""
        count = self.model._counts[self.values]
        self.target = self.model.spikes(count, persistent, bits)
        self.model.lif(self.identity(count), self.target, **arguments)

    def history(self, frames, *variables, window=1000, tally=None, **readout):
        """For each of the spikes and then `variables` of the lif (op 2), its elements after each frame."""
        network, _ = self.run(self.target, [], window=window, tally=tally, **readout)
        rows = []
        for frame in frames:
            self.results.append(network.tick(frame))
            lif = network.ops[2]
            rows.append([network.values[self.target].tolist()] + [getattr(lif, name).tolist() for name in variables])
        self.network = network
        flat = [[values[0] if len(values) == 1 else values for values in row] for row in rows]
        return [list(column) for column in zip(*flat)]


def lif_history(frames, *variables, bits=1, tally=None, **arguments):
    bench = Bench(np.shape(frames)[1])
    bench.run_lif(bits, **arguments)
    return bench.history(frames, *variables, tally=tally)


def column(*samples):
    return [[sample] for sample in samples]


# --- Files ---


def test_crc_vector():
    assert snnfile.crc32c(b"123456789") == reader.crc32c(b"123456789") == 0xE3069283
    assert reader.crc32c(b"") == snnfile.crc32c(b"") == 0
    data = bytes(generate.Dice(5).array(70001, 0, 255).tolist())  # long enough for the reader's lanes
    assert snnfile.crc32c(data) == reader.crc32c(data) == reader.crc32c(data[60:], reader.crc32c(data[:60]))


def test_round_trip():
    base = refusals.rich()
    model = reader.parse(base.data)
    assert (model.name, model.rate, model.output_name, model.classes) == ("s", (50, 1), "out", ["k0", "k1", "k2"])
    assert model.channels == [("c0", "g", (1, 1000)), ("c1", "g", (1, 1000))]
    assert model.metadata == "a: b" and model.self_test[0].shape == (0, 2) and model.self_test[1] == 0
    assert [slot.count for slot in model.slots] == [2, 2, 4, 4, 2, 6, 2, 2, 3, 3]
    assert [slot.bits for slot in model.slots] == [16, 8, 32, 1, 32, 32, 32, 1, 32, 32]
    assert [i for i, slot in enumerate(model.slots) if slot.persistent] == [5, 7, 9] and model.slots[5].initial == 3
    assert [int(op.kind) for op in model.ops] == [1, 2, 4, 3, 5, 2, 4, 2, 4, 6]
    parameters = [op.parameters for op in model.ops]
    assert parameters[0].multipliers.tolist() == [64, 64] and parameters[0].shift == 8
    assert parameters[1].runs.T.tolist() == [[1, 2], [3, 4], [5, 6], [7, -8]] and parameters[1].join == 1
    lif = parameters[2]
    assert (lif.model, lif.reset, lif.width, lif.fraction_bits, lif.flags) == (2, 2, 16, 1, 15)
    assert lif.threshold.tolist() == [100, 200, 300, 400] and lif.decay.tolist() == [32768, 0, 1, 2]
    assert lif.synaptic_decay.tolist() == [5, 6, 7, 8] and lif.bias.tolist() == [-1, 0, 1, 2]
    assert parameters[3].runs.tolist() == [[1], [-1]] and parameters[3].multipliers.tolist() == [-9]
    assert (parameters[3].groups, parameters[3].shift) == (2, 3)
    memory = parameters[4]
    assert memory.state_matrix.tolist() == [[9, 1, 0], [0, 9, 1], [0, 0, 9]] and memory.input_matrix.tolist() == [1, 2, 3]
    assert (memory.order, memory.bias.tolist(), memory.fraction_bits) == (3, [5, -5], 2)
    assert (memory.state_matrix_bits, memory.input_matrix_bits) == (4, 1)
    assert parameters[5].source_shift == 16 and parameters[5].runs.tolist()[0] == [1, 6]
    assert parameters[7].runs.T.tolist() == [[1, -1], [1, 1], [-1, 1]]
    readout = parameters[9]
    assert (readout.integration, readout.resets_network, readout.shift, readout.window, readout.decay) == (3, True, 1, 5, 32000)


def test_round_trip_of_format_1_1():
    base = refusals.rich_1_1()
    model = reader.parse(base.data)
    assert [slot.bits for slot in model.slots] == [16, 8, 32, 3, 32, 1, 32, 16, 32, 8, 32, 1, 32, 1]
    lifs = [op.parameters for op in model.ops if op.kind == reader.Kind.LIF]
    assert [lif.model for lif in lifs] == [5, 6, 4, 2, 6, 1] and [lif.reset for lif in lifs] == [3, 4, 0, 4, 3, 2]
    assert [lif.comparison for lif in lifs] == [1, 0, 0, 1, 0, 0] and [lif.flags for lif in lifs] == [61, 63, 2, 0, 0, 0]
    assert [lif.refractory for lif in lifs] == [3, 0, 0, 32767, 2, 0]
    assert lifs[0].threshold_decay.tolist() == [0, 1, 32768] and lifs[0].threshold_step.tolist() == [0, 1, 32767]
    assert lifs[1].threshold_step.tolist() == [0, 2**30 - 1] and lifs[1].synaptic_decay.tolist() == [5, 6]
    assert (lifs[4].threshold_decay, lifs[4].threshold_step, lifs[4].bias) == (5, 4, 6)
    readout = model.readout.parameters
    assert (readout.window, readout.hop, readout.entries, readout.is_early, readout.evidence_decay) == (12, 4, 3, True, 0)
    # 4096 entries are the most.
    most = reader.parse(base.edited((base.block(13) + 4, "I", 4 * 4096)))
    assert most.readout.parameters.entries == 4096


@pytest.mark.parametrize("base", [refusals.rich(), refusals.rich_1_1(), refusals_ops.rich_1_2(), refusals_chips.rich_1_3(),
                                  refusals_recurrence.rich_1_5()])
def test_a_block_has_the_length_of_its_kind(base):
    assert struct.unpack_from("<HH", base.data, 8) == (1, 6)
    blocks = sorted({(base.block(i), base.data[base.op(i)]) for i in range(len(reader.parse(base.data).ops))})
    ends = [place for place, _ in blocks[1:]] + [base.end(reader.PARAMETERS)]
    assert [end - place for (place, _), end in zip(blocks, ends)] == [edits.SIZES[kind] for _, kind in blocks]


def test_weights_as_packed():
    # int4, two destinations from two sources: run 0 = (1, −2) = 0x1, 0xE → byte E1; run 1 = (−8, 7) → 78.
    assert snnfile.pack_weights(matrix([1, -8], [-2, 7]), "int4") == bytes([0xE1, 0x78])
    # binary, three destinations: −1, +1, +1 → bits 0, 1, 1 → 6.
    assert snnfile.pack_weights(matrix([-1], [1], [1]), "binary") == bytes([6])
    # ternary, five destinations: 1, −1, 0, 0, −1 → 01, 11, 00, 00 → 0x0D; 11 → 0x03.
    assert snnfile.pack_weights(matrix([1], [-1], [0], [0], [-1]), "ternary") == bytes([0x0D, 0x03])
    assert snnfile.pack_weights(matrix([-2, 258]), "int16") == bytes([0xFE, 0xFF, 0x02, 0x01])
    assert snnfile.pack_weights(matrix([-128], [127]), "int8") == bytes([0x80, 0x7F])


def test_shared_tensors_and_strings_are_stored_once():
    def data_length(weights, others):
        bench = Bench(2)
        current = bench.model.current(2)
        bench.model.dense(bench.values, current, weights, "int8")
        bench.model.dense(bench.values, current, others, "int8", "left", 1)
        target = bench.model.spikes(2)
        bench.model.lif(current, target)
        bench.model.output("c", bench.model.readout(target, 1), ["c", "c"])
        model = reader.parse(bench.model.build())
        return model.sections[reader.DATA][1], model.sections[reader.NAMES][1]
    shared, equal = matrix([1, 2], [3, 4]), matrix([1, 2], [3, 4])
    assert data_length(shared, shared) == (8 + 4, 5)  # input table, weights; names: 0 "s" 0 "c" 0
    assert data_length(shared, equal) == (8 + 8, 5)


@pytest.mark.parametrize("change, field", [
    (dict(threshold=32768), "threshold"), (dict(threshold=-1), "threshold"), (dict(decay=32769), "decay"),
    (dict(synaptic_decay=1), "synaptic decay"), (dict(bias=2**31), "bias"), (dict(fraction_bits=16), "fraction bits"),
    (dict(width=8), "state width"), (dict(reset="none"), "reset"), (dict(model="LI", threshold=1), "threshold"),
    (dict(threshold=np.array([1, 2, 3])), "threshold"), (dict(decay=np.array([1, 40000])), "decay"),
    (dict(synaptic_decay=np.array([1, 2])), "synaptic decay"), (dict(bias=np.array([0.5, 1.5])), "bias"),
    (dict(model="ALIF", reset="subtract"), "reset"), (dict(model="CuBa-LI", reset="zero at once"), "reset"),
    (dict(comparison="<"), "comparison"), (dict(model="LI", comparison=">="), "comparison"),
    (dict(refractory=1), "refractory"), (dict(refractory=32768, reset="zero at once"), "refractory"),
    (dict(threshold_decay=1), "threshold decay"), (dict(threshold_step=np.array([1, 2])), "threshold step"),
    (dict(model="ALIF", threshold_decay=32769), "threshold decay"), (dict(model="ALIF", threshold_step=32768), "threshold step"),
    (dict(model="ALIF", synaptic_decay=1), "synaptic decay"), (dict(model="CuBa-LI", threshold=1), "threshold")])
def test_writer_names_the_field(change, field):
    model = ModelWriter()
    with pytest.raises(ValueError, match=field):
        model.lif(model.current(2), model.spikes(2), **change)


@pytest.mark.parametrize("change, field", [
    (dict(hop=0), "hop"), (dict(hop=13), "hop"), (dict(hop=5), "window / hop"), (dict(window=4097, hop=1), "window / hop"),
    (dict(hop=6, integration="leaky"), "hop"), (dict(is_early=True), "is_early"), (dict(evidence_decay=32769), "evidence decay"),
    (dict(hop=6, evidence_decay=1), "evidence decay")])
def test_writer_names_the_field_of_a_readout(change, field):
    model = ModelWriter()
    with pytest.raises(ValueError, match=field):
        model.readout(model.spikes(2), **dict(window=12) | change)


def test_writer_refuses_weights():
    model = ModelWriter()
    source, target = model.spikes(2), model.current(1)
    for weights, encoding in ((matrix([0, 1]), "binary"), (matrix([2, 1]), "ternary"), (matrix([8, 1]), "int4"),
                              (matrix([-129, 1]), "int8"), (matrix([32768, 1]), "int16"), (matrix([1], [1]), "int8"),
                              (matrix([1, 1]) / 1, "int8"), (matrix([1, 1]), "int2")):
        with pytest.raises(ValueError, match="weight"):
            model.dense(source, target, weights, encoding)
    for join in (dict(join="left", shift=31), dict(shift=1), dict(join="multiplier"), dict(multipliers=np.array([1]))):
        with pytest.raises(ValueError, match="shift|multipliers"):
            model.dense(source, target, matrix([1, 1]), "int8", **join)


def test_what_is_accepted():
    """Unknown sections that are not critical, any order of sections, bytes beyond the file, empty data."""
    base = refusals.rich()
    sections = base.sections()
    for data in (base.data, base.data + b"beyond", snnfile.assemble(sections[::-1]),
                 snnfile.assemble(sections + [(11, 0, b""), (65535, 0, b"abc"), (0, 0, b"x")])):
        assert len(reader.parse(data).ops) == 10
    many = snnfile.assemble(sections + [(100 + i, 0, b"z" * (i % 5)) for i in range(64 - len(sections))])
    assert len(reader.parse(many).ops) == 10


@pytest.mark.parametrize("name, data, status, offset, what", FAULTS, ids=[fault[0] for fault in FAULTS])
def test_refusals(name, data, status, offset, what):
    refusals.check(name, data, status, offset)


@pytest.mark.parametrize("name, data, op, what", list(refusals.proof_cases(beyond=False)),
                         ids=[case[0] for case in refusals.proof_cases(beyond=False)])
def test_proof_just_holds(name, data, op, what):
    model = reader.parse(data)
    network = interpreter.Network(model)
    for sample in (32767, -32768, 0):
        network.tick([sample] * len(model.channels))
        for i in network.currents:
            assert np.abs(network.values[i]).max() <= 2**31 - 1


def test_every_truncation_is_refused():
    data = example.example()
    for length in range(len(data)):
        with pytest.raises(reader.Refused) as caught:
            reader.parse(data[:length])
        expected = (reader.Status.TRUNCATED, length if length < 36 else 12)
        assert (caught.value.status, caught.value.offset) == expected


def test_every_bit_flip_is_refused():
    data = example.example()
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(reader.Refused):
            reader.parse(flipped)


@pytest.mark.parametrize("data, step", [(example.example(), 1), (refusals.rich().data, 3), (refusals.rich_1_1().data, 3),
                                        (refusals_ops.rich_1_2().data, 3), (refusals_chips.rich_1_3().data, 3),
                                        (refusals_recurrence.rich_1_5().data, 3)],
                         ids=["example", "rich", "rich 1.1", "rich 1.2", "rich 1.3", "rich 1.5"])
def test_every_sealed_bit_flip_is_refused_or_runs(data, step):
    ran = 0
    frames = np.array([[32767, -32768], [-32768, 0], [1, 400], [0, 0]])
    for bit in range(0, 8 * (len(data) - 4), step):
        flipped = bytearray(data[:-4])
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            model = reader.parse(snnfile.seal(flipped))
        except reader.Refused as refused:
            assert 0 <= refused.offset < len(data)
            continue
        ran += 1
        network = interpreter.Network(model, full_accounting=True)
        for frame in frames:
            network.tick(np.resize(frame, len(model.channels)))
        assert len(network.state_block()) % 8 == 0
        for slot, values in zip(model.slots, network.slot_values()):
            if slot.type in (reader.SlotType.SPIKES, reader.SlotType.ANALOG, reader.SlotType.SYNAPTIC):
                assert np.abs(values).max() <= slot.limit
                assert slot.type != reader.SlotType.SPIKES or values.min() >= 0
    assert ran > 100


# --- Ops, by hand ---


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


def test_lif_subtract():
    bench = Bench(1)
    target = bench.model.spikes(1)
    bench.model.lif(bench.identity(1), target, threshold=100, decay=16384, bias=-10, fraction_bits=1)
    network, trace = bench.run(target, [[60], [60], [-200], [0], [55]])
    # I = 2x − 10.  U: 110 (S) → R: 55 − 100 + 110 = 65 → 32 + (−410) = −378 → tz(−189) − 10 = −199
    #   → tz(−99.5) = −99 + 100 = 1
    assert trace == [[1], [0], [0], [0], [0]]
    assert network.ops[2].membrane.tolist() == [1]
    network.reset()
    seen = []
    for sample in (60, 60, -200, 0, 55):
        network.tick([sample])
        seen += network.ops[2].membrane.tolist()
    assert seen == [110, 65, -378, -199, 1]


def test_lif_threshold_is_exceeded_strictly_and_zero_resets():
    bench = Bench(1)
    target = bench.model.spikes(1)
    bench.model.lif(bench.identity(1), target, threshold=100, decay=32768, reset="zero")
    network, trace = bench.run(target, [[100], [1], [5], [200], [-7]])
    # U: 100 (no spike), 101 (spike), R: 0 + 5, 205 (spike), R: −7
    assert trace == [[0], [1], [0], [1], [0]]
    assert network.ops[2].membrane.tolist() == [-7]
    assert network.ops[2].membrane_updates == 5 and network.ops[2].events == 2


def test_next_tick_resets_at_equality():
    # zero, β = 1: U = 100 spikes and R follows: 0 + 1; 1 + 99 = 100 spikes; 0 + 1
    assert lif_history(column(100, 1, 99, 1), "membrane", threshold=100, decay=32768, reset="zero", comparison=">=") == [
        [1, 0, 1, 0], [100, 1, 100, 1]]
    # subtract: 100; 100 − 100 + 99 = 99; 99 + 1 = 100; 100 − 100 + 0
    assert lif_history(column(100, 99, 1, 0), "membrane", threshold=100, decay=32768, comparison=">=") == [
        [1, 0, 1, 0], [100, 99, 100, 0]]
    # zero, θ = 0: U = 0 ≥ 0 is R from the start; 0 spikes, −3 does not, and has no R: −3 + 2 = −1; 0 spikes
    assert lif_history(column(0, -3, 2, 1), "membrane", decay=32768, reset="zero", comparison=">=") == [
        [1, 0, 0, 1], [0, -3, -1, 0]]


def test_same_tick_resets():
    frames = column(100, 60, -30, 301, 0)
    common = dict(threshold=100, decay=16384)
    # subtract, >: 100; 50 + 60 = 110 − 100; 5 − 30 = −25; tz(−12.5) + 301 = 289 − 100; tz(94.5) = 94
    assert lif_history(frames, "membrane", **common, reset="subtract at once") == [[0, 1, 0, 1, 0], [100, 10, -25, 189, 94]]
    # subtract, ≥: 100 − 100; 60; 30 − 30; 301 − 100 = 201; tz(100.5) = 100 − 100
    assert lif_history(frames, "membrane", **common, reset="subtract at once", comparison=">=") == [
        [1, 0, 0, 1, 1], [0, 60, 0, 201, 0]]
    # zero, >: 100; 110 → 0; −30; −15 + 301 = 286 → 0; 0
    assert lif_history(frames, "membrane", **common, reset="zero at once") == [[0, 1, 0, 1, 0], [100, 0, -30, 0, 0]]
    # zero, ≥: 100 → 0; 60; 30 − 30 = 0; 301 → 0; 0
    assert lif_history(frames, "membrane", **common, reset="zero at once", comparison=">=") == [
        [1, 0, 0, 1, 0], [0, 60, 0, 0, 0]]


def test_same_tick_resets_at_the_corners():
    tally = Counter()
    # θ = 0: > spikes at 1, ≥ at 0 too; a subtraction of 0 leaves U.
    assert lif_history(column(0, 1, -2, 1), "membrane", decay=32768, reset="subtract at once") == [[0, 1, 0, 0], [0, 1, -1, 0]]
    assert lif_history(column(0, 1, -2, 1), "membrane", decay=32768, reset="subtract at once", comparison=">=") == [
        [1, 1, 0, 1], [0, 1, -1, 0]]
    # θ = L: > never spikes, ≥ does where V saturates: 30000; 60000 → 32767 − 32767; 30000
    common = dict(threshold=32767, decay=32768, reset="subtract at once")
    assert lif_history(column(30000, 30000, 30000), "membrane", **common, tally=tally) == [[0, 0, 0], [30000, 32767, 32767]]
    assert tally["saturated lif membrane 16"] == 2
    assert lif_history(column(30000, 30000, 30000), "membrane", **common, comparison=">=") == [[0, 1, 0], [30000, 0, 30000]]


def test_refractory_ticks_hold_the_membrane():
    frames, names = column(15, 50, 50, 20, 0), ("membrane", "refractory")
    # r = 2: 15 − 10 = 5; held, held; tz(2.5) + 20 = 22 − 10; held
    assert lif_history(frames, *names, threshold=10, decay=16384, reset="subtract at once", refractory=2) == [
        [1, 0, 0, 1, 0], [5, 5, 5, 12, 12], [2, 1, 0, 2, 1]]
    # r = 1, zero: 0; held; 50 → 0; held; 0
    assert lif_history(frames, *names, threshold=10, decay=16384, reset="zero at once", refractory=1) == [
        [1, 0, 1, 0, 0], [0, 0, 0, 0, 0], [1, 0, 1, 0, 0]]
    # r beyond the run
    assert lif_history(frames, *names, threshold=10, decay=16384, reset="zero at once", refractory=32767) == [
        [1, 0, 0, 0, 0], [0] * 5, [32767, 32766, 32765, 32764, 32763]]
    # Y goes on while U is held: 15, 65, 115, 135; tz(2.5) + 135 = 137 − 10
    assert lif_history(frames, "synapse", *names, threshold=10, decay=16384, synaptic_decay=32768, model="CuBa-LIF",
                       reset="subtract at once", refractory=2) == [
        [1, 0, 0, 1, 0], [15, 65, 115, 135, 135], [5, 5, 5, 127, 127], [2, 1, 0, 2, 1]]
    bench = Bench(1)
    bench.run_lif(threshold=10, reset="subtract at once", refractory=2)
    bench.history(frames)
    assert bench.network.ops[2].membrane_updates == 2  # 0 → 5, held twice, 5 → 10, held


def test_adaptive_threshold_rises_and_decays():
    frames, tally = column(20, 14, 14, 13, 12), Counter()
    common = dict(model="ALIF", threshold=10, threshold_decay=16384, threshold_step=8)
    # V is the sample (β = 0), A before the comparison 0; 4; 2; 5; tz(2.5) = 2, and 8 more where it is exceeded.
    # 20 > 10; 14 > 14 not; 14 > 12; 13 > 15 not; 12 > 12 not
    assert lif_history(frames, "adaptation", "membrane", **common, reset="zero at once", tally=tally) == [
        [1, 0, 1, 0, 0], [8, 4, 10, 5, 2], [0, 14, 0, 13, 12]]
    assert tally["held back by adaptation"] == 3
    # ≥, subtract: θ alone is subtracted. 14 ≥ 14: A = 12; 6: 14 ≥ 16 not; 3: 13 ≥ 13: A = 11; 5: 12 ≥ 15 not
    assert lif_history(frames, "adaptation", "membrane", **common, comparison=">=") == [
        [1, 1, 0, 1, 0], [8, 12, 6, 11, 5], [10, 4, 14, 3, 12]]
    # A decays in refractory ticks too: 8, then 4 (held), then 2: 14 > 12
    assert lif_history(frames, "adaptation", "refractory", **common, refractory=1) == [
        [1, 0, 1, 0, 0], [8, 4, 10, 5, 2], [1, 0, 1, 0, 0]]


def test_adaptive_threshold_per_neuron_and_saturated():
    tally = Counter()
    # neuron 0: κ = L, ρ = 1/2: 32767; 16383 < V: 16383 + 32767 → 32767.  Neuron 1: κ = 3, ρ = 1: 3, 6.
    history = lif_history([[32767, 10], [32767, 10]], "adaptation", model="ALIF", threshold=np.array([0, 1]), tally=tally,
                          threshold_decay=np.array([16384, 32768]), threshold_step=np.array([32767, 3]))
    assert history == [[[1, 1], [1, 1]], [[32767, 3], [32767, 6]]]
    assert tally["saturated lif adaptation 16"] == 1
    # 32-bit CuBa-ALIF, f = 15, κ = L = 2^30 − 1, ρ = 1/4: A falls to tz(L / 4) = 2^28 − 1. α = 1/2.
    history = lif_history(column(30000, 0, 0), "synapse", "adaptation", "membrane", model="CuBa-ALIF", width=32,
                          fraction_bits=15, synaptic_decay=16384, threshold_decay=8192, threshold_step=2**30 - 1, threshold=7)
    # Y: 30000·2^15, half, half.  θ + A: 7; 2^28 + 6 = 268435462 < 491520000; 2^28 + 6 > 245760000
    assert history == [[1, 1, 0], [983040000, 491520000, 245760000], [2**30 - 1, 2**30 - 1, 2**28 - 1],
                       [983040000 - 7, 491520000 - 7, 245760000]]


def test_graded_spikes():
    frame = [[30, 31, 100, 10, 9, -5]]
    # 2 bits, θ = 10: the k of 1, 2, 3 with V > 10k, or V ≥ 10k
    assert lif_history(frame, "membrane", bits=2, threshold=10, reset="subtract at once") == [
        [[2, 3, 3, 0, 0, 0]], [[10, 1, 70, 10, 9, -5]]]
    assert lif_history(frame, "membrane", bits=2, threshold=10, reset="subtract at once", comparison=">=") == [
        [[3, 3, 3, 1, 0, 0]], [[0, 1, 70, 0, 9, -5]]]
    assert lif_history(frame, "membrane", bits=2, threshold=10, reset="zero at once") == [
        [[2, 3, 3, 0, 0, 0]], [[0, 0, 0, 10, 9, -5]]]
    # 8 bits: smax = 255
    assert lif_history([[2550, 2551, 2561, 2560]], "membrane", bits=8, threshold=10, reset="subtract at once") == [
        [[254, 255, 255, 255]], [[10, 1, 11, 10]]]
    # θ = 0: every k or none
    assert lif_history([[1, 0, -1]], "membrane", bits=3, reset="subtract at once") == [[[7, 0, 0]], [[1, 0, -1]]]
    assert lif_history([[1, 0, -1]], "membrane", bits=3, reset="zero at once", comparison=">=") == [[[7, 7, 0]], [[0, 0, -1]]]
    # adaptive, ≥: 35 / 10 → 3, 5 left, A = 4 (one step); 28 / 14 → 2, 28 − 2·10 = 8 left, A = 8; 18 / 18 → 1
    assert lif_history(column(35, 28, 18), "membrane", "adaptation", bits=2, model="ALIF", threshold=10, comparison=">=",
                       threshold_decay=32768, threshold_step=4) == [[3, 2, 1], [5, 8, 8], [4, 8, 12]]


def test_graded_spikes_as_source():
    bench = Bench(2)
    bench.run_lif(bits=2, persistent=True, threshold=10, reset="zero at once")
    current, target = bench.model.current(1), bench.model.spikes(1)
    bench.model.dense(bench.target, current, matrix([5, -7]), "int8")
    bench.model.lif(current, target)
    network, trace = bench.run(bench.target, [[11, 11], [35, 0], [0, 25]], slot=current, window=3)
    # spikes (1, 1), (3, 0), (0, 2)
    assert trace == [[-2], [15], [-14]] and bench.results[2] == (0, [4, 3])
    figures = network.accounting()["ops"]
    dense = figures[3]
    assert (dense["sourceBits"], dense["events"], dense["effectiveACs"], dense["effectiveMACs"]) == (2, 4, 2, 2)
    assert dense["bb"] == 3 * 8 * 2 and dense["stateBitsReadPerTick"] == 2 * 2
    assert figures[2]["events"] == 4 and figures[2]["stateBitsWrittenPerTick"] == 2 * 2 + 2 * 16
    # The graded slot in the state block: two i16; then U of both populations and the scores, 0 again.
    assert network.state_parts()[8:] == struct.pack("<2h", 0, 2) + struct.pack("<2h", 0, 0) + struct.pack("<2h", -14, 0) + bytes(8)


def test_cuba_li():
    bench = Bench(1)
    target = bench.model.analog(1, 16, persistent=True, initial=-8)
    bench.model.lif(bench.identity(1), target, model="CuBa-LI", decay=16384, synaptic_decay=16384, fraction_bits=1)
    network, trace = bench.run(target, [[50], [0], [-3]])
    # Y: 100; 50; 25 − 6 = 19.  U: −4 + 100 = 96; 48 + 50 = 98; 49 + 19 = 68
    assert trace == [[96], [98], [68]] and network.ops[2].synapse.tolist() == [19]
    assert network.state_parts() == struct.pack("<IIhhhhi", 3, 0, 68, 0, 19, 0, 96 + 98 + 68)
    figures = network.accounting()["ops"][2]
    assert (figures["parameterBits"], figures["events"], figures["membraneUpdates"]) == (16 + 16 + 32, 3, 3)
    # current, U in its slot and Y; U is written once
    assert (figures["stateBitsReadPerTick"], figures["stateBitsWrittenPerTick"]) == (32 + 16 + 16, 16 + 16)


def test_state_and_accounting_of_an_adaptive_population():
    bench = Bench(2)
    bench.run_lif(3, True, model="CuBa-ALIF", threshold=10, threshold_step=6, threshold_decay=np.array([32768, 0]),
                  synaptic_decay=16384, refractory=4, comparison=">=")
    bench.history([[25, -1]], window=2)
    # position; spikes (2, 0); U (25 − 20, −1); Y; A; C; scores
    assert bench.network.state_parts() == struct.pack("<II2h2h2h2h2h2i", 1, 0, 2, 0, 5, -1, 25, -1, 6, 0, 4, 0, 2, 0)
    figures = bench.network.accounting()["ops"][2]
    assert figures["parameterBits"] == 16 + 16 + 16 + 32 + 2 * 16 + 16  # β, α, θ, b, ρ of each, κ
    assert figures["stateBitsReadPerTick"] == 2 * 32 + 4 * 2 * 16 and figures["stateBitsWrittenPerTick"] == 2 * 3 + 4 * 2 * 16
    fresh = interpreter.Network(bench.network.model, full_accounting=True)
    bench.network.reset()
    assert bench.network.state_parts() == fresh.state_parts()


def test_cuba_lif():
    bench = Bench(1)
    target = bench.model.spikes(1)
    bench.model.lif(bench.identity(1), target, threshold=np.array([300]), decay=np.array([29491]), synaptic_decay=16384,
                    model="CuBa-LIF")
    network, _ = bench.run(target, [[201]])
    states = [(network.ops[2].synapse[0], network.ops[2].membrane[0])]
    for sample in (50, -400, 0):
        network.tick([sample])
        states.append((network.ops[2].synapse[0], network.ops[2].membrane[0]))
    # Y: 201; 100 + 50 = 150; 75 − 400 = −325; tz(−162.5) = −162.
    # U: 201; tz(201·29491 / 2^15) = 180 (180.9…), + 150 = 330 spikes; R: tz(296.99…) = 296 − 300 − 325 = −329;
    #    tz(−296.09…) = −296 − 162 = −458
    assert states == [(201, 201), (150, 330), (-325, -329), (-162, -458)]


def test_li_and_saturation_of_state():
    bench = Bench(2)
    target = bench.model.analog(2, 16, persistent=True, initial=-5)
    bench.model.lif(bench.identity(2), target, model="LI", decay=np.array([16384, 32768]), fraction_bits=15)
    tally = Counter()
    network, trace = bench.run(target, [[0, 0], [1, -1], [1, -1], [0, 2]], tally=tally)
    # tz(−2.5) = −2 and −5; I = ±2^15 → clamp ±32767: −1 + 32767 = 32766; −5 − 32767 → −32767;
    # 16383 + 32767 → 32767; −65534 → −32767; 16383; I = 65536 → 32767: −32767 + 32767 = 0
    assert trace == [[-2, -5], [32766, -32767], [32767, -32767], [16383, 0]]
    assert tally["saturated lif input 16"] == 5 and tally["saturated lif membrane 16"] == 3
    assert network.ops[2].events == 7 and network.ops[2].membrane_updates == 1 + 2 + 1 + 2


def test_memory():
    bench = Bench(2)
    target = bench.model.analog(4, 16, persistent=True, initial=4)
    bench.model.memory(bench.identity(2), target, matrix([3, -1], [0, 2]), np.array([5, -5]), "int8", state_bits=1,
                       input_bits=2, bias=np.array([0, 1]), fraction_bits=1)
    network, trace = bench.run(target, [[1, 0], [0, 0]])
    # u = 2x + b = 2; 1.   A·m = 3·4 − 4 = 8; 8, rnd(, 1) = 4; 4.   B·u = 10; −10 → rnd(, 2) = (10 + 2) >> 2 = 3;
    # −8 >> 2 = −2; and 5; −5 → 7 >> 2 = 1; −3 >> 2 = −1.
    assert trace[0] == [4 + 3, 4 - 2, 4 + 1, 4 - 1]
    # m = (7, 2): 21 − 2 = 19 → 20 >> 1 = 10; 4 → 2.  (5, 3): 12 → 6; 6 → 3.  u = 0; 1.
    assert trace[1] == [10, 2, 6 + 1, 3 - 1]
    figures = network.accounting()["ops"][2]
    # events: 4 + 2 units, then 4 + 1; 2 operations each; nonzero: column 0 has 1, column 1 has 2, B has 2
    assert (figures["events"], figures["synapticOperations"]) == (11, 22)
    assert (figures["effectiveACs"], figures["effectiveMACs"]) == (0, 2 * (1 + 2 + 1 + 2) + 3 * 2)
    assert (figures["synapses"], figures["zeroWeights"], figures["parameterBits"]) == (12, 2, 64)
    assert (figures["stateBitsReadPerTick"], figures["stateBitsWrittenPerTick"]) == (2 * 32 + 64, 64)


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
    assert [result[1][0] for result in bench.results] == [2**30 - 1, 2**31 - 2, 2**31 - 1] and tally["saturated evidence leak"] == 1
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
    network = interpreter.Network(reader.parse(bench.model.build()))
    assert [network.tick([7]) for _ in range(3)] == [None, (0, [1]), (0, [2])]
    # position, entries; spikes: one, bit; scores; U = 7, 9, 11; then the ring: entry 2 (1) in place 0, entry 1 (1)
    assert network.state_parts() == struct.pack("<IIIIihhii", 0, 3, 1, 1, 0, 11, 0, 1, 1)


def test_recurrence_reads_last_tick():
    bench = Bench(1)
    current, target = bench.model.current(1), bench.model.spikes(1, persistent=True)
    bench.model.dense(bench.values, current, matrix([1]), "int8")
    bench.model.dense(target, current, matrix([-50]), "int8")
    bench.model.lif(current, target, threshold=10, decay=0, reset="zero")
    assert bench.run(target, [[20], [20], [20], [20]])[1] == [[1], [0], [1], [0]]


def test_state_block():
    bench = Bench(3)
    spikes = bench.model.spikes(3, persistent=True)
    bench.model.lif(bench.identity(3), spikes, threshold=5, decay=32768, model="CuBa-LIF")
    network, _ = bench.run(spikes, [[7, -1, 9]], window=3)
    expected = struct.pack("<II", 1, 0)  # window position
    expected += struct.pack("<II", 2, 0b101)  # persistent spikes: two ones
    expected += struct.pack("<4h", 7, -1, 9, 0) * 2  # U and Y, each padded to 4
    expected += struct.pack("<3i", 1, 0, 1)  # scores
    assert network.state_parts() == expected and len(expected) == 44
    expected += bytes(4) + struct.pack("<QQII", 1, 0, 0, 0)
    # events, ACs, MACs, updates of input, dense, lif, readout; the identity has one nonzero weight in each run
    expected += struct.pack("<16Q", 3, 0, 3, 0, 3, 0, 3, 0, 2, 0, 0, 3, 2, 0, 0, 0)
    assert network.state_block() == expected
    plain = interpreter.Network(network.model)
    plain.tick([7, -1, 9])
    assert plain.state_block() == expected[:72] + struct.pack("<4Q", 3, 3, 2, 2)


def test_reset_and_usage():
    network = interpreter.Network(reader.parse(example.example()), full_accounting=True)
    fresh = network.state_block()
    for frame in example.FRAMES[:3]:
        network.tick(frame)
    usage = network.state_block()[32:]
    network.reset()
    assert network.state_block() == fresh[:32] + usage
    network.reset_usage()
    assert network.state_block() == fresh


def test_acs_and_macs():
    bench = Bench(2)
    bench.identity(2)
    spikes = bench.model.spikes(2)
    bench.model.lif(2, spikes)
    network, _ = bench.run(spikes, [[1, -1], [2, 0], [0, 0], [1, 0]])
    assert (network.ops[0].effective_acs, network.ops[0].effective_macs) == (3, 1)
    assert (network.ops[1].effective_acs, network.ops[1].effective_macs) == (3, 1)


def test_accounting_of_the_example():
    """Two ticks of the example (T = 2), each figure worked out in the comment."""
    network = interpreter.Network(reader.parse(example.example()), full_accounting=True)
    for frame in example.FRAMES[:2]:
        network.tick(frame)
    figures = network.accounting()

    def of(key):
        return [op[key] for op in figures["ops"]]
    # input: samples (400, 0), (400, −100); dense: x (100, 0), (100, −25); spikes: neuron 0, then 0 and 2;
    # LI: both outputs in both ticks
    assert of("events") == [3, 3, 3, 3, 4, 4]
    assert of("synapses") == [2, 6, 0, 6, 0, 0] and of("operationsPerEvent") == [1, 3, 0, 2, 0, 0]
    assert of("bb") == [2 * 16 * 16, 2 * 4 * 8, 0, 2 * 2 * 1, 0, 0]
    assert of("sACE") == [2 * 256 * 2, 6 * 32 * 2, 0, 6 * 2 * 2, 0, 0]
    assert of("synapticOperations") == [3, 9, 0, 6, 0, 0] and of("nsACE") == [3 * 256, 9 * 32, 0, 6 * 2, 0, 0]
    assert of("effectiveMACs") == [3, 9, 0, 0, 0, 0] and of("effectiveACs") == [0, 0, 0, 4, 0, 0]  # neuron 2: weights 0
    assert of("membraneUpdates") == [0, 0, 6, 0, 4, 0]
    assert of("zeroWeights") == [0, 0, 0, 2, 0, 0] and of("weights") == [0, 6, 0, 6, 0, 0]
    assert of("parameterBits") == [64, 0, 16 + 16 + 32, 0, 16 + 32, 0]
    assert of("modelBitsRead") == [2 * 64 + 16 * 3, 4 * 9, 2 * 64, 2 * 6, 2 * 48, 0]
    assert of("stateBitsReadPerTick") == [32, 16, 3 * 32 + 3 * 16, 3, 2 * 32 + 2 * 16, 2 * 16 + 2 * 32]
    assert of("stateBitsWrittenPerTick") == [16, 96, 3 + 48, 64, 32, 64]
    # state: 8 bytes, LI slot 4, U 3 · 2 padded to 8, scores 8
    assert figures["network"]["stateBits"] == 8 * 28
    assert figures["network"]["footprintBits"] == 64 + 64 + 48 + 6 * 4 + 6 * 2 + 8 * 28
    assert (figures["network"]["lifEvents"], figures["network"]["neuronTicks"]) == (7, 10)
    assert figures["total"]["events"] == 20 and figures["total"]["denseOperationsPerTick"] == 14


# --- Example and generator ---


def test_example():
    model = reader.parse(example.example())
    frames, checksum = model.self_test
    network = interpreter.Network(model)
    results = [network.tick(frame) for frame in frames]
    # Worked out in format.md's terms: hidden currents (300, −100, 200), (325, −175, 150), (−100, 300, 200),
    # (−175, 325, 150); U (300, −100, 200), (394, −264, 329) [269 + 325 − 200; 179 + 150], (54, 63, 296), (−127, 381, 216)
    assert [result for result in results if result] == [(0, [384, -384]), (1, [-160, 160])]
    assert network.ops[2].membrane.tolist() == [-127, 381, 216]
    assert network.checksum == checksum
    assert len(example.annotated_hex().splitlines()) > 50


def test_generator_gives_the_committed_set(tmp_path):
    assert generate.check_set(HERE / "golden.tsv", tmp_path) == 0


def test_given_model_and_results_only(tmp_path):
    (tmp_path / "a.snn").write_bytes(example.example())
    np.save(tmp_path / "f.npy", example.FRAMES.astype(np.int16))
    options = type("Options", (), dict(model=tmp_path / "a.snn", frames=tmp_path / "f.npy", out=tmp_path, name="a"))
    options.results_only = False
    generate.trace_given(options)
    content = (tmp_path / "a.trace").read_bytes()
    magic, version, count, channels, slots, block, classes = struct.unpack_from("<8s6I", content)
    assert (magic, version, count, channels, slots, classes) == (b"SNNTRACE", 1, 4, 2, 6, 2)
    elements = struct.unpack_from("<6I", content, 32)
    assert len(content) == 32 + 24 + 16 + 4 * (4 * sum(elements) + 4 * (2 + classes) + block)
    options.results_only = True
    generate.trace_given(options)
    results = (tmp_path / "a.results").read_bytes()
    assert struct.unpack_from("<6i", results) == (0, 384, -384, 1, -160, 160)
    assert results[24:] == content[-block:]


# --- format.md itself ---


def test_format_document_shows_the_example():
    document = (HERE.parents[1] / "docs" / "format.md").read_text()
    assert example.annotated_hex().strip() in document
