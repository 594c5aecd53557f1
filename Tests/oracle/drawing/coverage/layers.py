"""Programs that are networks of layers, and count only where every population fires."""

from ops.lif import LifOp
from ops.loihi import LoihiOp
from ops.xylo import XyloOp

LAYERED = ("spiking cnn", "delay network", "loihi cnn", "loihi network", "xylo network", "legendre network")


def is_layered(shape):
    """Whether a program of this shape counts only where every population fires."""
    return shape in LAYERED


def fires_everywhere(network):
    return all(op.events * 100 >= 2 * op.neurons * network.ticks for op in network.ops
               if isinstance(op, (LifOp, LoihiOp, XyloOp)))
