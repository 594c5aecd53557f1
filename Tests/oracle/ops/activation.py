"""activation: neurons without spikes."""

import numpy as np

from core.arithmetic import round_shift
from core.fields import Code, Flags, Number, Parameter, Reserved
from core.parameters import NeuronParameters, spread
from core.running import RunningOp


class ActivationParameters(NeuronParameters):
    name, kind, size = "activation", 11, 20
    fields = (
        Code(0, "function", values=(1, 2, 3)),  # clip, tanh, sigmoid
        Number(1, "shift", high=47),
        Flags(2, "flags", mask=3),
        Reserved(3),
        Parameter(4, "multiplier", bit=0),  # scalar or (period or count,)
        Parameter(8, "bias", bit=1),  # likewise
        Number(12, "low", "h", low=-32768, high=32767),
        Number(14, "high", "h", low=-32768, high=32767),
        Number(16, "period", "I", high=2**24),
    )
    fraction_bits = 0  # of the proof

    def wiring(self):
        return self.wired(self.target.is_narrow_analog)

    def relations(self):
        limit = self.target.limit if self.function == 1 else 0
        yield 12, abs(self.low) <= limit, "lower bound"
        yield 14, self.low <= self.high <= limit, "upper bound"
        yield self.period_holds(16)


# 32768·tanh( i / 32 ).
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
    """sign(v)·T( |v|, bits ) ."""
    magnitude = np.abs(value)
    i = magnitude >> bits
    return np.sign(value) * (TANH[i] + round_shift((TANH[i + 1] - TANH[i]) * (magnitude & ((1 << bits) - 1)), bits))


class ActivationOp(RunningOp):
    has_neurons = True

    def __init__(self, network, op):
        super().__init__(network, op)
        parameters, self.neurons = self.parameters, self.source_slot.count
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


OPS = {ActivationParameters: ActivationOp}
