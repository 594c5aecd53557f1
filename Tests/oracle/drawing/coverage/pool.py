"""What programs show of pool."""

from itertools import product

from core.slots import SlotType
from drawing.coverage.names import SOURCES, source_name

KINDS = ("pool",)


def required():
    return {
        "pool": [" ".join(parts) for parts in product(("sum", "average"), (*SOURCES, "current"), ("analog", "current"))] + [
            f"maximum {source} {source}" for source in (*SOURCES, "current")],
        "pools": [f"{dimension} {what}" for dimension in ("1-D", "2-D") for what in (
            "padding", "stride below the window", "stride of the window", "stride above the window")] + [
                "multiplier below 0", "of its own slot"],
    }


def note(seen, model, _, op):
    parameters = op.parameters
    names = ["current" if slot.type == SlotType.CURRENT else source_name(slot)
             for slot in (model.slots[op.inputs[0]], model.slots[op.outputs[0]])]
    area = parameters.rows.kernel * parameters.columns.kernel
    is_average = abs(parameters.multiplier) == min(32767, 32768 // area)
    function = "maximum" if parameters.function == 2 else "average" if is_average else "sum"
    seen.note("pool", " ".join((function, *names)), seen.happens)
    seen.note("pools", "multiplier below 0", parameters.multiplier < 0)
    seen.note("pools", "of its own slot", op.inputs == op.outputs)
    axes = [parameters.rows, parameters.columns]
    dimension = "1-D" if parameters.rows.size == 1 else "2-D"
    for axis in axes[dimension == "1-D":]:
        seen.note("pools", f"{dimension} padding", axis.before + axis.after)
        relation = "below" if axis.stride < axis.kernel else "of" if axis.stride == axis.kernel else "above"
        seen.note("pools", f"{dimension} stride {relation} the window")
