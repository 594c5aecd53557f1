"""Independent reader and validator of snnrt model files, written from docs/format.md alone.

`parse(data)` gives a `Model` or raises `Refused` with the status and offset of the first fault. Floors, from below:
core (fields, slots, arrays), ops (one module each), reader, interpreter.
"""

from enum import IntEnum

from core.arithmetic import crc32c
from core.slots import SlotType
from core.status import Refused, Status
from ops import BY_KIND

from .container import DATA, NAMES, PARAMETERS, Container
from .model import Model, Op
from .proof import prove
from .records import read_channels, read_ops, read_slots, read_stream
from .results import read_outputs, read_self_test
from .wiring import bound_work, check_wiring

__all__ = ["DATA", "NAMES", "PARAMETERS", "PROJECTIONS", "Kind", "Model", "Op", "Refused", "SlotType", "Status", "crc32c",
           "parse", "prove"]
Kind = IntEnum("Kind", {op.name.upper(): kind for kind, op in sorted(BY_KIND.items())})
PROJECTIONS = (Kind.DENSE, Kind.BLOCK, Kind.SPARSE, Kind.CONVOLUTION)


def parse(data: bytes) -> Model:
    """The model in `data` (bytes beyond its file length are ignored), or `Refused` at the first fault."""
    file = Container(data)
    model = Model(sections=file.sections, byte_count=len(file.data))
    read_stream(file, model)
    read_channels(file, model)
    read_slots(file, model)
    read_ops(file, model)
    bound_work(model)
    check_wiring(model)
    read_outputs(file, model)
    read_self_test(file, model)
    prove(model.slots, model.ops)
    model.metadata = file.metadata()
    return model
