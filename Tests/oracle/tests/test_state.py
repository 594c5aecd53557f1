"""The state block and the accounting of whole networks."""

import struct

import example
import reader
from interpreter import Network
from tests.support import Bench


def test_state_block():
    bench = Bench(3)
    spikes = bench.model.spikes(3, persistent=True)
    bench.model.lif(bench.identity(3), spikes, threshold=5, decay=32768, model="CuBa-LIF")
    network, _ = bench.run(spikes, [[7, -1, 9]], window=3)
    expected = struct.pack("<II", 1, 0)  # window position
    expected += struct.pack("<II", 2, 0b101)  # persistent spikes: two ones
    expected += struct.pack("<4h", 7, -1, 9, 0) * 2  # U and Y, each padded to 4
    expected += struct.pack("<3i", 1, 0, 1)  # scores
    assert network.state_parts() == expected and len(expected) == 44
    expected += bytes(4) + struct.pack("<QQII", 1, 0, 0, 0)
    # events, ACs, MACs, updates of input, dense, lif, readout; the identity has one nonzero weight in each run
    expected += struct.pack("<16Q", 3, 0, 3, 0, 3, 0, 3, 0, 2, 0, 0, 3, 2, 0, 0, 0)
    assert network.state_block() == expected
    plain = Network(network.model)
    plain.tick([7, -1, 9])
    assert plain.state_block() == expected[:72] + struct.pack("<4Q", 3, 3, 2, 2)


def test_reset_and_usage():
    network = Network(reader.parse(example.example()), full_accounting=True)
    fresh = network.state_block()
    for frame in example.FRAMES[:3]:
        network.tick(frame)
    usage = network.state_block()[32:]
    network.reset()
    assert network.state_block() == fresh[:32] + usage
    network.reset_usage()
    assert network.state_block() == fresh


def test_accounting_of_the_example():
    """Two ticks of the example (T = 2), each figure worked out in the comment."""
    network = Network(reader.parse(example.example()), full_accounting=True)
    for frame in example.FRAMES[:2]:
        network.tick(frame)
    figures = network.accounting()

    def of(key):
        return [op[key] for op in figures["ops"]]
    # input: samples (400, 0), (400, −100); dense: x (100, 0), (100, −25); spikes: neuron 0, then 0 and 2;
    # LI: both outputs in both ticks
    assert of("events") == [3, 3, 3, 3, 4, 4]
    assert of("synapses") == [2, 6, 0, 6, 0, 0] and of("operationsPerEvent") == [1, 3, 0, 2, 0, 0]
    assert of("bb") == [2 * 16 * 16, 2 * 4 * 8, 0, 2 * 2 * 1, 0, 0]
    assert of("sACE") == [2 * 256 * 2, 6 * 32 * 2, 0, 6 * 2 * 2, 0, 0]
    assert of("synapticOperations") == [3, 9, 0, 6, 0, 0] and of("nsACE") == [3 * 256, 9 * 32, 0, 6 * 2, 0, 0]
    assert of("effectiveMACs") == [3, 9, 0, 0, 0, 0] and of("effectiveACs") == [0, 0, 0, 4, 0, 0]  # neuron 2: weights 0
    assert of("membraneUpdates") == [0, 0, 6, 0, 4, 0]
    assert of("zeroWeights") == [0, 0, 0, 2, 0, 0] and of("weights") == [0, 6, 0, 6, 0, 0]
    assert of("parameterBits") == [64, 0, 16 + 16 + 32, 0, 16 + 32, 0]
    assert of("modelBitsRead") == [2 * 64 + 16 * 3, 4 * 9, 2 * 64, 2 * 6, 2 * 48, 0]
    assert of("stateBitsReadPerTick") == [32, 16, 3 * 32 + 3 * 16, 3, 2 * 32 + 2 * 16, 2 * 16 + 2 * 32]
    assert of("stateBitsWrittenPerTick") == [16, 96, 3 + 48, 64, 32, 64]
    # state: 8 bytes, LI slot 4, U 3 · 2 padded to 8, scores 8
    assert figures["network"]["stateBits"] == 8 * 28
    assert figures["network"]["footprintBits"] == 64 + 64 + 48 + 6 * 4 + 6 * 2 + 8 * 28
    assert (figures["network"]["lifEvents"], figures["network"]["neuronTicks"]) == (7, 10)
    assert figures["total"]["events"] == 20 and figures["total"]["denseOperationsPerTick"] == 14
