"""Independent interpreter of snnrt models, written from models/FORMAT.md alone (sections 9, 12, 13, 14).

    network = Network(reader.parse(data), full_accounting=True)
    result = network.tick(frame)        # frame: channels × i16; None or (label, scores)

Everything is int64: section 9.7 bounds currents by 2^31, products of state by 2^46, a memory's sums by 2^57.
"""

import struct
from collections import Counter

import numpy as np

from reader import Kind, Model, SlotType, crc32c, round_shift


def truncate_shift(value, shift):
    """tz of section 1: toward zero."""
    return np.sign(value) * (np.abs(value) >> shift)


class Network:
    """One running network.

    full_accounting: whether effective operations and membrane updates are counted (and stand in the state block).
    tally: a Counter for test coverage, or None: "saturated <where>" counts values that a clamp changed (for lif and
    memory with the state width), "resets 1" (subtract) and "resets 2" (to zero) lif neurons with R true.
    """

    def __init__(self, model: Model, full_accounting: bool = False, tally: Counter | None = None):
        self.model, self.full_accounting, self.tally = model, full_accounting, tally
        self.values = [np.zeros(slot.count, np.int64) for slot in model.slots]
        self.currents = [i for i, slot in enumerate(model.slots) if slot.type == SlotType.CURRENT]
        self.persistent = [i for i, slot in enumerate(model.slots) if slot.persistent]
        self.ops = [OPS[op.kind](self, op) for op in model.ops]
        self.readout = next(op for op in self.ops if isinstance(op, ReadoutOp))
        self.window = self.readout.parameters.window
        self.reset()
        self.reset_usage()

    def reset(self) -> None:
        """Parts 1 to 3 of the state block to their initial value."""
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
        if self.position < self.window:
            return None
        scores = self.readout.scores.tolist()
        label = scores.index(max(scores))
        self.position = 0
        self.results += 1
        self.checksum = crc32c(struct.pack(f"<{1 + len(scores)}i", label, *scores), self.checksum)
        self.readout.end_window()
        if self.readout.parameters.resets_network:
            self.reset()
        return label, scores

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
        """Parts 1 to 3. chosen: each slot's, each U's, each Y's and each scores' bytes are padded to 4."""
        parts = [struct.pack("<II", self.position, 0)]
        for i in self.persistent:
            slot, values = self.model.slots[i], self.values[i]
            if slot.type == SlotType.SPIKES:
                words = np.zeros(-(-slot.count // 32) * 32, np.uint8)
                words[:slot.count] = values
                ones = struct.pack("<I", int(np.count_nonzero(values)))
                parts.append(ones + np.packbits(words, bitorder="little").tobytes())
            else:
                parts.append(elements(values, 32 if slot.bits == 32 else 16))
        for op in self.ops:
            parts.extend(op.state())
        return b"".join(parts)

    def state_block(self) -> bytes:
        parts = self.state_parts()
        parts += bytes(-len(parts) % 8)
        parts += struct.pack("<QQII", self.ticks, self.results, self.checksum, 0)
        for op in self.ops:
            parts += struct.pack("<Q", op.events)
            if self.full_accounting:
                parts += struct.pack("<QQQ", op.effective_acs, op.effective_macs, op.membrane_updates)
        return parts

    # Section 14.

    def accounting(self) -> dict:
        """Static and measured accounting: {"network": …, "ops": [per op], "total": sums over the ops}; integers only."""
        ops = [op.accounting() for op in self.ops]
        total = {key: sum(op[key] for op in ops) for key in ops[0]
                 if key not in ("kind", "weightBits", "sourceBits", "operationsPerEvent", "bb")}
        state_bits = 8 * len(self.state_parts())
        network = {"window": self.window, "ticks": self.ticks, "results": self.results,
                   "outputChecksum": self.checksum, "stateBits": state_bits, "neuronTicks": total["neurons"] * self.ticks,
                   "lifEvents": sum(op.events for op in self.ops if isinstance(op, LifOp)),
                   "footprintBits": total["parameterBits"] + total["storedWeightBits"] + state_bits}
        return {"network": network, "ops": ops, "total": total}


def elements(values, width) -> bytes:
    """`values` as i16 or i32, padded to a multiple of 4 bytes."""
    content = values.astype("<i2" if width == 16 else "<i4").tobytes()
    return content + bytes(-len(content) % 4)


class OpState:
    """What all ops share. Subclasses set in __init__, beside their state, the static figures of section 14."""

    synapses = weight_bits = source_bits = operations_per_event = neurons = 0
    weights = zero_weights = stored_weights = parameter_bits = own_state_bits = 0

    def __init__(self, network, op):
        self.network, self.op, self.parameters = network, op, op.parameters
        self.source = op.inputs[0]
        self.target = op.outputs[0] if op.outputs else None
        self.source_slot = network.model.slots[self.source]
        self.target_slot = network.model.slots[self.target] if op.outputs else None
        self.writes_state_as_slot = False

    def reset(self):
        pass

    def state(self):
        return []

    def count_effective(self, nonzero_weights, are_unit):
        if are_unit:
            self.effective_acs += int(nonzero_weights)
        else:
            self.effective_macs += int(nonzero_weights)

    def accounting(self):
        ticks, window = self.network.ticks, self.network.window
        operations = self.events * self.operations_per_event
        target_bits = self.target_slot.count * self.target_slot.bits if self.target_slot else 0
        read = self.source_slot.count * self.source_slot.bits + self.own_state_bits
        written = target_bits + (0 if self.writes_state_as_slot else self.own_state_bits)
        figures = {
            "kind": int(self.op.kind), "synapses": self.synapses, "weightBits": self.weight_bits,
            "sourceBits": self.source_bits, "operationsPerEvent": self.operations_per_event, "neurons": self.neurons,
            "bb": window * self.weight_bits * self.source_bits,
            "sACE": self.synapses * self.weight_bits * self.source_bits * window,
            "denseOperationsPerTick": self.synapses, "weights": self.weights, "zeroWeights": self.zero_weights,
            "parameterBits": self.parameter_bits, "storedWeightBits": self.stored_weights * self.weight_bits,
            "modelBitsReadPerTick": self.parameter_bits, "stateBitsReadPerTick": read,
            "stateBitsWrittenPerTick": written,
            "events": self.events, "synapticOperations": operations,
            "nsACE": operations * self.weight_bits * self.source_bits,
            "modelBitsRead": self.parameter_bits * ticks + operations * self.weight_bits,
            "stateBitsRead": read * ticks, "stateBitsWritten": written * ticks,
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
        """current[g·r + i] += join( Σ_j w[i][j] · x[g·k + j] )"""
        network, parameters = self.network, self.parameters
        values = network.values[self.source]
        if self.source_slot.is_wide_analog:
            values = network.clamp(round_shift(values, parameters.source_shift), 32767, "projection source")
        grouped = values.reshape(parameters.groups, -1)
        sums = grouped @ parameters.runs
        if parameters.join == 1:
            sums = sums << parameters.shift
        elif parameters.join == 2:
            sums = round_shift(sums, parameters.shift)
        elif parameters.join == 3:
            sums = round_shift(sums * parameters.multipliers, parameters.shift)
        network.values[self.target] += sums.reshape(-1)
        active = grouped != 0
        self.events += int(np.count_nonzero(active))
        if network.full_accounting:
            met = (active @ self.nonzero_weights).sum()
            self.count_effective(met, self.source_slot.bits == 1 or np.abs(values).max() <= 1)


class LifOp(OpState):
    def __init__(self, network, op):
        super().__init__(network, op)
        parameters, count = self.parameters, self.source_slot.count
        self.neurons = count
        self.is_cuba, self.is_li = parameters.model == 2, parameters.model == 3
        arrays = [(16, parameters.decay), (32, parameters.bias)]
        arrays += [(16, parameters.synaptic_decay)] if self.is_cuba else []
        arrays += [] if self.is_li else [(parameters.width, parameters.threshold)]
        self.parameter_bits = sum(bits * np.size(values) for bits, values in arrays)
        self.own_state_bits = count * parameters.width * (2 if self.is_cuba else 1)
        self.writes_state_as_slot = self.is_li
        self.reset()

    def reset(self):
        self.membrane = np.zeros(self.source_slot.count, np.int64)
        self.synapse = np.zeros(self.source_slot.count, np.int64)

    def state(self):
        parts = [] if self.is_li else [self.membrane] + ([self.synapse] if self.is_cuba else [])
        return [elements(part, self.parameters.width) for part in parts]

    def tick(self):
        """I = clamp( c·2^f + b, L ); R = U > θ; D = tz( U·β, 15 ), 0 where R (zero); P = θ where R (subtract)

        LIF: U = clamp( D − P + I, L )   CuBa-LIF: Y = clamp( tz( Y·α, 15 ) + I, L ), U = clamp( D − P + Y, L )
        LI: U = clamp( D + I, L ), which is the output slot.   S = U > θ
        """
        network, parameters = self.network, self.parameters
        limit = parameters.limit
        drive = (network.values[self.source] << parameters.fraction_bits) + parameters.bias
        drive = network.clamp(drive, limit, f"lif input {parameters.width}")
        before = network.values[self.target] if self.is_li else self.membrane
        base = truncate_shift(before * parameters.decay, 15)
        if not self.is_li:
            fired = before > parameters.threshold
            if parameters.reset == 2:
                base = np.where(fired, 0, base)
            else:
                base = base - np.where(fired, parameters.threshold, 0)
            if network.tally is not None:
                network.tally[f"resets {parameters.reset}"] += int(np.count_nonzero(fired))
        if self.is_cuba:
            decayed = truncate_shift(self.synapse * parameters.synaptic_decay, 15)
            drive = self.synapse = network.clamp(decayed + drive, limit, f"lif synapse {parameters.width}")
        membrane = network.clamp(base + drive, limit, f"lif membrane {parameters.width}")
        if self.is_li:
            network.values[self.target] = membrane
            self.events += int(np.count_nonzero(membrane))
        else:
            self.membrane = membrane
            spikes = (membrane > parameters.threshold).astype(np.int64)
            network.values[self.target] = spikes
            self.events += int(np.count_nonzero(spikes))
        if network.full_accounting:
            self.membrane_updates += int(np.count_nonzero(membrane != before))


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
        self.own_state_bits = self.target_slot.count * self.target_slot.bits
        self.writes_state_as_slot = True

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


class ReadoutOp(OpState):
    SCORE_LIMIT = 2**31 - 1

    def __init__(self, network, op):
        super().__init__(network, op)
        self.own_state_bits = 32 * self.source_slot.count
        self.reset()

    def reset(self):
        self.scores = np.zeros(self.source_slot.count, np.int64)

    def end_window(self):
        if self.parameters.integration != 3:
            self.reset()

    def state(self):
        return [elements(self.scores, 32)]

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


OPS = {Kind.INPUT: InputOp, Kind.DENSE: ProjectionOp, Kind.BLOCK: ProjectionOp, Kind.LIF: LifOp,
       Kind.MEMORY: MemoryOp, Kind.READOUT: ReadoutOp}
