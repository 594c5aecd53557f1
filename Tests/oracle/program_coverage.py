"""What a generated set of programs must cover, counted in programs."""

from collections import Counter
from itertools import product

import numpy as np

from interpreter import ActivationOp, DelayOp, LifOp, LoihiOp, XyloOp
from reader import Kind, SlotType

ENCODINGS = ("binary", "ternary", "int4", "int8", "int16")
JOINS = ("add", "left", "right", "multiplier")
SOURCES = ("spikes", "graded", "analog", "wide")
MODELS = ("LIF", "CuBa-LIF", "LI", "CuBa-LI", "ALIF", "CuBa-ALIF")
RESETS = ("none", "subtract", "zero", "subtract at once", "zero at once")
COMPARISONS = (">", "≥")
NAMES_WITHOUT_LEAK = {"LIF": "IF", "CuBa-LIF": "CuBa-IF", "LI": "I"}
FIELDS = {"decay": 1, "synaptic decay": 2, "threshold": 4, "bias": 8, "threshold decay": 16, "threshold step": 32}
LENGTHS = ("D = 1", "D = 2–4", "D above 4")
FUNCTIONS = ("clip", "tanh", "sigmoid")
SPREADS = ("shared", "per neuron", "period")
LAYERED = ("spiking cnn", "delay network", "loihi cnn", "loihi network", "xylo network", "legendre network")
RATES = ((1, 5), (5, 15), (15, 30), (30, 60))
YES_NO = ("no", "yes")
LOIHI_FIELDS = ("current decay", "voltage decay", "threshold", "bias")
XYLO_FIELDS = ("membrane dash", "synaptic dash", "threshold", "bias", "alias")
LIMITS = ("the slot's", "2^20 and more", "302 … 2^20", "301 and less")  # of a recurrence
PLACES = (1, 2, 3, 4, 5, 7, 8, 9, 16, 17)  # of 16 segments of a recurrence
READERS = ("dense", "block", "sparse", "convolution", "pool", "delay", "readout", "dense into a synaptic slot")


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


def is_layered(shape):
    """Whether a program of this shape counts only where every population fires."""
    return shape in LAYERED


def fires_everywhere(network):
    return all(op.events * 100 >= 2 * op.neurons * network.ticks for op in network.ops if isinstance(op, (LifOp, LoihiOp, XyloOp)))


def length_of(kept):
    return LENGTHS[0 if kept == 1 else 1 if kept <= 4 else 2]


