"""Networks of snnTorch, Norse, SpikingJelly, Sinabs, Rockpool and PyTorch as NIR files, with what they gave on a sample.

    import snnrt

    exported = snnrt.export(net, x, "net.nir", readout="sum")
    print(exported)

`snnrt.export` may be called: it is `snnrt.export.export`. The module is run on the sample and seen operation by operation, so that loops over time, skips, recurrence, BatchNorm and
Dropout need no attention. What a NIR file cannot say is refused by name.
"""

import sys
import types

from .errors import ExportError
from .exporting import Exported, export

__all__ = ["ExportError", "Exported", "export"]


class _Export(types.ModuleType):
    """This module, which may be called as the one function that it is there for."""

    def __call__(self, *arguments, **options) -> Exported:
        return export(*arguments, **options)


sys.modules[__name__].__class__ = _Export
