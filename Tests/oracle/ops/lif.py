"""lif: leaky integrate-and-fire neurons, with current-based synapses, adaptive thresholds and integrators."""

from copy import copy

import numpy as np

from core.arithmetic import truncate_shift
from core.fields import Code, Flags, Number, Parameter
from core.parameters import NeuronParameters, spread
from core.running import RunningOp
from core.slots import SlotType
from core.status import Status

CURRENT_BASED, INTEGRATORS, ADAPTIVE = (2, 4, 6), (3, 4), (5, 6)  # models
DECAY = {"high": 32768, "low": 0, "element": "<u2"}
LEVEL = {"high": lambda op: op.limit, "low": 0, "element": lambda op: f"<i{op.width // 8}"}


class LifParameters(NeuronParameters):
    name, kind, size = "lif", 4, 36
    fields = (
        Code(0, "model", values=range(1, 7)),  # 1 LIF, 2 CuBa-LIF, 3 LI, 4 CuBa-LI, 5 ALIF, 6 CuBa-ALIF
        Code(1, "reset", values=range(5)),
        Code(2, "comparison", values=(0, 1)),  # >, ≥
        Code(3, "width", values=(16, 32)),
        Number(4, "fraction_bits", high=15),
        Flags(5, "flags", mask=63),
        Number(6, "refractory", "H", high=32767),  # ticks
        Parameter(8, "decay", bit=0, **DECAY),  # β, scalar or (period or count,); the next ones likewise
        Parameter(12, "synaptic_decay", bit=1, **DECAY),  # α
        Parameter(16, "threshold", bit=2, **LEVEL),  # θ
        Parameter(20, "bias", bit=3),
        Parameter(24, "threshold_decay", bit=4, **DECAY),  # ρ
        Parameter(28, "threshold_step", bit=5, **LEVEL),  # κ
        Number(32, "period", "I", high=2**24),
    )

    def wiring(self):
        fits = self.target.type == SlotType.SPIKES
        if not self.is_spiking:
            fits = self.target.is_state and self.target.bits == self.width
        return self.wired(fits)

    def relations(self):
        resets_later = self.reset in (1, 2)
        yield 1, (self.reset == 0) != self.is_spiking, "reset 0 goes with LI and CuBa-LI, and they with it"
        yield (1, not resets_later or not (self.is_adaptive or self.target.is_graded),
               "a reset in the next tick with an adaptive threshold or graded spikes", Status.UNSUPPORTED)
        yield 2, self.comparison == 0 or self.is_spiking, "comparison of LI and CuBa-LI"
        yield 6, self.refractory == 0 or self.is_spiking, "refractory ticks of LI and CuBa-LI"
        yield 6, self.refractory == 0 or not resets_later, "refractory ticks with a reset in the next tick", Status.UNSUPPORTED
        for field in self.fields:
            if isinstance(field, Parameter) and not self.has(field.name):
                is_zero = not field.is_array(self) and getattr(self, field.name) == 0
                yield field.offset, is_zero, f"{field.name}, which the model has not"
        yield self.period_holds(32)

    def has(self, parameter):
        return {"synaptic_decay": self.is_current_based, "threshold": self.is_spiking, "threshold_decay": self.is_adaptive,
                "threshold_step": self.is_adaptive}.get(parameter, True)

    def of_neurons(self):
        """The same with an element for each neuron in arrays."""
        result = copy(self)
        for field in self.fields:
            if isinstance(field, Parameter):
                setattr(result, field.name, spread(getattr(self, field.name), self.source.count))
        return result

    @property
    def is_current_based(self) -> bool:
        return self.model in CURRENT_BASED

    @property
    def is_adaptive(self) -> bool:
        return self.model in ADAPTIVE

    @property
    def is_spiking(self) -> bool:
        return self.model not in INTEGRATORS

    @property
    def resets_in_same_tick(self) -> bool:
        return self.reset in (3, 4)

    @property
    def limit(self) -> int:
        return 32767 if self.width == 16 else 2**30 - 1


class LifOp(RunningOp):
    has_neurons = True

    def __init__(self, network, op):
        super().__init__(network, op)
        parameters, count = self.parameters, self.source_slot.count
        self.neurons = count
        self.greatest = self.target_slot.limit  # smax
        self.slot_state_bits = 0 if parameters.is_spiking else count * parameters.width
        self.parameters = parameters.of_neurons()
        self.reset()

    def reset(self):
        """U (of spiking models), Y, A and C."""
        self.membrane, self.synapse, self.adaptation, self.refractory = (
            np.zeros(self.source_slot.count, np.int64) for _ in range(4))

    def variables(self):
        parameters = self.parameters
        variables = [(self.membrane, parameters.is_spiking), (self.synapse, parameters.is_current_based),
                     (self.adaptation, parameters.is_adaptive), (self.refractory, parameters.refractory > 0)]
        return [(variable, parameters.width) for variable, exists in variables if exists]

    def exceeds(self, value, bound):
        """x ▷ y."""
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


OPS = {LifParameters: LifOp}