def required():
    """{group: items}; an item is a string."""
    flags = [f"{variant} per-neuron {field}: {answer}" for variant in variants()
             for field in fields_of(variant.split()[0]) for answer in YES_NO]
    spiking = [model for model in MODELS if not model.endswith("LI")]
    evidence = ["n = 1, no evidence", "n = 1, leak", "n = 1, no leak"]
    rings = [f"n = {n}, {first}" for n in ("2–4", "5 and more") for first in ("late", "early")]
    saturations = ["input", "projection source", "readout", "evidence leak", "evidence sum", "pool", "activation clip", "activation",
                   "activation argument"] + [
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
        "file": ["self-test", "metadata", "another order of sections", "shared tensor",
                 "shared parameters"],
        "shape": ["L2MU", *LAYERED, "activation lmu"],
        "sparse: encoding × source × join × delays": [" ".join(parts) for parts in product(ENCODINGS, SOURCES, JOINS, LENGTHS)],
        "sparse": ["no synapse", "empty run", "source without synapses", "destination without synapses", "every synapse",
                   "padded weights", "delay D − 1", "D above 1000"] + [
                       f"recurrent {source}, {length}" for source in SOURCES for length in LENGTHS],
        "delay": [" ".join(parts) for parts in product(SOURCES, LENGTHS, SPREADS[:2])],
        "delays": ["0", "D − 1", "D above 250", "persistent target", "in flight at a reset", "delayed events",
                   "of its own slot"],
        "convolution: encoding × source × join": [" ".join(parts) for parts in product(ENCODINGS, SOURCES, JOINS)],
        "convolution": [f"{dimension} {what}" for dimension in ("1-D", "2-D") for what in (
            "1 × 1", "stride above 1", "padding", "asymmetric padding", "dilation", "groups", "depthwise",
            "kernel larger than the source", "source element without a tap", "padded runs")],
        "pool": [" ".join(parts) for parts in product(("sum", "average"), (*SOURCES, "current"), ("analog", "current"))] + [
            f"maximum {source} {source}" for source in (*SOURCES, "current")],
        "pools": [f"{dimension} {what}" for dimension in ("1-D", "2-D") for what in (
            "padding", "stride below the window", "stride of the window", "stride above the window")] + [
                "multiplier below 0", "of its own slot"],
        "activation": [f"{function} {bits} bits {spread}" for function, bits, spread in product(FUNCTIONS, range(2, 17), SPREADS)],
        "activations": [f"{function} {what}" for function in FUNCTIONS for what in ("shift 0", "shift above 15", "multiplier below 0",
                                                                                     "recurrent", "above and below 0")],
        "period": [f"{reader} {behind}" for reader in ("lif", "activation") for behind in (
            "behind a convolution", "behind a pool", "behind a block")] + [f"of {field}" for field in FIELDS] + [
                "without arrays", "1", "the whole count"],
        "chain": ["convolution → sum, shifted → lif", "convolution → maximum → lif", "spikes → pool → analog → convolution",
                  "delay → sparse", "delay → delay", "activation → convolution", "wide → convolution"],
        "reader of a current": [f"{reader} of {writer}" for reader in ("lif", "activation", "pool", "loihi")
                                for writer in ("sparse", "convolution", "dense", "pool") if (reader, writer) != ("pool", "pool")],
        "synaptic: encoding × source × join": [" ".join(parts) for parts in product(ENCODINGS[:4], SOURCES[:3], JOINS[:2])],
        "synaptic": [f"left shift {shift}" for shift in range(9)] + [f"projections: {number}" for number in ("1", "2", "3", "4 or more")] + [
            "by itself", "above its writer", "padded runs", "saturated below", "saturated above", "saturated both ways", "by its order"],
        "loihi": [f"{comparison} e = {e}" for comparison, e in product(COMPARISONS, range(-8, 8))],
        "loihi flags": [f"{field}: {spread}" for field, spread in product(LOIHI_FIELDS, SPREADS)],
        "loihi corners": [f"{field} {value}" for field in LOIHI_FIELDS[:2] for value in (0, 4096)] + [
            f"threshold {value}, {comparison}" for value, comparison in product((0, 2**23 - 1), COMPARISONS)] + [
                "bias 2^30 − 1", "bias 1 − 2^30", "wraps above", "wraps below", "clamped above", "clamped below", "equal >", "equal ≥",
                "recurrent", "a tick late", "period without arrays", "behind a convolution"],
        "xylo": [f"P = {currents}, {bits} bits" for currents, bits in product((1, 2), range(1, 9))],
        "xylo flags": [f"{field}: {answer}" for field, answer in product(XYLO_FIELDS, YES_NO)],
        "xylo dashes": [f"{field} {value}" for field, value in product(XYLO_FIELDS[:2], range(16))],
        "xylo corners": ["threshold 0", "threshold 32767", "bias −32768", "bias 32767", "recurrent", "leak of −32768", "current of −32767",
                         *(f"{where} {direction}" for where in ("currents", "change", "membrane") for direction in ("above", "below")),
                         "reaches θ exactly", "left at smax", "several spikes", "own spikes on given ones", "given ones reach smax",
                         "alias above", "alias below", "alias itself", "alias saturates"],
        "chip in 2–60 %": [f"{chip} {YES_NO[recurs]} recurrence" for chip in ("loihi", "xylo") for recurs in (0, 1)],
        "reader of a chip": [f"{reader} of {chip}" for chip in ("loihi", "plain xylo", "graded xylo") for reader in READERS],
        "segments": [f"{segments} of {places} {form}{fit}" for form in ("real", "complex") for segments, places, fit in (
            *product((1,), (1, 2, 3, "more"), ("",)), *product((2, 3, 4, 8, "other"), (1, "more"), ("", ", not filled")),
            *product((16,), PLACES, ("", ", not filled")))],
        "recurrence op": [f"{width} bits, bias per unit: {answer}, L {limit}" for width, answer, limit in product((16, 32), YES_NO, LIMITS)
                          if width == 32 or limit != LIMITS[1]] + [
                f"{form} of {poles} poles" for form, poles in product(("real", "complex"), range(1, 9))],
        "recurrence corners": ["substeps 1", "substeps 2–3", "substeps 4–16", "output shift 0", "output shift 1–29", "output shift 30",
                               "fraction bits 0", "fraction bits above 0", "1 unit", "several units", "factor −2^31", "factor 2^31 − 1",
                               "a real pole beside complex ones", "initial value beyond L", "at rest beside others", "products wrapped",
                               "sums wrapped", "a segment without an element", "factors where there is none",
                               *(f"saturated {what} {width}" for what in ("input", "state") for width in (16, 32))],
        "reader of a recurrence": [f"{reader} of {width} bits" for reader in ("dense", "sparse", "convolution", "delay", "readout", "pool")
                                   for width in (16, 32)] + ["by itself", "above its writer", "recurrence"],
        "source of a synaptic slot": ["input", "lif", "graded lif", "loihi", "plain xylo", "graded xylo", "activation", "delay"],
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

    def add(self, model, network, frames, tally, shape):
        """Counts one program after its last tick; shape: what it is made to be, "" for a random program of the first set.

        Combinations of format 1.2's ops count only where something happened: `happens`, events of the op at hand.
        """
        self.programs += 1
        self.found = set()
        for i, op in enumerate(model.ops):
            self.note("op", Kind(op.kind).name.lower())
            self.happens = network.ops[i].events > 0
            {Kind.INPUT: self.input, Kind.DENSE: self.projection, Kind.BLOCK: self.projection, Kind.LIF: self.lif,
             Kind.MEMORY: self.memory, Kind.READOUT: self.readout, Kind.SPARSE: self.sparse, Kind.DELAY: self.delay,
             Kind.CONVOLUTION: self.convolution, Kind.POOL: self.pool, Kind.ACTIVATION: self.activation,
             Kind.LOIHI: self.loihi, Kind.XYLO: self.xylo, Kind.RECURRENCE: self.recurrence}[op.kind](model, i, op)
        self.slots(model)
        self.readers(model)
        self.chips(model, network, tally)
        self.recurrences(model, tally)
        self.dynamics(model, network, frames, tally)
        self.file(model)
        self.note("shape", shape, not is_layered(shape) or fires_everywhere(network))
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
        if model.slots[op.outputs[0]].type == SlotType.SYNAPTIC:
            self.synaptic(model, i, op)
            return
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

    def synaptic(self, model, i, op):
        parameters = op.parameters
        self.note("synaptic: encoding × source × join", self.join_of(model, op), self.happens)
        self.note("synaptic", f"left shift {parameters.shift}", parameters.join == 1 and self.happens)
        self.note("synaptic", "padded runs", parameters.weight_bits * parameters.runs.shape[1] % 8)
        reads_itself = any(other.inputs == op.outputs and other.outputs == op.inputs for other in model.ops)
        self.note("synaptic", "by itself" if reads_itself else "above its writer", self.happens and self.is_recurrent(model, i, op))

    def loihi(self, model, i, op):
        parameters = op.parameters
        comparison = COMPARISONS[parameters.comparison]
        self.note("loihi", f"{comparison} e = {parameters.exponent}", self.happens)
        for bit, field in enumerate(LOIHI_FIELDS):
            values = getattr(parameters, field.replace(" ", "_"))
            spread = SPREADS[0 if not parameters.flags >> bit & 1 else 2 if parameters.period else 1]
            self.note("loihi flags", f"{field}: {spread}", self.happens)
            for value in {0: (0, 4096), 1: (0, 4096), 2: (0, 2**23 - 1)}.get(bit, ()):
                suffix = f", {comparison}" if field == "threshold" else ""
                self.note("loihi corners", f"{field} {value}{suffix}", (values == value).any())
        self.note("loihi corners", "bias 2^30 − 1", (parameters.bias == 2**30 - 1).any())
        self.note("loihi corners", "bias 1 − 2^30", (parameters.bias == 1 - 2**30).any())
        readers = [j for j, other in enumerate(model.ops) if other.inputs == op.outputs]
        self.note("loihi corners", "recurrent", any(model.ops[j].outputs == op.inputs for j in readers))
        self.note("loihi corners", "a tick late", any(j < i and model.ops[j].outputs != op.inputs for j in readers))
        self.note("loihi corners", "period without arrays", parameters.period and parameters.flags == 0)
        self.note("loihi corners", "behind a convolution", parameters.period and parameters.flags and any(
            other.kind == Kind.CONVOLUTION and other.outputs == op.inputs and other.parameters.target_channels == parameters.period
            for other in model.ops))

    def xylo(self, model, i, op):
        parameters, source, target = op.parameters, model.slots[op.inputs[0]], model.slots[op.outputs[0]]
        self.note("xylo", f"P = {source.count // target.count}, {target.bits} bits", self.happens)
        for bit, field in enumerate(XYLO_FIELDS):
            self.note("xylo flags", f"{field}: {YES_NO[parameters.flags >> bit & 1]}", self.happens)
            for value in range(16) if bit < 2 else ():
                self.note("xylo dashes", f"{field} {value}", (getattr(parameters, field.replace(" ", "_")) == value).any())
        for name, values, value in (("threshold 0", parameters.threshold, 0), ("threshold 32767", parameters.threshold, 32767),
                                    ("bias −32768", parameters.bias, -32768), ("bias 32767", parameters.bias, 32767)):
            self.note("xylo corners", name, (values == value).any())
        self.note("xylo corners", "recurrent", self.happens and any(
            other.inputs == op.outputs and other.outputs == op.inputs for other in model.ops))

    def recurrence(self, model, i, op):
        if not self.happens:
            return
        parameters, slot = op.parameters, model.slots[op.outputs[0]]
        order, limit, factors = parameters.order, parameters.limit, parameters.factors
        poles, _, parts, _ = factors.shape
        form = ("real", "complex")[parts - 1]
        segments, places = parameters.segments, parameters.places
        fit = ", not filled" * (order < segments * places)
        named = places if places in {1: (1, 2, 3), 16: PLACES}.get(segments, (1,)) else "more"
        self.note("segments", f"{segments if segments in (1, 2, 3, 4, 8, 16) else 'other'} of {named} {form}{fit}")
        bound = LIMITS[0 if limit == slot.limit else 1 if limit >= 2**20 else 2 if limit > 301 else 3]
        self.note("recurrence op", f"{slot.bits} bits, bias per unit: {YES_NO[parameters.flags & 1]}, L {bound}")
        self.note("recurrence op", f"{form} of {poles} poles")
        for what, value, ranges in (("substeps", parameters.substeps, ((1, 1), (2, 3), (4, 16))),
                                    ("output shift", parameters.output_shift, ((0, 0), (1, 29), (30, 30)))):
            for low, high in ranges:
                self.note("recurrence corners", f"{what} {low}" + f"–{high}" * (low < high), low <= value <= high)
        for what, holds in (("fraction bits 0", parameters.fraction_bits == 0), ("fraction bits above 0", parameters.fraction_bits > 0),
                            ("1 unit", slot.count == order), ("several units", slot.count > order),
                            ("factor −2^31", (factors == -2**31).any()), ("factor 2^31 − 1", (factors == 2**31 - 1).any()),
                            ("a real pole beside complex ones", parts == 2 and poles > 1 and not factors[-1, :, 1].any() and factors[:, :, 1].any()),
                            ("a segment without an element", order <= (segments - 1) * places),
                            ("factors where there is none", order < segments * places and factors[:, places - 1, :, -1].all()),
                            ("initial value beyond L", abs(slot.initial) > limit)):
            self.note("recurrence corners", what, holds)
        for j, other in enumerate(model.ops):
            if other.inputs == op.outputs:
                self.note("reader of a recurrence", f"{Kind(other.kind).name.lower()} of {slot.bits} bits")
                self.note("reader of a recurrence", "by itself", other.outputs == op.inputs)
                self.note("reader of a recurrence", "above its writer", j < i and other.outputs != op.inputs)
                self.note("reader of a recurrence", "recurrence", j > i and any(
                    third.kind == Kind.RECURRENCE and third.inputs == other.outputs for third in model.ops))

    def recurrences(self, model, tally):
        for key, count in tally.items():
            for start, item in (("recurrence ", ""), ("saturated recurrence ", "saturated ")):
                if key.startswith(start):
                    self.note("recurrence corners", item + key[len(start):], count)

    def chips(self, model, network, tally):
        """What reads and feeds the neurons of chips, how often they fire, and what happens in them."""
        for op, state in zip(model.ops, network.ops):
            readers = [other for other in model.ops if other.inputs == op.outputs]
            name = self.population_name(model, op)
            for other in readers:
                kind = Kind(other.kind).name.lower()
                is_synaptic = other.outputs and model.slots[other.outputs[0]].type == SlotType.SYNAPTIC
                self.note("source of a synaptic slot", name, is_synaptic and state.events)
                if op.kind in (Kind.LOIHI, Kind.XYLO):
                    self.note("reader of a chip", f"{kind}{' into a synaptic slot' * bool(is_synaptic)} of {name}", state.events)
            if isinstance(state, (LoihiOp, XyloOp)):
                possible = state.neurons * network.ticks
                recurs = any(other.outputs == op.inputs for other in readers)
                self.note("chip in 2–60 %", f"{Kind(op.kind).name.lower()} {YES_NO[recurs]} recurrence",
                          2 * possible <= 100 * state.events <= 60 * possible)
        for group in ("synaptic", "loihi", "xylo"):
            for key, count in tally.items():
                if key.startswith(f"{group} "):
                    item = key[len(group) + 1:].replace("equal 0", "equal >").replace("equal 1", "equal ≥")
                    self.note(group if group == "synaptic" else f"{group} corners", item, count)

    def population_name(self, model, op):
        name = Kind(op.kind).name.lower()
        if name not in ("xylo", "lif"):
            return name
        is_graded = model.slots[op.outputs[0]].is_graded
        return f"graded {name}" if is_graded else name if name == "lif" else f"plain {name}"

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
        for field in FIELDS:
            self.note("period", f"of {field}", parameters.period and parameters.flags & FIELDS[field])
        self.period(model, op, "lif", parameters.flags & 63)
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

    def join_of(self, model, op):
        parameters, source = op.parameters, model.slots[op.inputs[0]]
        return f"{ENCODINGS[parameters.encoding - 1]} {source_name(source)} {JOINS[parameters.join]}"

    def is_recurrent(self, model, i, op):
        """Whether op i reads a slot of an op below it."""
        writer = next((j for j, other in enumerate(model.ops) if other.outputs == op.inputs), -1)
        return writer > i and model.slots[op.inputs[0]].persistent

    def sparse(self, model, i, op):
        parameters, source = op.parameters, model.slots[op.inputs[0]]
        length, count = length_of(parameters.delays), len(parameters.targets)
        self.note("sparse: encoding × source × join × delays", f"{self.join_of(model, op)} {length}", self.happens)
        runs = np.diff(parameters.runs).reshape(source.count, parameters.delays)
        targets = model.slots[op.outputs[0]].count
        self.note("sparse", f"recurrent {source_name(source)}, {length}", self.happens and self.is_recurrent(model, i, op))
        for what, holds in (("no synapse", count == 0), ("empty run", (runs == 0).any() and count),
                            ("source without synapses", (runs.sum(axis=1) == 0).any() and count),
                            ("destination without synapses", count and len(np.unique(parameters.targets)) < targets),
                            ("every synapse", count == runs.size * targets),
                            ("padded weights", count * parameters.weight_bits % 8),
                            ("delay D − 1", parameters.delays > 1 and runs[:, -1].any()), ("D above 1000", parameters.delays > 1000)):
            self.note("sparse", what, holds)

    def delay(self, model, _, op):
        parameters = op.parameters
        self.note("delay", f"{source_name(model.slots[op.inputs[0]])} {length_of(parameters.kept)} {SPREADS[parameters.flags]}",
                  self.happens)
        self.note("delays", "0", parameters.kept > 1 and (parameters.delay == 0).any())
        self.note("delays", "D − 1", parameters.kept > 1 and (parameters.delay == parameters.kept - 1).any())
        self.note("delays", "D above 250", parameters.kept > 250)
        self.note("delays", "of its own slot", op.inputs == op.outputs)
        self.note("delays", "persistent target", model.slots[op.outputs[0]].persistent)

    def convolution(self, model, _, op):
        parameters = op.parameters
        self.note("convolution: encoding × source × join", self.join_of(model, op), self.happens)
        axes = [parameters.rows, parameters.columns]
        dimension = "1-D" if parameters.rows.size == parameters.rows.kernel == 1 else "2-D"
        axes = axes[1:] if dimension == "1-D" else axes
        met = [set() for _ in axes]
        for axis, places in zip(axes, met):
            for k in range(axis.kernel):
                places |= set(range(axis.size)[axis.meets(k)[1]])
        destinations = parameters.weights.shape[3]
        for what, holds in (
                ("1 × 1", all(axis.kernel == 1 for axis in axes)), ("stride above 1", any(axis.stride > 1 for axis in axes)),
                ("padding", any(axis.before + axis.after for axis in axes)),
                ("asymmetric padding", any(axis.before != axis.after for axis in axes)),
                ("dilation", any(axis.dilation > 1 and axis.kernel > 1 for axis in axes)), ("groups", parameters.groups > 1),
                ("depthwise", parameters.groups == parameters.channels > 1),
                ("kernel larger than the source", any(axis.kernel > axis.size for axis in axes)),
                ("source element without a tap", any(len(places) < axis.size for axis, places in zip(axes, met))),
                ("padded runs", destinations * parameters.weight_bits % 8)):
            self.note("convolution", f"{dimension} {what}", holds)

    def pool(self, model, _, op):
        parameters = op.parameters
        names = ["current" if slot.type == SlotType.CURRENT else source_name(slot)
                 for slot in (model.slots[op.inputs[0]], model.slots[op.outputs[0]])]
        area = parameters.rows.kernel * parameters.columns.kernel
        is_average = abs(parameters.multiplier) == min(32767, 32768 // area)
        function = "maximum" if parameters.function == 2 else "average" if is_average else "sum"
        self.note("pool", " ".join((function, *names)), self.happens)
        self.note("pools", "multiplier below 0", parameters.multiplier < 0)
        self.note("pools", "of its own slot", op.inputs == op.outputs)
        axes = [parameters.rows, parameters.columns]
        dimension = "1-D" if parameters.rows.size == 1 else "2-D"
        for axis in axes[dimension == "1-D":]:
            self.note("pools", f"{dimension} padding", axis.before + axis.after)
            relation = "below" if axis.stride < axis.kernel else "of" if axis.stride == axis.kernel else "above"
            self.note("pools", f"{dimension} stride {relation} the window")

    def activation(self, model, i, op):
        parameters = op.parameters
        function, slot = FUNCTIONS[parameters.function - 1], model.slots[op.outputs[0]]
        spread = "period" if parameters.period else "per neuron" if parameters.flags else "shared"
        self.note("activation", f"{function} {slot.bits} bits {spread}", self.happens)
        for what, holds in (("shift 0", parameters.shift == 0), ("shift above 15", parameters.shift > 15),
                            ("multiplier below 0", (parameters.multiplier < 0).any()),
                            ("recurrent", slot.persistent and any(other.inputs == op.outputs for other in model.ops[:i]))):
            self.note("activations", f"{function} {what}", holds)
        self.period(model, op, "activation", parameters.flags & 3)

    def period(self, model, op, name, has_arrays):
        parameters = op.parameters
        if not parameters.period:
            return
        writers = [other for other in model.ops if other.outputs == op.inputs]
        for behind, kind, length in (("convolution", Kind.CONVOLUTION, "target_channels"), ("pool", Kind.POOL, "channels")):
            self.note("period", f"{name} behind a {behind}", any(
                other.kind == kind and getattr(other.parameters, length) == parameters.period for other in writers) and has_arrays)
        self.note("period", f"{name} behind a block", has_arrays and any(
            other.kind == Kind.BLOCK and other.parameters.groups > 1 for other in writers))
        self.note("period", "without arrays", not has_arrays)
        self.note("period", "1", parameters.period == 1 and has_arrays)
        self.note("period", "the whole count", parameters.period == model.slots[op.inputs[0]].count > 1 and has_arrays)

    def readers(self, model):
        for op in model.ops:
            for other in model.ops:
                if other.outputs and other.outputs == op.inputs:
                    self.chain(model, op, other)
                if other.outputs == op.inputs and model.slots[op.inputs[0]].type == SlotType.CURRENT:
                    self.note("reader of a current", f"{Kind(op.kind).name.lower()} of {Kind(other.kind).name.lower()}")

    def chain(self, model, op, other):
        """`op` reads what `other` writes."""
        kinds = (other.kind, op.kind)
        source = model.slots[other.inputs[0]]
        is_of_convolution = any(op.kind == Kind.CONVOLUTION and op.outputs == other.inputs for op in model.ops)
        if kinds == (Kind.POOL, Kind.LIF) and is_of_convolution:
            self.note("chain", "convolution → maximum → lif", other.parameters.function == 2)
            self.note("chain", "convolution → sum, shifted → lif", other.parameters.function == 1 and other.parameters.shift)
        self.note("chain", "spikes → pool → analog → convolution", kinds == (Kind.POOL, Kind.CONVOLUTION) and
                  source.type == SlotType.SPIKES and model.slots[op.inputs[0]].type == SlotType.ANALOG)
        self.note("chain", "wide → convolution", op.kind == Kind.CONVOLUTION and model.slots[op.inputs[0]].is_wide_analog)
        self.note("chain", " → ".join(Kind(kind).name.lower() for kind in kinds))

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
            writers = sum(op.outputs == [i] for op in model.ops)
            number = str(writers) if writers <= 3 else "4 or more"
            self.note("projections into one current slot", number, slot.type == SlotType.CURRENT)
            self.note("synaptic", f"projections: {number}", slot.type == SlotType.SYNAPTIC)

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
        self.note("delays", "in flight at a reset", tally["in flight at a reset"])
        for op in network.ops:
            if isinstance(op, DelayOp):
                self.note("delays", "delayed events", network.values[op.target].any() and np.max(op.parameters.delay) > 0)
            if isinstance(op, ActivationOp):
                values = network.values[op.target]
                self.note("activations", f"{FUNCTIONS[op.parameters.function - 1]} above and below 0", (values > 0).any() and
                          (op.parameters.function == 3 or (values < 0).any()))
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
