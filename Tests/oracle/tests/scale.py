"""scale: y = clamp( rnd( a·x, s ), limit ), an analog slot times a number. An op as test_new_op adds it, no op of the format."""

import struct

import numpy as np

from core.arithmetic import round_shift
from core.fields import Number, Reserved
from core.parameters import INPUT_AT, OUTPUT_AT, Parameters
from core.running import RunningOp

FIRST_PROGRAM = 732


class ScaleParameters(Parameters):
    name, kind, size = "scale", 15, 4
    fields = (Number(0, "shift", high=31), Reserved(1), Number(2, "factor", "h", low=-32768, high=32767))

    def wiring(self):
        yield INPUT_AT, self.source.is_narrow_analog, "reads analog of 2 … 16 bits"
        yield OUTPUT_AT, self.target.is_narrow_analog, "writes analog of 2 … 16 bits"
        yield OUTPUT_AT, self.target.count == self.source.count, "as many values"

    def parameter_bits(self):
        return 16


class ScaleOp(RunningOp):
    def tick(self):
        """y = clamp( rnd( a·x, s ), limit )"""
        values = self.network.values[self.source]
        scaled = round_shift(values * self.parameters.factor, self.parameters.shift)
        self.network.values[self.target] = self.network.clamp(scaled, self.target_slot.limit, "scale")
        self.events += int(np.count_nonzero(values))


OPS = {ScaleParameters: ScaleOp}


def write(model, source, target, factor, shift):
    return model.op(15, source, target, struct.pack("<BxH", shift, factor & 0xFFFF))


def draw(maker, draft):
    """A scale of the input, behind it another and what reads them."""
    dice = maker.dice
    outputs = [maker.front(draft, dice.pick((1, 2, 5, 9)))]
    for _ in range(dice.between(1, 3)):
        source = dice.pick(outputs)
        outputs.append(draft.slot("analog", draft.count(source), bits=dice.between(2, 16), persistent=dice.chance(50)))
        draft.op("scale", source=source, target=outputs[-1], factor=dice.between(-3000, 3000), shift=dice.between(8, 12))
    return maker.finish(draft, outputs)


def base(edits):
    model, _, values = edits.front()
    target = model.analog(2, 8)
    write(model, values, target, -300, 8)
    return edits.finish(model, target, 2)


def faults(edits):
    model = base(edits)
    place = model.op(1) + INPUT_AT
    yield "scale-of-samples", model.edited((place, "H", 0)), edits.WIRING, place, "scale reads samples"
