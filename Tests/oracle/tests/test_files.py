"""Files: the writer and the reader against numbers worked out by hand, what is accepted, and damage of every bit."""

import struct

import numpy as np
import pytest

import example
import reader
from core.slots import NONE
from drawing.dice import Dice
from faults import bases
from faults.edits import PARAMETERS, finish
from interpreter import Network
from snnrt import file as snnfile
from snnrt.file import ModelWriter
from tests.support import Bench, matrix


def test_crc_vector():
    assert snnfile.crc32c(b"123456789") == reader.crc32c(b"123456789") == 0xE3069283
    assert reader.crc32c(b"") == snnfile.crc32c(b"") == 0
    data = bytes(Dice(5).array(70001, 0, 255).tolist())  # long enough for the reader's lanes
    assert snnfile.crc32c(data) == reader.crc32c(data) == reader.crc32c(data[60:], reader.crc32c(data[:60]))


def test_round_trip():
    base = bases.plain()
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


def test_round_trip_of_variants_of_neurons():
    base = bases.neurons()
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


def test_round_trip_of_spatial_ops():
    model = reader.parse(bases.spatial().data)
    assert [int(op.kind) for op in model.ops] == [1, 7, 4, 8, 7, 4, 9, 10, 11, 10, 9, 11, 8, 7, 4, 9, 4, 6]
    parameters = [op.parameters for op in model.ops]
    sparse = parameters[1]
    assert (sparse.delays, sparse.join, sparse.shift, sparse.target_bits) == (3, 3, 1, 16)
    assert sparse.runs.tolist() == [0, 2, 2, 3, 3, 3, 3, 3, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7]
    assert sparse.targets.tolist() == [0, 2, 1, 0, 1, 3, 3] and sparse.weights.tolist() == [1, -2, 3, 4, 5, -8, 7]
    assert (parameters[2].period, parameters[2].threshold.tolist(), parameters[2].flags) == (2, [10, 20], 1 + 4 + 8 + 16 + 32)
    assert (parameters[3].kept, parameters[3].delay.tolist()) == (4, [0, 1, 2, 3])
    # channels c of groups 0 and 1; weights −3 −2 of channel 0, −1 0 of channel 1, 1 2 and 3 4
    assert parameters[6].weights[:, 0].tolist() == [[[-3, -1], [-2, 0]], [[1, 3], [2, 4]]]
    assert (parameters[6].columns.count, parameters[6].rows.count, parameters[6].taps) == (3, 1, 5)
    assert (parameters[7].function, parameters[7].columns.before) == (2, 1)
    clip = parameters[8]
    assert (clip.function, clip.shift, clip.low, clip.high, clip.period, clip.bias.tolist()) == (1, 3, -5, 31, 4, [-1, 0, 1, 2])
    assert (parameters[12].kept, parameters[12].delay) == (5, 2) and parameters[15].source_shift == 16


def test_round_trip_of_chips():
    model = reader.parse(bases.chips().data)
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
    values = shared.current_decay, shared.voltage_decay, shared.threshold, shared.bias
    assert [int(value) for value in values] == [4096, 1, 640, -9]
    xylo = parameters[6]
    assert (xylo.flags, xylo.membrane_dash.tolist(), xylo.synaptic_dash.tolist()) == (31, [0, 15, 3], [1, 2, 3, 4, 5, 6])
    assert (xylo.threshold.tolist(), xylo.bias.tolist()) == ([0, 32767, 9], [-32768, 32767, 0])
    assert xylo.aliases.tolist() == [2, NONE, 0]
    assert (parameters[8].flags, parameters[8].membrane_dash, parameters[8].threshold, parameters[8].bias) == (0, 4, 600, -1)
    assert parameters[12].synaptic_dash.tolist() == [7, 8] and parameters[12].flags == 2
    assert (parameters[3].join, parameters[3].shift, parameters[3].encoding) == (1, 8, 4)


def test_round_trip_of_recurrences():
    model = reader.parse(bases.recurrences().data)
    assert [int(op.kind) for op in model.ops] == [1, 2, 14, 2, 14, 6]
    first, second = model.ops[2].parameters, model.ops[4].parameters
    assert (first.segments, first.substeps, first.fraction_bits) == (2, 3, 15)
    assert (first.order, first.flags, first.output_shift) == (3, 3, 30)
    assert (first.limit, first.bias.tolist(), first.factors.shape) == (2**30 - 1, [5, -6], (2, 11, 2, 2))
    assert (first.factors[0, 0, 0].tolist(), first.factors[1, 10, 1, 1]) == ([-2**31, 2**25 - 2**30], 2**31 - 1)
    assert first.factors[1, 0, 1].tolist() == [(44 + 2 + i) * 2**25 - 2**30 for i in range(2)]  # pole 1, row g[0], imaginary
    assert (second.segments, second.substeps, second.order, second.flags, second.limit, second.bias) == (1, 1, 1, 0, 9, -3)
    assert second.factors.reshape(-1).tolist() == [7, -8, 9, -10, 11, -12]


