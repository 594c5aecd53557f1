"""What a generated set of programs must cover, counted in programs."""

from collections import Counter
from itertools import product

import numpy as np

from interpreter import LifOp
from reader import Kind, SlotType

ENCODINGS = ("binary", "ternary", "int4", "int8", "int16")
JOINS = ("add", "left", "right", "multiplier")
SOURCES = ("spikes", "graded", "analog", "wide")
MODELS = ("LIF", "CuBa-LIF", "LI", "CuBa-LI", "ALIF", "CuBa-ALIF")
RESETS = ("none", "subtract", "zero", "subtract at once", "zero at once")
COMPARISONS = (">", "≥")
NAMES_WITHOUT_LEAK = {"LIF": "IF", "CuBa-LIF": "CuBa-IF", "LI": "I"}
FIELDS = {"decay": 1, "synaptic decay": 2, "threshold": 4, "bias": 8, "threshold decay": 16, "threshold step": 32}
RATES = ((1, 5), (5, 15), (15, 30), (30, 60))
YES_NO = ("no", "yes")


def variants():
    """model, reset, comparison, state width and whether there are refractory ticks, of every population."""
    for model, width in product(MODELS, (16, 32)):
        if model.endswith("LI"):
            yield f"{model} none {width}"
            continue
        for comparison in COMPARISONS:
            if not model.endswith("ALIF"):
                yield from (f"{model} {reset} {comparison} {width}" for reset in RESETS[1:3])
            yield from (f"{model} {reset} {comparison} {width} refractory: {answer}"
                        for reset in RESETS[3:] for answer in YES_NO)


def variant_of(parameters):
    words = [MODELS[parameters.model - 1], RESETS[parameters.reset], str(parameters.width)]
    if parameters.is_spiking:
        words.insert(2, COMPARISONS[parameters.comparison])
    if parameters.resets_in_same_tick:
        words.append(f"refractory: {YES_NO[parameters.refractory > 0]}")
    return " ".join(words)


def required():
    """{group: items}; an item is a string."""
    flags = [f"{variant} per-neuron {field}: {answer}" for variant in variants()
             for field in fields_of(variant.split()[0]) for answer in YES_NO]
    spiking = [model for model in MODELS if not model.endswith("LI")]
    evidence = ["n = 1, no evidence", "n = 1, leak", "n = 1, no leak"]
    rings = [f"n = {n}, {first}" for n in ("2–4", "5 and more") for first in ("late", "early")]
    saturations = ["input", "projection source", "readout", "evidence leak", "evidence sum"] + [
        f"{where} {width}" for where in ("lif input", "lif membrane", "lif synapse", "lif adaptation", "memory input",
                                         "memory state") for width in (16, 32)]
    return {
        "op": [kind.name.lower() for kind in Kind],
        "lif variant": list(variants()),
        "lif flags": flags,
        "lif fraction bits": [str(i) for i in range(16)],
        "lif corners": [f"{field} {value}" for field in ("decay", "synaptic decay", "threshold decay")
                        for value in (0, 32768)] + ["threshold step 0", "threshold step L"] + [
            f"threshold {value}, {when} tick, {comparison}" for value in ("0", "L") for when in ("next", "same")
            for comparison in COMPARISONS],
        "without leak": list(NAMES_WITHOUT_LEAK.values()),
        "equal to the threshold": [f"{when} {comparison}" for when in ("next tick", "same tick", "multiple")
                                   for comparison in COMPARISONS],
        "refractory ticks": ["1", "2–9", "longer than the run", "neurons held"],
        "adaptive threshold": ["holds back a spike"] + [f"{model} {reset} fires in 5–60 % and adapts" for model, reset in
                                                        product(MODELS[4:], RESETS[3:])],
        "graded × model": [f"{bits} bits {model}" for bits, model in product(range(2, 9), spiking)],
        "graded × comparison × reset": [f"{bits} bits {comparison} {reset}" for bits, comparison, reset in
                                        product(range(2, 9), COMPARISONS, RESETS[3:])],
        "graded spikes": [f"{bits} bits: {what}" for bits, what in product(range(2, 9), ("between", "greatest"))],
        "graded source bits": [str(i) for i in range(2, 9)],
        "encoding × source × join": [" ".join(parts) for parts in product(ENCODINGS, SOURCES, JOINS)],
        "kind × encoding": [" ".join(parts) for parts in product(("dense", "block"), ENCODINGS)],
        "kind × join": [" ".join(parts) for parts in product(("dense", "block"), JOINS)],
        "analog source bits": [str(i) for i in range(2, 17)],
        "source shift": ["0", "1–16", "17–31"],
        "block": ["1 group", "2–8 groups", "more than 8 groups", "groups × sources × destinations > 1 each"],
        "padded runs": ["binary", "ternary", "int4"],
        "recurrence": ["spikes by itself", "spikes above their writer", "graded by itself", "graded above their writer",
                       "analog", "wide", "of a block",
                       "input's analog above its writer"],
        "projections into one current slot": ["1", "2", "3", "4 or more"],
        "memory": [f"{encoding} {width} per-unit bias: {answer}" for encoding, width, answer in
                   product(("int8", "int16"), (16, 32), YES_NO)],
        "memory shape": ["1 unit", "several units", "order 1", "order 2–8", "order above 8"],
        "readout": [f"{integration} {end} {source} {shift}" for integration, end, source, shift in
                    product(("sum", "last", "leaky"), ("keep", "reset"), SOURCES, ("plain", "shifted"))],
        "window": ["1", "2–12", "above 12", "no result", "several results"],
        "evidence": [f"{integration} {end} {item}" for integration, items in
                     (("sum", evidence + rings), ("last", evidence + rings), ("leaky", evidence))
                     for end in ("keep", "reset") for item in items],
        "ring of entries": ["hop 1", "hop above 1", "result before it is full", "never full", "2n − 1 entries passed"],
        "readout's place": ["last", "above other ops"],
        "initial value": ["analog not 0", "wide not 0"],
        "slot size": ["1", "2–7", "8–31", "32–63", "64–127", "128 and more", "no multiple of 8", "no multiple of 16",
                      "no multiple of 32"],
        "input": ["sample −32768", "sample 32767", "offset extreme", "multiplier extreme", "multiplier 0", "shift 0"],
        "saturation": saturations,
        "resets": list(RESETS[1:]),
        "firing rate %": [f"{low}–{high}" for low, high in RATES],
        "effective operations": ["ACs by spikes", "ACs by analog", "MACs"],
        "file": ["format 1.0", "format 1.1", "self-test", "metadata", "another order of sections", "shared tensor",
                 "shared parameters"],
        "shape": ["L2MU"],
    }


