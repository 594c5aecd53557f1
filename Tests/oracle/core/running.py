"""What every op of a running network shares: its slots, its state as bytes, what it counts."""

import struct

import numpy as np

from .arithmetic import round_shift
from .slots import SlotType


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


class RunningOp:
    """An op of a running network. A subclass sets in __init__, beside its state, its static figures; it has

    tick()       one tick: reads network.values[source], writes network.values[target], counts events
    reset()      state to its initial value
    variables()  its state as (values, bits of an element), in the order of the state block
    """

    synapses = weight_bits = source_bits = operations_per_event = neurons = 0
    weights = zero_weights = stored_weights = 0
    has_neurons = False  # whether its events are outputs ≠ 0
    kept = None  # Frames of a source
    slot_state_bits = 0  # of an output slot that is the op's state too
    source_bits_written = 0  # of an input slot that the op writes too
    evidence_bits = (0, 0)  # read and written per result

    def __init__(self, network, op):
        self.network, self.op, self.parameters = network, op, op.parameters
        self.source = op.inputs[0]
        self.target = op.outputs[0] if op.outputs else None
        self.source_slot = network.model.slots[self.source]
        self.target_slot = network.model.slots[self.target] if op.outputs else None
        self.parameter_bits = self.parameters.parameter_bits()

    def reset(self):
        pass

    def variables(self):
        return []

    def state(self):
        """Its part of the state block."""
        return [elements(values, bits) for values, bits in self.variables()]

    @property
    def own_state_bits(self):
        """Bits of state that is in no slot, as read and written in a tick."""
        return sum(bits * np.size(values) for values, bits in self.variables())

    def narrowed(self, values):
        """x: the source's elements, of a 32-bit slot shifted and clamped."""
        if not self.source_slot.is_wide_analog:
            return values
        return self.network.clamp(round_shift(values, self.parameters.source_shift), 32767, "projection source")

    def joined(self, sums):
        """The join; destinations (of a convolution their channels) along the last axis."""
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


class Frames:
    """The last D frames of a slot."""

    def __init__(self, slot, kept):
        self.slot, self.place, self.frames = slot, 0, np.zeros((kept, slot.count), np.int64)

    def keep(self, values):
        """Stores this tick's frame; returns all, that of d ticks ago in row d."""
        self.frames[self.place] = values
        ago = (self.place - np.arange(len(self.frames))) % len(self.frames)
        self.place = (self.place + 1) % len(self.frames)
        return self.frames[ago]

    @property
    def bits_of_one(self):
        """Of a frame, as slots are counted."""
        return self.slot.count * self.slot.bits

    def state(self):
        return [struct.pack("<I", self.place), frames_of(self.slot, self.frames)]