@pytest.mark.parametrize("order, shape, places", [(2, (1, 4, 1), 2), (2, (3, 7, 2), 1), (3, (1, 11, 2, 2), 2), (2, (1, 7, 16), 1),
                                                  (33, (1, 15, 16), 3), (32, (1, 11, 16), 2), (4096, (1, 1027, 16), 256)])
def test_rows_are_those_of_the_order(order, shape, places):
    model = ModelWriter()
    samples, values, current = model.stream("s", (1, 1), [("c", "", (1, 1))]), model.analog(1, 8), model.current(1)
    target = model.analog(order, 16, True)
    model.input(samples, values, [0], [1], 0)
    model.dense(values, current, matrix([1]), "int8")
    model.recurrence(current, target, np.arange(np.prod(shape)).reshape(shape), 0, 1)
    model.output("out", model.readout(target, 1), [""] * order)
    found = reader.parse(model.build()).ops[2].parameters
    assert (found.segments, found.places, found.order) == (shape[-1], places, order)
    assert found.factors.reshape(shape).reshape(-1).tolist() == list(range(np.prod(shape)))


SIZES = {1: 8, 2: 16, 3: 16, 4: 36, 5: 20, 6: 16, 7: 24, 8: 8, 9: 32, 10: 20, 11: 20, 12: 24, 13: 24, 14: 20}  # of blocks


@pytest.mark.parametrize("base", [bases.plain(), bases.neurons(), bases.spatial(), bases.chips(),
                                  bases.recurrences()])
def test_a_block_has_the_length_of_its_kind(base):
    assert struct.unpack_from("<HH", base.data, 8) == (1, 6)
    blocks = sorted({(base.block(i), base.data[base.op(i)]) for i in range(len(reader.parse(base.data).ops))})
    ends = [place for place, _ in blocks[1:]] + [base.end(reader.PARAMETERS)]
    assert [end - place for (place, _), end in zip(blocks, ends)] == [SIZES[kind] for _, kind in blocks]


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


def test_what_is_accepted():
    """Unknown sections that are not critical, any order of those that are not required, bytes beyond the file."""
    base = bases.plain()
    sections = base.sections()
    for data in (base.data, base.data + b"beyond", snnfile.assemble(sections[:8] + sections[:7:-1]),
                 snnfile.assemble(sections + [(11, 0, b""), (65535, 0, b"abc"), (0, 0, b"x")])):
        assert len(reader.parse(data).ops) == 10
    many = snnfile.assemble(sections + [(100 + i, 0, b"z" * (i % 5)) for i in range(64 - len(sections))])
    assert len(reader.parse(many).ops) == 10


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


@pytest.mark.parametrize("data, step", [(example.example(), 1), (bases.plain().data, 3), (bases.neurons().data, 3),
                                        (bases.spatial().data, 3), (bases.chips().data, 3),
                                        (bases.recurrences().data, 3)],
                         ids=["example", "plain", "neurons", "spatial", "chips", "recurrences"])
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
        network = Network(model, full_accounting=True)
        for frame in frames:
            network.tick(np.resize(frame, len(model.channels)))
        assert len(network.state_block()) % 8 == 0
        for slot, values in zip(model.slots, network.slot_values()):
            if slot.type in (reader.SlotType.SPIKES, reader.SlotType.ANALOG, reader.SlotType.SYNAPTIC):
                assert np.abs(values).max() <= slot.limit
                assert slot.type != reader.SlotType.SPIKES or values.min() >= 0
    assert ran > 100


def test_blocks_and_tensors_are_shared_by_any_ops_and_overlap():
    model = ModelWriter()
    samples, values = model.stream("s", (50, 1), [("c", "", (1, 1))]), model.analog(1, 16)
    model.input(samples, values, [5], [1], 1)
    delayed, current, state = model.analog(1, 16), model.current(1), model.analog(1, 16, True)
    model.delay(values, delayed, 3)
    model.dense(delayed, current, matrix([1]), "int8")
    model.lif(current, state, model="LI")
    base = finish(model, state, 1)
    place, weights = base.op(1) + 18, base.block(2) + 8
    # The input's block as the delay's: shift 1 and table 0 are one frame and no delay.
    shared = reader.parse(base.edited((place, "H", 0))).ops
    assert shared[0].block == shared[1].block and (shared[1].parameters.kept, shared[1].parameters.delay) == (1, 0)
    # The second and third word of the dense op's block as the delay's; its weight is a byte of the input's table.
    between = (base.block(2) + 4 - base.start(PARAMETERS)) // 4
    overlapping = reader.parse(base.edited((place, "H", between), (weights, "I", 0))).ops
    assert (overlapping[1].parameters.kept, overlapping[1].parameters.delay) == (1, 0)
    assert overlapping[2].parameters.runs.tolist() == [[5]] and overlapping[2].tensors == overlapping[0].tensors
