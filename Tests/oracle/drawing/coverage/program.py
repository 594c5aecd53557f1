"""What whole programs show: slots, files, chains of ops, counts."""

from collections import Counter

from core.slots import SlotType
from drawing.coverage.layers import LAYERED
from drawing.coverage.names import source_name
from reader import Kind

KINDS = ()


def required():
    saturations = ["input", "projection source", "readout", "evidence leak", "evidence sum", "pool", "activation clip",
                   "activation",
                   "activation argument"] + [
        f"{where} {width}" for where in ("lif input", "lif membrane", "lif synapse", "lif adaptation", "memory input",
                                         "memory state") for width in (16, 32)]
    return {
        "op": [kind.name.lower() for kind in Kind],
        "projections into one current slot": ["1", "2", "3", "4 or more"],
        "initial value": ["analog not 0", "wide not 0"],
        "slot size": ["1", "2–7", "8–31", "32–63", "64–127", "128 and more", "no multiple of 8", "no multiple of 16",
                      "no multiple of 32"],
        "saturation": saturations,
        "effective operations": ["ACs by spikes", "ACs by analog", "MACs"],
        "file": ["self-test", "metadata", "another order of sections", "shared tensor",
                 "shared parameters"],
        "shape": ["L2MU", *LAYERED, "activation lmu"],
        "chain": ["convolution → sum, shifted → lif", "convolution → maximum → lif", "spikes → pool → analog → convolution",
                  "delay → sparse", "delay → delay", "activation → convolution", "wide → convolution"],
        "reader of a current": [f"{reader} of {writer}" for reader in ("lif", "activation", "pool", "loihi")
                                for writer in ("sparse", "convolution", "dense", "pool") if (reader, writer) != ("pool", "pool")],
    }


def note_program(seen, model, network, frames, tally):
    note_slots(seen, model)
    note_readers(seen, model)
    note_file(seen, model)
    for key, count in tally.items():
        if key.startswith("saturated "):
            seen.note("saturation", key[len("saturated "):], count)
    for op in network.ops:
        by_spikes = op.source_slot.type == SlotType.SPIKES
        seen.note("effective operations", "ACs by spikes", op.effective_acs and by_spikes)
        seen.note("effective operations", "ACs by analog", op.effective_acs and not by_spikes)
        seen.note("effective operations", "MACs", op.effective_macs)


def note_slots(seen, model):
    for i, slot in enumerate(model.slots):
        count = slot.count
        for low, high, item in ((1, 1, "1"), (2, 7, "2–7"), (8, 31, "8–31"), (32, 63, "32–63"), (64, 127, "64–127"),
                                (128, 2**24, "128 and more")):
            seen.note("slot size", item, low <= count <= high)
        for divisor in (8, 16, 32):
            seen.note("slot size", f"no multiple of {divisor}", count % divisor and count > divisor)
        if slot.type == SlotType.ANALOG and slot.initial != 0:
            seen.note("initial value", f"{source_name(slot)} not 0")
        writers = sum(op.outputs == [i] for op in model.ops)
        number = str(writers) if writers <= 3 else "4 or more"
        seen.note("projections into one current slot", number, slot.type == SlotType.CURRENT)
        seen.note("synaptic", f"projections: {number}", slot.type == SlotType.SYNAPTIC)


def note_readers(seen, model):
    for op in model.ops:
        for other in model.ops:
            if other.outputs and other.outputs == op.inputs:
                chain(seen, model, op, other)
            if other.outputs == op.inputs and model.slots[op.inputs[0]].type == SlotType.CURRENT:
                seen.note("reader of a current", f"{Kind(op.kind).name.lower()} of {Kind(other.kind).name.lower()}")


def chain(seen, model, op, other):
    """`op` reads what `other` writes."""
    kinds = (other.kind, op.kind)
    source = model.slots[other.inputs[0]]
    is_of_convolution = any(op.kind == Kind.CONVOLUTION and op.outputs == other.inputs for op in model.ops)
    if kinds == (Kind.POOL, Kind.LIF) and is_of_convolution:
        seen.note("chain", "convolution → maximum → lif", other.parameters.function == 2)
        seen.note("chain", "convolution → sum, shifted → lif", other.parameters.function == 1 and other.parameters.shift)
    seen.note("chain", "spikes → pool → analog → convolution", kinds == (Kind.POOL, Kind.CONVOLUTION) and
              source.type == SlotType.SPIKES and model.slots[op.inputs[0]].type == SlotType.ANALOG)
    seen.note("chain", "wide → convolution", op.kind == Kind.CONVOLUTION and model.slots[op.inputs[0]].is_wide_analog)
    seen.note("chain", " → ".join(Kind(kind).name.lower() for kind in kinds))


def note_file(seen, model):
    seen.note("file", "self-test", model.self_test is not None)
    seen.note("file", "metadata", model.metadata is not None)
    starts = [model.sections[kind][0] for kind in sorted(model.sections)]
    seen.note("file", "another order of sections", starts != sorted(starts))
    blocks = Counter(op.block for op in model.ops)
    distinct = {op.block: op.tensors for op in model.ops}
    shared = Counter(reference for tensors in distinct.values() for reference in tensors)
    seen.note("file", "shared tensor", any(count > 1 for count in shared.values()))
    seen.note("file", "shared parameters", any(count > 1 for count in blocks.values()))
