"""Networks of snnTorch, Norse, SpikingJelly, Sinabs, Rockpool and PyTorch as NIR files, with what they gave on a sample.

    from snnrt.export import export

    exported = export(net, x, "net.nir", readout="sum")
    print(exported)

The module is run on the sample and seen operation by operation, so that loops over time, skips, recurrence, BatchNorm and
Dropout need no attention. What a NIR file cannot say is refused by name.
"""

from .errors import ExportError
from .exporting import Exported, export

__all__ = ["ExportError", "Exported", "export"]
