"""Independent interpreter of snnrt models, written from docs/format.md alone (sections 9, 12, 13, 14).

    network = Network(reader.parse(data), full_accounting=True)
    result = network.tick(frame)        # frame: channels × i16; None or (label, scores)

Everything is int64: section 9.12 bounds currents by 2^31, products of state by 2^46, a memory's sums by 2^57,
an activation's and a pool's products by 2^62, loihi's by 2^36; a recurrence's are modulo 2^64, of which it takes what it needs.
"""

import struct
from collections import Counter

import numpy as np

from core.arithmetic import crc32c, round_shift, saturated, truncate_shift, wrapped
from core.parameters import spread
from core.slots import NONE, SlotType
from reader import Kind, Model


ACCOUNTING_VERSION = 1


class Network:
    """One running network.

    full_accounting: whether effective operations and membrane updates are counted (and stand in the state block).
    tally: a Counter for test coverage, or None: "saturated <where>" counts values that a clamp changed (for lif and
    memory with the state width), "resets <reset>" lif neurons that are reset, "in flight at a reset" ops whose delayed
    frames a hop's end empties; the methods named count_… name the others.
    """

    def __init__(self, model: Model, full_accounting: bool = False, tally: Counter | None = None):
        self.model, self.full_accounting, self.tally = model, full_accounting, tally
        self.values = [np.zeros(slot.count, np.int64) for slot in model.slots]
        self.currents = [i for i, slot in enumerate(model.slots) if slot.type == SlotType.CURRENT]
        self.persistent = [i for i, slot in enumerate(model.slots) if slot.persistent]
        self.ops = [OPS[op.kind](self, op) for op in model.ops]
        self.readout = next(op for op in self.ops if isinstance(op, ReadoutOp))
        self.hop = self.readout.parameters.hop
        self.reset()
        self.reset_usage()

    def reset(self) -> None:
        """Parts 1 to 3 of the state block to their initial value."""
        self.reset_all_but_evidence()
        self.readout.reset_evidence()

    def reset_all_but_evidence(self) -> None:
        """What a hop's end with 1 at offset 1 of the readout's parameters resets (section 9.5)."""
        self.position = 0
        for i in self.persistent:
            self.values[i] = np.full(self.model.slots[i].count, self.model.slots[i].initial, np.int64)
        for op in self.ops:
            op.reset()

    def reset_usage(self) -> None:
        """Part 4 of the state block to 0."""
        self.ticks = self.results = self.checksum = 0
        for op in self.ops:
            op.events = op.effective_acs = op.effective_macs = op.membrane_updates = 0

    def tick(self, frame):
        """One tick of section 12. Returns the result issued in it, (label, scores as a list), or None."""
        self.values[self.model.samples_slot] = np.asarray(frame).astype(np.int64)
        for i in self.currents:
            self.values[i] = np.zeros(self.model.slots[i].count, np.int64)
        for op in self.ops:
            op.tick()
        self.ticks += 1
        self.position += 1
        if self.position < self.hop:
            return None
        self.position = 0
        result = self.readout.end_hop()
        if self.readout.parameters.resets_network:
            if self.tally is not None:
                kept = [op.kept.frames for op in self.ops if isinstance(op, (SparseOp, DelayOp))]
                self.tally["in flight at a reset"] += sum(bool(frames.any()) for frames in kept if len(frames) > 1)
            self.reset_all_but_evidence()
        if result is None:
            return None
        label = result.index(max(result))
        self.results += 1
        self.checksum = crc32c(struct.pack(f"<{1 + len(result)}i", label, *result), self.checksum)
        return label, result

    def slot_values(self) -> list:
        """Every slot's elements (int64) as they stand after the tick."""
        return self.values

    def clamp(self, value, limit, where):
        """clamp of section 1, counted in the tally."""
        clamped = np.minimum(np.maximum(value, -limit), limit)
        if self.tally is not None:
            self.tally[f"saturated {where}"] += int(np.count_nonzero(clamped != value))
        return clamped

    # Section 13.

    def state_parts(self) -> bytes:
        """Parts 1 to 3. chosen: the readout's evidence stands behind the state of all ops."""
        parts = [struct.pack("<II", self.position, self.readout.entry_count)]
        for i in self.persistent:
            slot, values = self.model.slots[i], self.values[i]
            if slot.type == SlotType.SPIKES and not slot.is_graded:
                parts.append(struct.pack("<I", int(np.count_nonzero(values))))
            parts.append(frames_of(slot, values[None]))
        for op in self.ops:
            parts.extend(op.state())
        return b"".join(parts + self.readout.evidence())

    def state_block(self) -> bytes:
        parts = self.state_parts()
        parts += bytes(-len(parts) % 8)
        parts += struct.pack("<QQII", self.ticks, self.results, self.checksum, 0)
        for op in self.ops:
            parts += struct.pack("<Q", op.events)
            if self.full_accounting:
                parts += struct.pack("<QQQ", op.effective_acs, op.effective_macs, op.membrane_updates)
        return parts

    def saved_state(self, trailer: int) -> bytes:
        """The state block with what it belongs to; trailer: the model file's."""
        block = self.state_block()
        content = struct.pack("<4sHBBII", b"SNNS", 1, self.full_accounting, ACCOUNTING_VERSION, trailer, len(block)) + block
        return content + struct.pack("<I", crc32c(content))

    # Section 14.

    def accounting(self) -> dict:
        """Static and measured accounting: {"network": …, "ops": [per op], "total": sums over the ops}; integers only."""
        ops = [op.accounting() for op in self.ops]
        total = {key: sum(op[key] for op in ops) for key in ops[0]
                 if key not in ("kind", "weightBits", "sourceBits", "operationsPerEvent", "bb")}
        state_bits = 8 * len(self.state_parts())
        network = {"window": self.readout.parameters.window, "hop": self.hop, "ticks": self.ticks, "results": self.results,
                   "outputChecksum": self.checksum, "stateBits": state_bits, "neuronTicks": total["neurons"] * self.ticks,
                   "lifEvents": sum(op.events for op in self.ops if isinstance(op, POPULATIONS)),
                   "footprintBits": total["parameterBits"] + total["storedWeightBits"] + state_bits}
        return {"network": network, "ops": ops, "total": total}


