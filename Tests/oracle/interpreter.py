"""Independent interpreter of snnrt models, written from docs/format.md alone: the tick, the state block, the accounting.

    network = Network(reader.parse(data), full_accounting=True)
    result = network.tick(frame)        # frame: channels × i16; None or (label, scores)

Everything is int64: the proof bounds currents by 2^31, products of state by 2^46, a memory's sums by 2^57,
an activation's and a pool's products by 2^62, loihi's by 2^36; a recurrence's are modulo 2^64, of which it takes what it needs.
"""

import struct
from collections import Counter

import numpy as np

from core.arithmetic import crc32c
from core.running import frames_of
from core.slots import SlotType
from core.status import Status
from ops import RUNNING
from reader import Model

ACCOUNTING_VERSION = 1


def self_test(model: Model) -> int:
    """0, or the status of a self-test that fails, or that is none: it ends before the first result."""
    frames, checksum = model.self_test or ((), 0)
    network = Network(model)
    for frame in frames:
        network.tick(frame)
    if network.results == 0:
        return Status.NO_SELF_TEST
    return 0 if network.checksum == checksum else Status.SELF_TEST_FAILED


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
        self.ops = [RUNNING[op.kind](self, op) for op in model.ops]
        self.readout = next(op for op in self.ops if op.target is None)
        self.hop = self.readout.parameters.hop
        self.reset()
        self.reset_usage()

    def reset(self) -> None:
        """Parts 1 to 3 of the state block to their initial value."""
        self.reset_all_but_evidence()
        self.readout.reset_evidence()

    def reset_all_but_evidence(self) -> None:
        """What a hop's end resets where the readout says so."""
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
        """One tick. Returns the result issued in it, (label, scores as a list), or None."""
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
                kept = [op.kept.frames for op in self.ops if op.kept]
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
        """clamp, counted in the tally."""
        clamped = np.minimum(np.maximum(value, -limit), limit)
        if self.tally is not None:
            self.tally[f"saturated {where}"] += int(np.count_nonzero(clamped != value))
        return clamped

    def state_parts(self) -> bytes:
        """Parts 1 to 3 of the state block; the readout's evidence stands behind the state of all ops."""
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
        """All four parts."""
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

    def accounting(self) -> dict:
        """Static and measured accounting: {"network": …, "ops": [per op], "total": sums over the ops}; integers only."""
        ops = [op.accounting() for op in self.ops]
        total = {key: sum(op[key] for op in ops) for key in ops[0]
                 if key not in ("kind", "weightBits", "sourceBits", "operationsPerEvent", "bb")}
        state_bits = 8 * len(self.state_parts())
        network = {"window": self.readout.parameters.window, "hop": self.hop, "ticks": self.ticks, "results": self.results,
                   "outputChecksum": self.checksum, "stateBits": state_bits, "neuronTicks": total["neurons"] * self.ticks,
                   "lifEvents": sum(op.events for op in self.ops if op.has_neurons),
                   "footprintBits": total["parameterBits"] + total["storedWeightBits"] + state_bits}
        return {"network": network, "ops": ops, "total": total}
