"""Operations at worst, worked out by hand (docs/format.md, "Operations at worst")."""

import numpy as np

import example
import reader
from interpreter import Network
from operations import opening_operations, tick_operations
from snnrt.file import ModelWriter


def test_of_the_example():
    """2 channels, input, dense 3×2, 3 LIF, dense 2×3, 2 LI, readout of 2 classes, no reset."""
    network = Network(reader.parse(example.example()))
    currents, ops = 3 + 2, (2 * 2, 2 + 6, 3, 3 + 6, 2, 2 * (1 + 4))
    assert tick_operations(network) == 2 + currents + sum(ops)
    parameters_and_weights = 8 * 28 + 64 + 48 + 6 * 4 + 6 * 2  # bits, and those of the state
    footprint = network.accounting()["network"]
    bits = footprint["footprintBits"] - footprint["stateBits"]
    assert bits < parameters_and_weights
    proof = (3 + 6 + 3 * 2) + (2 + 6 + 2 * 3)  # N + ops + P·R of either current
    assert opening_operations(network) == network.model.byte_count + 6 * (6 + 6) + bits // 8 + proof


def network_of(source, add, count):
    """A network whose op `add` reads `source` channels into a current of `count`."""
    model = ModelWriter()
    samples = model.stream("s", (1, 1), [("c", "", (1, 1))] * source)
    values, current = model.analog(source, bits=2), model.current(count)
    model.input(samples, values, [0] * source, [1] * source, 0)
    add(model, values, current)
    model.activation(current, model.analog(count, bits=2))
    model.output("o", model.readout(values, window=1), [str(i) for i in range(source)])
    return Network(reader.parse(model.build()))


def rest(source, count):
    """Channels, current, input, activation and readout."""
    return source + count + 2 * source + count + 5 * source


def test_places_of_a_kernel_where_there_is_nothing_count():
    """A kernel of 255 by 255 in strides of 255, of which one weight meets an element."""
    def add(model, values, current):
        model.convolution(values, current, (2, 2, 1), np.ones((1, 1, 255, 255), int), "int8", (255, 255), (253, 0, 253, 0))
    network = network_of(4, add, 1)
    taps = network.model.ops[1].parameters.taps
    assert tick_operations(network) == rest(4, 1) + 4 * (2 + 255 * 256) + taps
    assert network.model.ops[1].parameters.work() == taps == 4


def test_runs_without_synapses_count():
    def add(model, values, current):
        model.sparse(values, current, np.array([[0, 4000, 0, 1]]), "int8", delays=4096)
    network = network_of(3, add, 2)
    assert tick_operations(network) == rest(3, 2) + 3 * 4097 + 1


def test_rows_that_are_summed_anew_count():
    """A row of a block that serves all places, beside rows of their own: each place sums it again."""
    def add(model, values, current):
        model.block(values, current, np.ones((1, 64), int), "int8", groups=1)

    def add_both(model, values, current):
        model.block(values, current, np.ones((1, 1), int), "int8", groups=64)
        model.dense(values, current, np.ones((64, 64), int), "int8")
    one, both = network_of(64, add, 1), network_of(64, add_both, 64)
    base = [n.model.byte_count + len(n.model.ops) * (len(n.model.ops) + len(n.model.slots)) for n in (one, both)]
    bits = [n.accounting()["total"] for n in (one, both)]
    stored = [(b["parameterBits"] + b["storedWeightBits"]) // 8 for b in bits]
    assert opening_operations(one) == base[0] + stored[0] + 1 + 4 + 1 * 64
    assert opening_operations(both) == base[1] + stored[1] + 64 + 2 * 5 + 64 * (1 + 64)
