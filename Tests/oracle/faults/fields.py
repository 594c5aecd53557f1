"""Every field of the block of every op just outside of what its class allows, one at a time, by the tables of ops."""

import struct

from core.fields import Code, Flags, Number, Parameter, Reserved, resolved
from faults import bases
from faults.edits import UNSUPPORTED, VALUE
from faults.rows import firsts
from reader import parse


def faults():
    for name, base in bases.every():
        model = parse(base.data)
        for op, _ in firsts(base):
            parameters, block = model.ops[op].parameters, base.block(op)
            for field in parameters.fields:
                for value, status in values_outside(field, parameters):
                    place = block + field.offset
                    edit = struct.pack("<" + field.form, value)
                    what = value.hex() if isinstance(value, bytes) else value
                    yield (f"field-{name}-{parameters.name}-{field.offset}-{what}", base.edited((place, f"{len(edit)}s", edit)),
                           status,
                           place, f"{parameters.name}: {field.name or 'a reserved field'} {what}")


def values_outside(field, parameters):
    """(value, status) of some that the field may not have."""
    if isinstance(field, Reserved):
        count = int(field.form[:-1])
        return [(bytes(0x80 * (i == j) for j in range(count)), UNSUPPORTED) for i in range(count)]
    if isinstance(field, Flags):
        return [(1 << bit, UNSUPPORTED) for bit in range(8) if not field.mask >> bit & 1]
    if isinstance(field, Code):
        return [(value, UNSUPPORTED) for value in range(256) if value not in field.values][::37]
    if isinstance(field, Number) and not (isinstance(field, Parameter) and field.is_array(parameters)):
        low, high = resolved(field.low, parameters), resolved(field.high, parameters)
        bits = 8 * struct.calcsize(field.form)
        least, most = (0, 2**bits - 1) if field.form.isupper() else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        return [(value, VALUE) for value in sorted({low - 1, high + 1, least, most}) if least <= value <= most
                and not low <= value <= high]
    return []