def fields_of(model):
    return ["decay", *["synaptic decay"] * model.startswith("CuBa"), *["threshold"] * (not model.endswith("LI")), "bias",
            *["threshold decay", "threshold step"] * model.endswith("ALIF")]


def source_name(slot):
    if slot.type == SlotType.SPIKES:
        return "graded" if slot.is_graded else "spikes"
    return "wide" if slot.bits == 32 else "analog"


class Coverage:
    def __init__(self):
        self.required = required()
        self.counts = {group: Counter() for group in self.required}
        self.rates = Counter()  # lif populations by the start of their 5 % step of firing rate
        self.programs = 0

    def add(self, model, network, frames, tally, is_l2mu):
        """Counts one program after its last tick."""
        self.programs += 1
        self.found = set()
        for i, op in enumerate(model.ops):
            self.note("op", Kind(op.kind).name.lower())
            {Kind.INPUT: self.input, Kind.DENSE: self.projection, Kind.BLOCK: self.projection, Kind.LIF: self.lif,
             Kind.MEMORY: self.memory, Kind.READOUT: self.readout}[op.kind](model, i, op)
        self.slots(model)
        self.dynamics(model, network, frames, tally)
        self.file(model)
        if is_l2mu:
            self.note("shape", "L2MU")
        for group, item in self.found:
            self.counts[group][item] += 1

    def note(self, group, item, holds=True):
        if holds:
            self.found.add((group, item))

    def input(self, model, _, op):
        parameters = op.parameters
        self.note("input", "offset extreme", np.isin(parameters.offsets, (-32768, 32767)).any())
        self.note("input", "multiplier extreme", np.isin(parameters.multipliers, (-32768, 32767)).any())
        self.note("input", "multiplier 0", (parameters.multipliers == 0).any())
        self.note("input", "shift 0", parameters.shift == 0)

    def projection(self, model, i, op):
        parameters, source = op.parameters, model.slots[op.inputs[0]]
        encoding, join = ENCODINGS[parameters.encoding - 1], JOINS[parameters.join]
        kind, form = Kind(op.kind).name.lower(), source_name(source)
        self.note("encoding × source × join", f"{encoding} {form} {join}")
        self.note("kind × encoding", f"{kind} {encoding}")
        self.note("kind × join", f"{kind} {join}")
        for kind_of_source in ("analog", "graded"):
            self.note(f"{kind_of_source} source bits", str(source.bits), form == kind_of_source)
        shift = parameters.source_shift
        self.note("source shift", "0" if shift == 0 else "1–16" if shift <= 16 else "17–31", form == "wide")
        groups = parameters.groups
        if op.kind == Kind.BLOCK:
            self.note("block", "1 group" if groups == 1 else "2–8 groups" if groups <= 8 else "more than 8 groups")
            self.note("block", "groups × sources × destinations > 1 each", min(groups, *parameters.runs.shape) > 1)
        self.note("padded runs", encoding, parameters.weight_bits * parameters.runs.shape[1] % 8)
        writer = next((j for j, other in enumerate(model.ops) if other.outputs == op.inputs), -1)
        if writer > i and source.persistent:
            reads_itself = model.ops[writer].inputs == op.outputs
            self.note("recurrence", "of a block", op.kind == Kind.BLOCK and groups > 1)
            if source.type == SlotType.SPIKES:
                self.note("recurrence", f"{form} {'by itself' if reads_itself else 'above their writer'}")
            else:
                self.note("recurrence", form)
            self.note("recurrence", "input's analog above its writer", model.ops[writer].kind == Kind.INPUT)

    def lif(self, model, _, op):
        parameters, name = op.parameters, MODELS[op.parameters.model - 1]
        variant, target = variant_of(parameters), model.slots[op.outputs[0]]
        comparison = COMPARISONS[parameters.comparison]
        self.note("lif variant", variant)
        values = {field: getattr(parameters, field.replace(" ", "_")) for field in fields_of(name)}
        for field in values:
            self.note("lif flags", f"{variant} per-neuron {field}: {YES_NO[bool(parameters.flags & FIELDS[field])]}")
        self.note("lif fraction bits", str(parameters.fraction_bits))
        for field in ("decay", "synaptic decay", "threshold decay"):
            for corner in (0, 32768):
                self.note("lif corners", f"{field} {corner}", field in values and (values[field] == corner).any())
        self.note("without leak", NAMES_WITHOUT_LEAK.get(name), (parameters.decay == 32768).all())
        for corner, value in (("0", 0), ("L", parameters.limit)):
            when = "same" if parameters.resets_in_same_tick else "next"
            self.note("lif corners", f"threshold {corner}, {when} tick, {comparison}",
                      parameters.is_spiking and (parameters.threshold == value).any())
            self.note("lif corners", f"threshold step {corner}",
                      parameters.is_adaptive and (parameters.threshold_step == value).any())
        ticks = parameters.refractory
        self.note("refractory ticks", "1" if ticks == 1 else "2–9" if ticks <= 9 else "longer than the run", ticks)
        if target.is_graded:
            self.note("graded × model", f"{target.bits} bits {name}")
            self.note("graded × comparison × reset", f"{target.bits} bits {comparison} {RESETS[parameters.reset]}")

    def memory(self, model, _, op):
        parameters = op.parameters
        width, answer = model.slots[op.outputs[0]].bits, YES_NO[parameters.flags]
        self.note("memory", f"{ENCODINGS[parameters.encoding - 1]} {width} per-unit bias: {answer}")
        self.note("memory shape", "1 unit" if model.slots[op.inputs[0]].count == 1 else "several units")
        order = parameters.order
        self.note("memory shape", "order 1" if order == 1 else "order 2–8" if order <= 8 else "order above 8")

    def readout(self, model, i, op):
        parameters = op.parameters
        integration = ("sum", "last", "leaky")[parameters.integration - 1]
        self.note("readout", " ".join((integration, ("keep", "reset")[parameters.resets_network],
                                       source_name(model.slots[op.inputs[0]]), ("plain", "shifted")[parameters.shift > 0])))
        window = parameters.window
        self.note("window", "1" if window == 1 else "2–12" if window <= 12 else "above 12")
        n, leak = parameters.entries, parameters.evidence_decay
        if n == 1:
            item = "no evidence" if leak == 0 else "no leak" if leak == 32768 else "leak"
        else:
            item = "early" if parameters.is_early else "late"
            self.note("ring of entries", "hop 1" if parameters.hop == 1 else "hop above 1")
        self.note("evidence", f"{integration} {('keep', 'reset')[parameters.resets_network]} "
                              f"n = {1 if n == 1 else '2–4' if n <= 4 else '5 and more'}, {item}")
        self.note("readout's place", "last" if i == len(model.ops) - 1 else "above other ops")

    def slots(self, model):
        for i, slot in enumerate(model.slots):
            count = slot.count
            for low, high, item in ((1, 1, "1"), (2, 7, "2–7"), (8, 31, "8–31"), (32, 63, "32–63"), (64, 127, "64–127"),
                                    (128, 2**24, "128 and more")):
                self.note("slot size", item, low <= count <= high)
            for divisor in (8, 16, 32):
                self.note("slot size", f"no multiple of {divisor}", count % divisor and count > divisor)
            if slot.type == SlotType.ANALOG and slot.initial != 0:
                self.note("initial value", f"{source_name(slot)} not 0")
            if slot.type == SlotType.CURRENT:
                writers = sum(op.outputs == [i] for op in model.ops)
                self.note("projections into one current slot", str(writers) if writers <= 3 else "4 or more")

    def dynamics(self, model, network, frames, tally):
        for sample in (-32768, 32767):
            self.note("input", f"sample {sample}".replace("-", "−"), (frames == sample).any())
        for key, count in tally.items():
            if key.startswith("saturated "):
                self.note("saturation", key[len("saturated "):], count)
        for i, reset in enumerate(RESETS[1:], 1):
            self.note("resets", reset, tally[f"resets {i}"])
        for i, comparison in enumerate(COMPARISONS):
            for when in ("next tick", "same tick", "multiple"):
                self.note("equal to the threshold", f"{when} {comparison}", tally[f"equal {when} {i}"])
        self.note("refractory ticks", "neurons held", tally["held"])
        self.note("adaptive threshold", "holds back a spike", tally["held back by adaptation"])
        for bits, what in product(range(2, 9), ("between", "greatest")):
            self.note("graded spikes", f"{bits} bits: {what}", tally[f"graded {bits} {what}"])
        parameters = network.readout.parameters
        entries, n = network.ticks // parameters.hop, parameters.entries
        if n > 1:
            self.note("ring of entries", "result before it is full", parameters.is_early and entries)
            self.note("ring of entries", "never full", 0 < entries < n)
            self.note("ring of entries", "2n − 1 entries passed", entries > 2 * n - 1)
        self.note("window", "no result", network.results == 0)
        self.note("window", "several results", network.results > 2)
        for op in network.ops:
            if isinstance(op, LifOp) and op.parameters.is_spiking:
                possible = op.neurons * network.ticks
                self.rates["never" if op.events == 0 else f"{100 * op.events // possible // 5 * 5} %"] += 1
                for low, high in RATES:
                    self.note("firing rate %", f"{low}–{high}", low * possible <= 100 * op.events < high * possible)
                self.note("adaptive threshold", f"{MODELS[op.parameters.model - 1]} {RESETS[op.parameters.reset]} fires in "
                          "5–60 % and adapts", op.adaptation.any() and 5 * possible <= 100 * op.events <= 60 * possible)
            by_spikes = op.source_slot.type == SlotType.SPIKES
            self.note("effective operations", "ACs by spikes", op.effective_acs and by_spikes)
            self.note("effective operations", "ACs by analog", op.effective_acs and not by_spikes)
            self.note("effective operations", "MACs", op.effective_macs)

    def file(self, model):
        self.note("file", f"format 1.{model.minor}")
        self.note("file", "self-test", model.self_test is not None)
        self.note("file", "metadata", model.metadata is not None)
        starts = [model.sections[kind][0] for kind in sorted(model.sections)]
        self.note("file", "another order of sections", starts != sorted(starts))
        blocks = Counter(op.block for op in model.ops)
        distinct = {op.block: op.tensors for op in model.ops}
        shared = Counter(reference for tensors in distinct.values() for reference in tensors)
        self.note("file", "shared tensor", any(count > 1 for count in shared.values()))
        self.note("file", "shared parameters", any(count > 1 for count in blocks.values()))

    def missing(self):
        """The required items that no program covers."""
        return [f"{group}: {item}" for group, items in self.required.items() for item in items
                if not self.counts[group][item]]

    def summary(self):
        return {"programs": self.programs,
                "items": {group: {item: self.counts[group][item] for item in items}
                          for group, items in self.required.items()},
                "populationsByFiringRate": dict(self.sorted_rates()),
                "missing": self.missing()}

    def sorted_rates(self):
        return sorted(self.rates.items(), key=lambda item: -1 if item[0] == "never" else int(item[0].split()[0]))

    def table(self):
        """One line for each group: items covered, and the programs of its rarest and commonest item."""
        lines = [f"{'group':36} covered   programs (rarest … commonest)"]
        for group, items in self.required.items():
            counts = sorted((self.counts[group][item], item) for item in items)
            covered = f"{sum(count > 0 for count, _ in counts)}/{len(items)}"
            lines.append(f"{group:36} {covered:9} {counts[0][0]} ({counts[0][1]}) … {counts[-1][0]} ({counts[-1][1]})")
        lines.append("populations by firing rate, from: "
                     + ", ".join(f"{low}: {count}" for low, count in self.sorted_rates()))
        return "\n".join(lines + [f"MISSING {item}" for item in self.missing()])