def elements(values, width) -> bytes:
    """`values` as i16 or i32, padded to a multiple of 4 bytes."""
    content = values.astype("<i2" if width == 16 else "<i4").tobytes()
    return content + bytes(-len(content) % 4)


def frames_of(slot, frames) -> bytes:
    """`frames` (n, count) of a slot, each padded to a multiple of 4 bytes; spikes of 1 bit without their number."""
    bits = 1 if slot.type == SlotType.SPIKES and not slot.is_graded else 32 if slot.bits == 32 else 16
    padded = np.zeros((len(frames), -(-slot.count * bits // 32) * 32 // bits), np.int64)
    padded[:, :slot.count] = frames
    if bits == 1:
        return np.packbits(padded.astype(np.uint8), axis=1, bitorder="little").tobytes()
    return padded.astype("<i2" if bits == 16 else "<i4").tobytes()


class OpState:
    """What all ops share. Subclasses set in __init__, beside their state, the static figures of section 14."""

    synapses = weight_bits = source_bits = operations_per_event = neurons = 0
    weights = zero_weights = stored_weights = parameter_bits = 0
    own_state_bits = 0  # of state that is in no slot
    slot_state_bits = 0  # of an output slot that is the op's state too
    source_bits_written = 0  # of an input slot that the op writes too
    evidence_bits = (0, 0)  # read and written per result

    def __init__(self, network, op):
        self.network, self.op, self.parameters = network, op, op.parameters
        self.source = op.inputs[0]
        self.target = op.outputs[0] if op.outputs else None
        self.source_slot = network.model.slots[self.source]
        self.target_slot = network.model.slots[self.target] if op.outputs else None

    def reset(self):
        pass

    def state(self):
        return []

    def narrowed(self, values):
        """x of section 9.2."""
        if not self.source_slot.is_wide_analog:
            return values
        return self.network.clamp(round_shift(values, self.parameters.source_shift), 32767, "projection source")

    def joined(self, sums):
        """The join of section 9.2; destinations (of a convolution their channels) along the last axis."""
        parameters = self.parameters
        if parameters.join == 1:
            return sums << parameters.shift
        if parameters.join == 2:
            return round_shift(sums, parameters.shift)
        return round_shift(sums * parameters.multipliers, parameters.shift) if parameters.join == 3 else sums

    def count_effective(self, nonzero_weights, are_unit):
        if are_unit:
            self.effective_acs += int(nonzero_weights)
        else:
            self.effective_macs += int(nonzero_weights)

    def accounting(self):
        ticks, hop = self.network.ticks, self.network.hop
        operations = self.events * self.operations_per_event
        target_bits = self.target_slot.count * self.target_slot.bits if self.target_slot else 0
        read = self.source_slot.count * self.source_slot.bits + self.own_state_bits + self.slot_state_bits
        written = target_bits + self.own_state_bits + self.source_bits_written
        results, (evidence_read, evidence_written) = self.network.results, self.evidence_bits
        figures = {
            "kind": int(self.op.kind), "synapses": self.synapses, "weightBits": self.weight_bits,
            "sourceBits": self.source_bits, "operationsPerEvent": self.operations_per_event, "neurons": self.neurons,
            "bb": hop * self.weight_bits * self.source_bits,
            "sACE": self.synapses * self.weight_bits * self.source_bits * hop,
            "denseOperationsPerTick": self.synapses, "weights": self.weights, "zeroWeights": self.zero_weights,
            "parameterBits": self.parameter_bits, "storedWeightBits": self.stored_weights * self.weight_bits,
            "modelBitsReadPerTick": self.parameter_bits, "stateBitsReadPerTick": read,
            "stateBitsWrittenPerTick": written,
            "events": self.events, "synapticOperations": operations,
            "nsACE": operations * self.weight_bits * self.source_bits,
            "modelBitsRead": self.parameter_bits * ticks + operations * self.weight_bits,
            "stateBitsRead": read * ticks + evidence_read * results,
            "stateBitsWritten": written * ticks + evidence_written * results,
        }
        if self.network.full_accounting:
            figures |= {"effectiveACs": self.effective_acs, "effectiveMACs": self.effective_macs,
                        "membraneUpdates": self.membrane_updates}
        return figures


class InputOp(OpState):
    def __init__(self, network, op):
        super().__init__(network, op)
        self.synapses, self.weight_bits, self.source_bits = self.source_slot.count, 16, 16
        self.operations_per_event = 1
        self.parameter_bits = 32 * self.source_slot.count

    def tick(self):
        """y[c] = clamp( rnd( (x[c] − offset[c]) · multiplier[c], s ), limit of the output slot )"""
        network, parameters = self.network, self.parameters
        samples = network.values[self.source]
        scaled = round_shift((samples - parameters.offsets) * parameters.multipliers, parameters.shift)
        network.values[self.target] = network.clamp(scaled, self.target_slot.limit, "input")
        self.events += int(np.count_nonzero(samples))
        if network.full_accounting:
            met = np.count_nonzero((samples != 0) & (parameters.multipliers != 0))
            self.count_effective(met, np.abs(samples).max() <= 1)


class ProjectionOp(OpState):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters, groups = self.parameters, self.parameters.groups
        self.stored_weights = parameters.runs.size
        self.synapses = self.weights = groups * parameters.runs.size
        self.zero_weights = groups * int(np.count_nonzero(parameters.runs == 0))
        self.weight_bits, self.operations_per_event = parameters.weight_bits, parameters.runs.shape[1]
        self.source_bits = min(16, self.source_slot.bits)
        self.parameter_bits = 0 if parameters.multipliers is None else 32 * parameters.runs.shape[1]
        self.nonzero_weights = np.count_nonzero(parameters.runs, axis=1)

    def tick(self):
        """current[g·r + i] += join( Σ_j w[i][j] · x[g·k + j] ), or into a synaptic slot"""
        network, parameters = self.network, self.parameters
        values = self.narrowed(network.values[self.source])
        grouped = values.reshape(parameters.groups, -1)
        if self.target_slot.type == SlotType.SYNAPTIC:
            self.saturate(values)
        else:
            sums = self.joined(grouped @ parameters.runs)
            network.values[self.target] += sums.reshape(-1)
        active = grouped != 0
        self.events += int(np.count_nonzero(active))
        if network.full_accounting:
            met = (active @ self.nonzero_weights).sum()
            self.count_effective(met, self.source_slot.bits == 1 or np.abs(values).max() <= 1)


    def saturate(self, values):
        """y[i] = sat16( y[i] + x[j]·w[i][j]·2^s ) for each j with x ≠ 0, ascending"""
        before = currents = self.network.values[self.target]
        below = above = np.zeros(len(currents), bool)
        for j in np.flatnonzero(values):
            sums = currents + self.joined(values[j] * self.parameters.runs[j])
            below, above = below | (sums < -32768), above | (sums > 32767)
            currents = saturated(sums)
        self.network.values[self.target] = currents
        if self.network.tally is not None:
            self.count_saturated(before, values, currents, below, above)

    def count_saturated(self, before, values, currents, below, above):
        """Tallies of elements that saturate, and of those that saturating their sum would leave elsewhere."""
        at_once = saturated(before + self.joined(values @ self.parameters.runs))
        tally = self.network.tally
        tally["synaptic saturated below"] += int(np.count_nonzero(below))
        tally["synaptic saturated above"] += int(np.count_nonzero(above))
        tally["synaptic saturated both ways"] += int(np.count_nonzero(below & above))
        tally["synaptic by its order"] += int(np.count_nonzero(at_once != currents))


class LifOp(OpState):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters, count = self.parameters, self.source_slot.count
        self.neurons = count
        self.greatest = self.target_slot.limit  # smax
        width = parameters.width
        arrays = [(16, parameters.decay), (32, parameters.bias)]
        arrays += [(16, parameters.synaptic_decay)] if parameters.is_current_based else []
        arrays += [(width, parameters.threshold)] if parameters.is_spiking else []
        arrays += [(16, parameters.threshold_decay), (width, parameters.threshold_step)] if parameters.is_adaptive else []
        self.parameter_bits = sum(bits * np.size(values) for bits, values in arrays)
        self.slot_state_bits = 0 if parameters.is_spiking else count * width
        self.parameters = parameters.of_neurons()
        self.reset()
        self.own_state_bits = count * width * len(self.variables())

    def reset(self):
        """U (of spiking models), Y, A and C of section 9.3."""
        self.membrane, self.synapse, self.adaptation, self.refractory = (
            np.zeros(self.source_slot.count, np.int64) for _ in range(4))

    def variables(self):
        """The state that is not in a slot."""
        parameters = self.parameters
        variables = [(self.membrane, parameters.is_spiking), (self.synapse, parameters.is_current_based),
                     (self.adaptation, parameters.is_adaptive), (self.refractory, parameters.refractory > 0)]
        return [variable for variable, exists in variables if exists]

    def state(self):
        return [elements(variable, self.parameters.width) for variable in self.variables()]

    def exceeds(self, value, bound):
        """x ▷ y of section 9.3."""
        return value >= bound if self.parameters.comparison else value > bound

    def tick(self):
        """I = clamp( c·2^f + b, L ); Y = clamp( tz( Y·α, 15 ) + I, L ) in CuBa models, else Y = I"""
        network, parameters = self.network, self.parameters
        limit = parameters.limit
        drive = (network.values[self.source] << parameters.fraction_bits) + parameters.bias
        drive = network.clamp(drive, limit, f"lif input {parameters.width}")
        if parameters.is_current_based:
            decayed = truncate_shift(self.synapse * parameters.synaptic_decay, 15)
            drive = self.synapse = network.clamp(decayed + drive, limit, f"lif synapse {parameters.width}")
        before = self.membrane if parameters.is_spiking else network.values[self.target]
        base = truncate_shift(before * parameters.decay, 15)
        if not parameters.is_spiking:
            membrane = output = self.clamp_membrane(base + drive)
        elif parameters.resets_in_same_tick:
            membrane, output = self.reset_in_same_tick(before, base, drive)
        else:
            membrane, output = self.reset_in_next_tick(before, base, drive)
        self.membrane = membrane
        network.values[self.target] = output
        self.events += int(np.count_nonzero(output))
        if network.full_accounting:
            self.membrane_updates += int(np.count_nonzero(membrane != before))

    def clamp_membrane(self, value):
        return self.network.clamp(value, self.parameters.limit, f"lif membrane {self.parameters.width}")

    def reset_in_next_tick(self, before, base, drive):
        """R = U ▷ θ; D = tz( U·β, 15 ), 0 where R (zero); P = θ where R (subtract); U = clamp( D − P + Y, L ); S = U ▷ θ"""
        parameters = self.parameters
        fired = self.exceeds(before, parameters.threshold)
        if parameters.reset == 2:
            base = np.where(fired, 0, base)
        else:
            base = base - np.where(fired, parameters.threshold, 0)
        membrane = self.clamp_membrane(base + drive)
        if self.network.tally is not None:
            self.network.tally[f"resets {parameters.reset}"] += int(np.count_nonzero(fired))
            self.network.tally[f"equal next tick {parameters.comparison}"] += int(
                np.count_nonzero(membrane == parameters.threshold))
        return membrane, self.exceeds(membrane, parameters.threshold).astype(np.int64)

    def reset_in_same_tick(self, before, base, drive):
        """A = tz( A·ρ, 15 ). Where C > 0 U stays, S = 0 and C falls by 1; elsewhere V = clamp( tz( U·β, 15 ) + Y, L ),
        S = how many k of 1 … smax have V ▷ k·(θ + A), U = V − S·θ or 0, A = min( A + κ, L ) and C = r where S > 0
        """
        parameters = self.parameters
        adaptation = truncate_shift(self.adaptation * parameters.threshold_decay, 15)
        held = self.refractory > 0
        value = np.where(held, before, self.clamp_membrane(np.where(held, 0, base + drive)))
        step = np.broadcast_to(parameters.threshold + adaptation, value.shape)
        multiples = step[:, None] * np.arange(1, self.greatest + 1)
        spikes = np.where(held, 0, np.count_nonzero(self.exceeds(value[:, None], multiples), axis=1))
        fired = spikes > 0
        if parameters.reset == 3:
            membrane = value - spikes * parameters.threshold
        else:
            membrane = np.where(fired, 0, value)
        raised = np.minimum(adaptation + parameters.threshold_step, parameters.limit)
        if self.network.tally is not None:
            self.count_corners(value, step, multiples, spikes, held, adaptation)
        self.adaptation = np.where(fired, raised, adaptation)
        self.refractory = np.where(held, self.refractory - 1, np.where(fired, parameters.refractory, 0))
        return membrane, spikes

    def count_corners(self, value, step, multiples, spikes, held, adaptation):
        """Tallies of resets in the same tick: neurons reset, with V equal to a k·(θ + A) (at all, or for k > 1), held by
        refractory ticks, with spikes between 1 and smax or of smax, held back by A alone, and with A clamped to L."""
        parameters, tally = self.parameters, self.network.tally
        fired, free = spikes > 0, ~held
        bits = self.target_slot.bits
        tally[f"resets {parameters.reset}"] += int(np.count_nonzero(fired))
        equal = free & (multiples == value[:, None]).any(axis=1)
        tally[f"equal same tick {parameters.comparison}"] += int(np.count_nonzero(equal))
        tally[f"equal multiple {parameters.comparison}"] += int(
            np.count_nonzero(equal & (value > step) & (step > 0)))
        tally["held"] += int(np.count_nonzero(held))
        tally[f"graded {bits} between"] += int(np.count_nonzero((spikes > 1) & (spikes < self.greatest)))
        tally[f"graded {bits} greatest"] += int(np.count_nonzero(spikes == self.greatest))
        tally["held back by adaptation"] += int(np.count_nonzero(
            free & ~fired & self.exceeds(value, parameters.threshold)))
        tally[f"saturated lif adaptation {parameters.width}"] += int(np.count_nonzero(
            fired & (adaptation + parameters.threshold_step > parameters.limit)))


class MemoryOp(OpState):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters, order, units = self.parameters, self.parameters.order, self.source_slot.count
        self.stored_weights = order * order + order
        self.synapses = self.weights = units * self.stored_weights
        self.nonzero_columns = np.count_nonzero(parameters.state_matrix, axis=0)
        self.nonzero_inputs = int(np.count_nonzero(parameters.input_matrix))
        nonzero = int(self.nonzero_columns.sum()) + self.nonzero_inputs
        self.zero_weights = units * (self.stored_weights - nonzero)
        self.weight_bits, self.source_bits = parameters.weight_bits, self.target_slot.bits
        self.operations_per_event = order
        self.parameter_bits = 32 * np.size(parameters.bias)
        self.slot_state_bits = self.target_slot.count * self.target_slot.bits

    def tick(self):
        """u = clamp( c·2^f + b, L ); m[i] = clamp( rnd( Σ_j A[i][j]·m[j], sA ) + rnd( B[i]·u, sB ), L )"""
        network, parameters, limit = self.network, self.parameters, self.target_slot.limit
        inputs = (network.values[self.source] << parameters.fraction_bits) + parameters.bias
        inputs = network.clamp(inputs, limit, f"memory input {self.source_bits}")
        before = network.values[self.target].reshape(-1, parameters.order)
        carried = round_shift(before @ parameters.state_matrix.T, parameters.state_matrix_bits)
        written = round_shift(inputs[:, None] * parameters.input_matrix, parameters.input_matrix_bits)
        network.values[self.target] = network.clamp(carried + written, limit,
                                                    f"memory state {self.source_bits}").reshape(-1)
        active, driven = before != 0, int(np.count_nonzero(inputs))
        self.events += int(np.count_nonzero(active)) + driven
        if network.full_accounting:
            met = int((active @ self.nonzero_columns).sum()) + driven * self.nonzero_inputs
            self.count_effective(met, np.abs(before).max() <= 1 and np.abs(inputs).max() <= 1)


class RecurrenceOp(OpState):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters, units = self.parameters, self.source_slot.count
        self.operations_per_event = parameters.products
        self.synapses = units * parameters.products
        self.weight_bits = self.source_bits = 32
        self.stored_weights = parameters.factors.size
        self.parameter_bits = 32 * np.size(parameters.bias)
        self.slot_state_bits = self.target_slot.count * self.target_slot.bits
        # Rows (parts, poles, 1, K), to be multiplied with (parts, poles, M, K); those that one segment has not are 0.
        rows, n = parameters.factors.transpose(1, 2, 0, 3)[:, :, :, None], parameters.places
        rows = np.concatenate((rows, np.zeros((4 * n + 3 - len(rows), *rows.shape[1:]), np.int64)))
        self.g, self.d, self.x, self.y = rows[:4 * n].reshape(4, n, *rows.shape[1:])
        self.links = rows[4 * n:]  # p, x, y

    def tick(self):
        """u = clamp( c·2^f + b, L ); S times m = clamp( m + Σ pole( m − u in element 0 ), L )"""
        network, parameters, bits = self.network, self.parameters, self.target_slot.bits
        inputs = (network.values[self.source] << parameters.fraction_bits) + parameters.bias
        inputs = network.clamp(inputs, parameters.limit, f"recurrence input {bits}")
        state = network.values[self.target].reshape(-1, parameters.order)
        active = int(np.count_nonzero(state.any(axis=1) | (inputs != 0)))
        if network.tally is not None:
            network.tally["recurrence at rest beside others"] += (len(inputs) - active) * (active > 0)
        for _ in range(parameters.substeps):
            given = state.copy()
            given[:, 0] -= inputs
            state = network.clamp(self.sum(state + self.poles(given)), parameters.limit, f"recurrence state {bits}")
        network.values[self.target] = state.reshape(-1)
        self.events += active
        if network.full_accounting:
            self.count_effective(active * parameters.products, False)

    def poles(self, given):
        """Σ pole( a ) of `given`, (M, q)."""
        parameters, (units, order) = self.parameters, given.shape
        segments, places = parameters.segments, parameters.places
        a = np.zeros((len(self.g[0]), 1, units, segments * places), np.int64)
        a[0, 0, :, :order] = given  # real
        a = a.reshape(*a.shape[:-1], segments, places)
        v = [self.rounded((self.g[0], a[..., 0]))]
        for j in range(1, places):
            v.append(self.rounded((self.g[j], self.sum(a[..., j] - v[-1]))))
        w = [v[-1]]
        for j in range(places - 2, -1, -1):
            w.insert(0, self.sum(v[j] + self.rounded((self.g[j], w[0]))))
        below, above = self.linked(v[-1], w[0])
        z = [self.rounded((self.d[j], w[j]), (self.x[j], below), (self.y[j], above), shift=parameters.output_shift)[0]
             for j in range(places)]
        return self.sum(np.stack(z, axis=-1).sum(axis=0)).reshape(units, -1)[:, :order]

    def linked(self, last, first):
        """below and above of all segments, from v[k][n − 1] and w[k][0]."""
        p, x, y = self.links
        below, above = np.zeros_like(last), np.zeros_like(first)
        for k in range(1, self.parameters.segments):
            below[..., k] = self.sum(last[..., k - 1] + self.rounded((p[..., k - 1], below[..., k - 1])))
        for k in range(self.parameters.segments - 2, -1, -1):
            given = self.rounded((x[..., k + 1], below[..., k + 1]), (y[..., k + 1], above[..., k + 1]))
            above[..., k] = self.sum(first[..., k + 1] + given)
        return below, above

    def rounded(self, *factors, shift=30):
        """rnd of the sum of the products of pairs, parts along the first axis: bits shift … shift + 31 of what may wrap modulo 2^64."""
        exact = 0
        for x, y in factors:
            exact = exact + (x * y if len(x) == 1 else np.stack((x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0])))
        return self.modulo(round_shift(exact, shift), "products")

    def sum(self, value):
        return self.modulo(value, "sums")

    def modulo(self, value, what):
        """`value` modulo 2^32, counted in the tally where that changes it."""
        result = wrapped(value)
        if self.network.tally is not None:
            self.network.tally[f"recurrence {what} wrapped"] += int(np.count_nonzero(result != value))
        return result


class ReadoutOp(OpState):
    SCORE_LIMIT = 2**31 - 1

    def __init__(self, network, op):
        super().__init__(network, op)
        self.own_state_bits = bits = 32 * self.source_slot.count
        if self.parameters.entries > 1:
            self.evidence_bits = (self.parameters.entries * bits, bits)
        elif self.parameters.evidence_decay > 0:
            self.evidence_bits = (bits, bits)
        self.reset()
        self.reset_evidence()

    def reset(self):
        self.scores = np.zeros(self.source_slot.count, np.int64)

    def reset_evidence(self):
        self.entry_count = 0
        self.entries = np.zeros((self.parameters.entries, self.source_slot.count), np.int64)  # a ring
        self.leaky_evidence = np.zeros(self.source_slot.count, np.int64)  # E

    def end_hop(self):
        """The scores become an entry. Returns the result it gives, as a list, or None.

        n = 1: E = clamp( tz( E·μ, 15 ) + entry, Lr ), the result; n > 1: clamp( Σ of the latest n entries, Lr )
        """
        network, parameters, n = self.network, self.parameters, self.parameters.entries
        entry = self.scores
        if parameters.integration != 3:
            self.reset()
        if n == 1:
            carried = truncate_shift(self.leaky_evidence * parameters.evidence_decay, 15)
            self.leaky_evidence = network.clamp(carried + entry, self.SCORE_LIMIT, "evidence leak")
            return self.leaky_evidence.tolist()
        self.entries[self.entry_count % n] = entry
        self.entry_count += 1
        is_full = self.entry_count >= n
        if self.entry_count == 2 * n:
            self.entry_count = n
        result = network.clamp(self.entries.sum(axis=0), self.SCORE_LIMIT, "evidence sum")
        return result.tolist() if is_full or parameters.is_early else None

    def state(self):
        return [elements(self.scores, 32)]

    def evidence(self):
        """The end of part 3 of the state block."""
        parts = [elements(self.entries.reshape(-1), 32)] if self.parameters.entries > 1 else []
        return parts + ([elements(self.leaky_evidence, 32)] if self.parameters.evidence_decay > 0 else [])

    def tick(self):
        """x = rnd( source, s ); sum: clamp( score + x ); last value: x; leaky sum: clamp( tz( score·λ, 15 ) + x )"""
        network, parameters = self.network, self.parameters
        values = network.values[self.source]
        addend = round_shift(values, parameters.shift)
        if parameters.integration == 1:
            addend = self.scores + addend
        elif parameters.integration == 3:
            addend = truncate_shift(self.scores * parameters.decay, 15) + addend
        self.scores = network.clamp(addend, self.SCORE_LIMIT, "readout")
        self.events += int(np.count_nonzero(values))


class Frames:
    """The last D frames of a slot (sections 9.7 and 9.8)."""

    def __init__(self, slot, kept):
        self.slot, self.place, self.frames = slot, 0, np.zeros((kept, slot.count), np.int64)

    def keep(self, values):
        """Stores this tick's frame; returns all, that of d ticks ago in row d."""
        self.frames[self.place] = values
        ago = (self.place - np.arange(len(self.frames))) % len(self.frames)
        self.place = (self.place + 1) % len(self.frames)
        return self.frames[ago]

    def state(self):
        return [struct.pack("<I", self.place), frames_of(self.slot, self.frames)]


class SparseOp(OpState):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters = self.parameters
        count, delays = len(parameters.targets), parameters.delays
        self.synapses = self.weights = self.stored_weights = count
        self.zero_weights = int(np.count_nonzero(parameters.weights == 0))
        self.weight_bits, self.operations_per_event = parameters.weight_bits, 1
        self.source_bits = min(16, self.source_slot.bits)
        self.parameter_bits = 32 * len(parameters.runs) + parameters.target_bits * count
        self.parameter_bits += 0 if parameters.multipliers is None else 32 * self.target_slot.count
        self.own_state_bits = self.source_slot.count * self.source_slot.bits if delays > 1 else 0
        run = np.repeat(np.arange(self.source_slot.count * delays), np.diff(parameters.runs))  # of each synapse
        self.sources, self.ago = run // delays, run % delays
        self.reset()

    def reset(self):
        self.kept = Frames(self.source_slot, self.parameters.delays)

    def state(self):
        return self.kept.state() if self.parameters.delays > 1 else []

    def tick(self):
        """acc[target(s)] += w(s) · x[j] of the tick d ticks ago, for every synapse s of run j·D + d"""
        network, parameters = self.network, self.parameters
        values = self.narrowed(self.kept.keep(network.values[self.source])[self.ago, self.sources])
        # Doubles are exact: the proof keeps every partial sum below 2^31.
        sums = np.bincount(parameters.targets, parameters.weights * values, self.target_slot.count).astype(np.int64)
        network.values[self.target] += self.joined(sums)
        active = values != 0
        self.events += int(np.count_nonzero(active))
        if network.full_accounting:
            self.count_effective(np.count_nonzero(active & (parameters.weights != 0)), np.abs(values).max(initial=0) <= 1)


class DelayOp(OpState):
    def __init__(self, network, op):
        super().__init__(network, op)
        self.parameter_bits = 16 * np.size(self.parameters.delay)
        self.own_state_bits = self.source_slot.count * self.source_slot.bits
        self.reset()

    def reset(self):
        self.kept = Frames(self.source_slot, self.parameters.kept)

    def state(self):
        return self.kept.state()

    def tick(self):
        """y[i] = x[i] of the tick d[i] ticks ago"""
        network, values = self.network, self.network.values[self.source]
        self.events += int(np.count_nonzero(values))
        network.values[self.target] = self.kept.keep(values)[self.parameters.delay, np.arange(len(values))]


class ConvolutionOp(OpState):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters = self.parameters
        weights, rows, columns = parameters.weights, parameters.rows, parameters.columns
        destinations = weights.shape[3]
        self.stored_weights = self.weights = weights.size
        self.zero_weights = int(np.count_nonzero(weights == 0))
        self.synapses = parameters.channels * parameters.taps * destinations
        self.weight_bits, self.operations_per_event = parameters.weight_bits, destinations
        self.source_bits = min(16, self.source_slot.bits)
        self.parameter_bits = 0 if parameters.multipliers is None else 32 * parameters.target_channels
        # Which kernel positions meet a row or column of the source; then taps and nonzero weights of each source element.
        meets = [np.zeros((axis.kernel, axis.size), np.int64) for axis in (rows, columns)]
        for axis, met in zip((rows, columns), meets):
            for k in range(axis.kernel):
                met[k, axis.meets(k)[1]] = 1
        positions = np.outer(meets[0].sum(axis=0), meets[1].sum(axis=0))
        self.taps = np.repeat(positions.reshape(-1), parameters.channels)
        self.nonzero_weights = np.einsum("ky,lx,ckl->yxc", *meets, np.count_nonzero(weights, axis=3)).reshape(-1)

    def tick(self):
        """acc[y′, x′, g·r + i] = Σ over c of group g, ky, kx of w[i][c, ky, kx] · x[sy·y′ + dy·ky − above, sx·x′ + dx·kx − left, c]"""
        network, parameters = self.network, self.parameters
        rows, columns, groups = parameters.rows, parameters.columns, parameters.groups
        values = self.narrowed(network.values[self.source])
        source = values.reshape(rows.size, columns.size, groups, 1, -1)
        sums = np.zeros((rows.count, columns.count, groups, 1, self.operations_per_event), np.int64)
        weights = parameters.weights.reshape(groups, -1, *parameters.weights.shape[1:])
        for ky in range(rows.kernel):
            to_rows, from_rows = rows.meets(ky)
            for kx in range(columns.kernel):
                to_columns, from_columns = columns.meets(kx)
                sums[to_rows, to_columns] += source[from_rows, from_columns] @ weights[:, :, ky, kx]
        sums = self.joined(sums.reshape(rows.count, columns.count, -1))
        network.values[self.target] += sums.reshape(-1)
        active = values != 0
        self.events += int(self.taps[active].sum())
        if network.full_accounting:
            self.count_effective(self.nonzero_weights[active].sum(), np.abs(values[self.taps > 0]).max(initial=0) <= 1)


class PoolOp(OpState):
    def tick(self):
        """sum: y = rnd( m · Σ x, s ), clamped to an analog slot's limit; maximum: y = the greatest x; added to a current"""
        network, parameters = self.network, self.parameters
        rows, columns = parameters.rows, parameters.columns
        is_sum = parameters.function == 1
        values = network.values[self.source]
        self.events += int(np.count_nonzero(values))
        source = values.reshape(rows.size, columns.size, -1)
        pooled = np.full((rows.count, columns.count, parameters.channels), 0 if is_sum else -2**62, np.int64)
        for ky in range(rows.kernel):
            to_rows, from_rows = rows.meets(ky)
            for kx in range(columns.kernel):
                to_columns, from_columns = columns.meets(kx)
                part, others = source[from_rows, from_columns], pooled[to_rows, to_columns]
                pooled[to_rows, to_columns] = others + part if is_sum else np.maximum(others, part)
        if is_sum:
            pooled = round_shift(pooled * parameters.multiplier, parameters.shift)
        pooled = pooled.reshape(-1)
        if self.target_slot.type == SlotType.CURRENT:
            network.values[self.target] += pooled
        else:
            network.values[self.target] = network.clamp(pooled, self.target_slot.limit, "pool") if is_sum else pooled


# Section 19.
TANH = np.array("""
    0 1024 2045 3063 4075 5079 6073 7056 8025 8980 9919 10840 11743 12625 13486 14326 15143 15936 16706 17452 18173 18870
    19542 20189 20813 21411 21986 22538 23066 23571 24054 24516 24956 25376 25776 26157 26519 26864 27191 27502 27797 28076
    28341 28592 28830 29055 29268 29470 29660 29840 30010 30170 30322 30465 30600 30727 30847 30960 31067 31167 31262 31351
    31435 31515 31589 31659 31726 31788 31846 31901 31953 32002 32048 32091 32132 32170 32206 32240 32271 32301 32329 32356
    32381 32404 32426 32447 32466 32484 32501 32517 32532 32547 32560 32573 32584 32596 32606 32616 32625 32634 32642 32649
    32657 32663 32670 32676 32681 32686 32691 32696 32700 32704 32708 32712 32715 32718 32721 32724 32727 32729 32732 32734
    32736 32738 32740 32741 32743 32745 32746 32747 32749 32750 32751 32752 32753 32754 32755 32755 32756 32757 32758 32758
    32759 32759 32760 32760 32761 32761 32762 32762 32762 32763 32763 32763 32764 32764 32764 32764 32765 32765 32765 32765
    32765 32766 32766 32766 32766 32766 32766 32766 32766""".split() + ["32767"] * 18 + ["32768"] * 68, np.int64)


def interpolated(value, bits):
    """sign(v)·T( |v|, bits ) of section 9.11."""
    magnitude = np.abs(value)
    i = magnitude >> bits
    return np.sign(value) * (TANH[i] + round_shift((TANH[i + 1] - TANH[i]) * (magnitude & ((1 << bits) - 1)), bits))


class ActivationOp(OpState):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters, self.neurons = self.parameters, self.source_slot.count
        self.parameter_bits = 32 * (np.size(parameters.multiplier) + np.size(parameters.bias))
        self.multiplier, self.bias = (spread(values, self.neurons) for values in (parameters.multiplier, parameters.bias))

    def tick(self):
        """z = rnd( (c + b)·m, s ); clip: limited to lo … hi; tanh and sigmoid of v = clamp( z, 32767 ), by the table"""
        network, parameters, slot = self.network, self.parameters, self.target_slot
        output = round_shift((network.values[self.source] + self.bias) * self.multiplier, parameters.shift)
        if parameters.function == 1:
            limited = np.minimum(np.maximum(output, parameters.low), parameters.high)
            if network.tally is not None:
                network.tally["saturated activation clip"] += int(np.count_nonzero(limited != output))
        else:
            value = network.clamp(output, 32767, "activation argument")
            inner = interpolated(value, 7) if parameters.function == 2 else round_shift(32768 + interpolated(value, 8), 1)
            limited = network.clamp(round_shift(inner, 16 - slot.bits), slot.limit, "activation")
        network.values[self.target] = limited
        self.events += int(np.count_nonzero(limited))


class LoihiOp(OpState):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters, self.neurons = self.parameters, self.source_slot.count
        fields = (parameters.current_decay, parameters.voltage_decay, parameters.threshold, parameters.bias)
        self.parameter_bits = sum(bits * np.size(values) for bits, values in zip((16, 16, 32, 32), fields))
        self.current_decay, self.voltage_decay, self.threshold, self.bias = (
            spread(values, self.neurons) for values in fields)
        self.own_state_bits = 2 * 32 * self.neurons
        self.reset()

    def reset(self):
        self.current, self.membrane = (np.zeros(self.neurons, np.int64) for _ in range(2))  # u and v

    def state(self):
        return [elements(self.current, 32), elements(self.membrane, 32)]

    def tick(self):
        """u = wrap24( tz( u·(4096 − δu), 12 ) + a·2^6 ), a = c·2^e; V = clamp( tz( v·(4096 − δv), 12 ) + u + b, 2^23 − 1 )
        S = V ▷ θ; v = 0 where S, else V"""
        network, parameters, e = self.network, self.parameters, self.parameters.exponent
        drive = network.values[self.source]
        drive = drive << e if e >= 0 else drive >> -e
        unwrapped = truncate_shift(self.current * (4096 - self.current_decay), 12) + (drive << 6)
        self.current = 2**23 - (2**23 - unwrapped) % 2**24  # above −2^23, 2^23 at most
        sums = truncate_shift(self.membrane * (4096 - self.voltage_decay), 12) + self.current + self.bias
        value = np.minimum(np.maximum(sums, 1 - 2**23), 2**23 - 1)
        fired = value >= self.threshold if parameters.comparison else value > self.threshold
        before, self.membrane = self.membrane, np.where(fired, 0, value)
        network.values[self.target] = fired.astype(np.int64)
        self.events += int(np.count_nonzero(fired))
        if network.full_accounting:
            self.membrane_updates += int(np.count_nonzero(self.membrane != before))
        if network.tally is not None:
            self.count_corners(unwrapped, sums, value)

    def count_corners(self, unwrapped, sums, value):
        """Tallies of neurons whose u wraps or V is clamped, by direction, and whose V equals θ."""
        for what, holds in (("loihi wraps above", unwrapped > 2**23), ("loihi wraps below", unwrapped <= -2**23),
                            ("loihi clamped above", sums > value), ("loihi clamped below", sums < value),
                            (f"loihi equal {self.parameters.comparison}", value == self.threshold)):
            self.network.tally[what] += int(np.count_nonzero(holds))


class XyloOp(OpState):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters, self.neurons = self.parameters, self.target_slot.count
        self.greatest = self.target_slot.limit  # smax
        fields = ((16, parameters.membrane_dash), (16, parameters.synaptic_dash), (16, parameters.threshold), (32, parameters.bias))
        self.parameter_bits = sum(bits * np.size(values) for bits, values in fields)
        self.parameter_bits += 0 if parameters.aliases is None else 16 * self.neurons
        self.own_state_bits = 16 * self.neurons
        self.source_bits_written = self.source_slot.count * self.source_slot.bits
        self.reset()

    def reset(self):
        self.membrane = np.zeros(self.neurons, np.int64)  # V

    def state(self):
        return [elements(self.membrane, 16)]

    def tick(self):
        """y −= d( y, synaptic dash ); D = −d( V, membrane dash ), −32768 where d is −32768
        Δ = sat16( sat16( D + Σ_p y ) + b ); V = sat16( V + Δ ); then the spikes"""
        network, parameters = self.network, self.parameters
        currents = network.values[self.source]
        currents = currents - self.decay(currents, parameters.synaptic_dash)
        network.values[self.source] = currents
        leak = -self.decay(self.membrane, parameters.membrane_dash)
        leak = np.where(leak == 32768, -32768, leak)
        sums = leak + currents.reshape(-1, self.neurons).sum(axis=0)
        change = saturated(sums) + parameters.bias
        value = self.membrane + saturated(change)
        before, self.membrane = self.membrane, saturated(value)
        if network.tally is not None:
            self.count_saturated(currents, leak, sums, change, value)
        spikes = network.values[self.target] = self.fire()
        self.events += int(np.count_nonzero(spikes))
        if network.full_accounting:
            self.membrane_updates += int(np.count_nonzero(self.membrane != before))

    @staticmethod
    def decay(values, dash):
        """d of section 9.14."""
        shifted = values >> dash
        return np.where((shifted == 0) & (values > 0), 1, shifted)

    def fire(self):
        """For i = 0, 1, …: while V ≥ θ and S[i] < smax: V −= θ, S[i] += 1; then S[alias] = min( S[alias] + S[i], smax )"""
        membrane = self.membrane.tolist()
        thresholds = np.broadcast_to(self.parameters.threshold, self.neurons).tolist()
        aliases = [NONE] * self.neurons if self.parameters.aliases is None else self.parameters.aliases.tolist()
        spikes = [0] * self.neurons
        for i, (threshold, alias) in enumerate(zip(thresholds, aliases)):
            given = spikes[i]
            while membrane[i] >= threshold and spikes[i] < self.greatest:
                membrane[i] -= threshold
                spikes[i] += 1
            if self.network.tally is not None:
                self.count_spikes(i, membrane[i], threshold, given, spikes, alias)
            if alias != NONE:
                spikes[alias] = min(spikes[alias] + spikes[i], self.greatest)
        self.membrane = np.array(membrane, np.int64)
        return np.array(spikes, np.int64)

    def count_saturated(self, currents, leak, sums, change, value):
        """Tallies of neurons in which something saturates, by direction, and whose leak is −32768."""
        for where, values in (("currents", sums), ("change", change), ("membrane", value)):
            self.network.tally[f"xylo {where} above"] += int(np.count_nonzero(values > 32767))
            self.network.tally[f"xylo {where} below"] += int(np.count_nonzero(values < -32768))
        self.network.tally["xylo leak of −32768"] += int(np.count_nonzero(leak == -32768))
        self.network.tally["xylo current of −32767"] += int(np.count_nonzero(currents == -32767))

    def count_spikes(self, i, rest, threshold, given, spikes, alias):
        """Tallies of neuron i, which has fired: V = 0 after spikes of its own, V ≥ θ left at smax, and what aliases do."""
        own = spikes[i] - given
        for what, holds in (("reaches θ exactly", own > 0 and rest == 0 < threshold), ("left at smax", rest >= threshold > 0),
                            ("several spikes", own > 1), ("own spikes on given ones", given and own),
                            ("given ones reach smax", given == self.greatest and rest >= threshold),
                            ("alias above", alias != NONE and alias > i and spikes[i]), ("alias below", alias < i and spikes[i]),
                            ("alias itself", alias == i and spikes[i]),
                            ("alias saturates", alias != NONE and spikes[i] and spikes[alias] + spikes[i] > self.greatest)):
            self.network.tally[f"xylo {what}"] += bool(holds)


OPS = {Kind.INPUT: InputOp, Kind.DENSE: ProjectionOp, Kind.BLOCK: ProjectionOp, Kind.LIF: LifOp,
       Kind.MEMORY: MemoryOp, Kind.READOUT: ReadoutOp, Kind.SPARSE: SparseOp, Kind.DELAY: DelayOp,
       Kind.CONVOLUTION: ConvolutionOp, Kind.POOL: PoolOp, Kind.ACTIVATION: ActivationOp, Kind.LOIHI: LoihiOp,
       Kind.XYLO: XyloOp, Kind.RECURRENCE: RecurrenceOp}
POPULATIONS = (LifOp, ActivationOp, LoihiOp, XyloOp)  # whose events are outputs ≠ 0
