"""loihi."""

import struct
from collections import Counter

import numpy as np
import pytest

import reader
from interpreter import Network
from tests.support import Bench, Chip, column, loihi_history, matrix, shared


def test_loihi_decays_toward_zero():
    # δu = 2048 (the chip's du 2047), δv = 1024.  u: 320; 160 − 448 = −288; −144; −72.
    # v: 320; 240 − 288 = −48; −36 − 144 = −180; −135 − 72 = −207
    assert loihi_history((5, -7, 0, 0), threshold=10000, current_decay=2048, voltage_decay=1024) == [
        [0] * 4, [320, -288, -144, -72], [320, -48, -180, -207]]
    # tz: 64·4095 >> 12 = 63, 62; −64 → −63, −62. v forgets at once (δv = 4096): V = u + b
    history = loihi_history((1, 0, 0), threshold=10000, current_decay=1, voltage_decay=4096, bias=1)
    assert history[1:] == [[64, 63, 62], [65, 64, 63]]
    assert loihi_history((-1, 0, 0), threshold=10000, current_decay=1, voltage_decay=4096)[1:] == [[-64, -63, -62]] * 2


def test_loihi_of_the_published_single_neuron():
    """dv 163, weight 10, vth 25, du 4095: v += 640 at each spike, 25·64 = 1600."""
    # 640; 640·3933 >> 12 = 614, 1254; 1254·3933 >> 12 = 1204, 1844 > 1600 → 0 (u stays); 640
    assert loihi_history((10, 10, 10, 10), threshold=1600, current_decay=4096, voltage_decay=163) == [
        [0, 0, 1, 0], [640] * 4, [640, 1254, 0, 640]]


def test_loihi_comparison():
    tally = Counter()
    common = dict(threshold=640, current_decay=4096, voltage_decay=4096, tally=tally)
    assert loihi_history((10, 11), **common) == [[0, 1], [640, 704], [640, 0]]
    assert loihi_history((10, 9), comparison=">=", **common) == [[1, 0], [640, 576], [0, 576]]
    assert (tally["loihi equal 0"], tally["loihi equal 1"]) == (1, 1)
    # θ = 0
    assert loihi_history((0, 1), threshold=0)[0] == [0, 1] and loihi_history((0, 1), threshold=0, comparison=">=")[0] == [1, 1]


def test_loihi_weight_exponent():
    # −7 >> 2 = −2, 7 >> 2 = 1; −1 >> 8 = −1, 255 >> 8 = 0
    forget = dict(threshold=2**23 - 1, current_decay=4096, voltage_decay=4096)
    for exponent, samples, expected in ((3, (5, -5), (40, -40)), (7, (1, -1), (128, -128)), (0, (5, -5), (5, -5)),
                                        (-2, (7, -7), (1, -2)), (-8, (255, -1), (0, -1)), (-8, (256, -256), (1, -1))):
        assert loihi_history(samples, exponent=exponent, **forget)[1] == [64 * value for value in expected]


def test_loihi_wraps_its_current_and_clamps_its_voltage():
    tally = Counter()
    common = dict(threshold=2**23 - 1, tally=tally)
    # e = 2: 32767·4·64 = 8388352 = 2^23 − 256; once more: 2^24 − 512 → −512; v: 2^23 − 256; less 512
    assert loihi_history((32767, 32767), exponent=2, **common) == [[0, 0], [2**23 - 256, -512], [2**23 - 256, 2**23 - 768]]
    assert tally["loihi wraps above"] == 1
    # 2^23 itself is kept, 2^23 + 64 is −2^23 + 64; V is clamped to 2^23 − 1, which is not above θ
    assert loihi_history((32767, 1, 1), exponent=2, **common)[1:] == [
        [2**23 - 256, 2**23, 2**8 - 2**23], [2**23 - 256, 2**23 - 1, 2**8 - 1]]
    assert tally["loihi clamped above"] == 1
    # −2^23 is not kept: it is 2^23. V: 256 − 2^23; 256 clamps
    assert loihi_history((-32767, -1, 0), exponent=2, **common)[1:] == [
        [256 - 2**23, 2**23, 2**23], [256 - 2**23, 256, 2**23 - 1]]
    assert tally["loihi wraps below"] == 1
    assert loihi_history((0, 0), bias=1 - 2**30, tally=tally)[2] == [1 - 2**23] * 2 and tally["loihi clamped below"] == 2
    assert loihi_history((0, 0), bias=2**30 - 1, comparison=">=", threshold=2**23 - 1)[0] == [1, 1]


def test_loihi_wraps_more_than_once():
    bench = Bench(1)
    current, target = bench.model.current(1), bench.model.spikes(1)
    bench.model.dense(bench.values, current, matrix([16]), "int8", "left", 5)
    bench.model.loihi(current, target, exponent=0, threshold=2**23 - 1)
    bench.target = target
    # 32767·512·64 = 2^30 − 2^15 is 64·2^24 − 2^15
    network, _ = bench.run(target, column(32767))
    assert network.ops[2].current.tolist() == [-2**15]


def test_loihi_per_neuron_and_period():
    bench = Chip(4)
    bench.loihi(current_decay=np.array([4096, 0]), voltage_decay=np.array([0, 4096]), threshold=np.array([100, 64]),
                bias=np.array([0, -64]), exponent=0, period=2)
    spikes, current, membrane = bench.history([[1, 2, 2, 3], [1, 0, 0, 0]], "current", "membrane")
    # neurons 0 and 2: u forgets, v keeps: 64, 128 > 100.  1 and 3: u keeps, v forgets: 128 − 64; 192 − 64 > 64
    assert current == [[64, 128, 128, 192], [64, 128, 0, 192]]
    assert spikes == [[0, 0, 1, 1], [1, 0, 0, 1]] and membrane == [[64, 64, 0, 0], [0, 64, 0, 0]]
    figures = bench.network.accounting()
    loihi = figures["ops"][2]
    assert loihi["parameterBits"] == 2 * (16 + 16 + 32 + 32) and loihi["modelBitsRead"] == 2 * loihi["parameterBits"]
    assert (loihi["events"], loihi["neurons"], loihi["synapses"], loihi["weights"]) == (4, 4, 0, 0)
    # v: 0 → 64 64 0 0 → 0 64 0 0
    assert loihi["membraneUpdates"] == 2 + 1
    # current, u and v; spikes, u and v
    assert (loihi["stateBitsReadPerTick"], loihi["stateBitsWrittenPerTick"]) == (4 * 32 + 2 * 4 * 32, 4 + 2 * 4 * 32)
    assert (figures["network"]["lifEvents"], figures["network"]["neuronTicks"]) == (4, 8)
    # position, entries; two spikes of neurons 0 and 3; u, v; scores
    assert bench.network.state_parts() == struct.pack("<IIII8i4i", 2, 0, 2, 0b1001, 64, 128, 0, 192, 0, 64, 0, 0, 1, 0, 1, 2)
    bench.network.reset()
    assert bench.network.state_parts() == bytes(len(bench.network.state_parts()))


def test_loihi_recurrent_and_a_tick_late():
    bench = Bench(1)
    current, target = bench.model.current(1), bench.model.spikes(1, persistent=True)
    late = bench.model.spikes(1, persistent=True)
    second = bench.model.current(1)
    bench.model.dense(target, second, matrix([5]), "int4")  # above the writer: the spikes of the tick before
    bench.model.loihi(second, late, threshold=300, current_decay=4096, voltage_decay=4096)
    bench.model.dense(bench.values, current, matrix([1]), "int8")
    bench.model.dense(target, current, matrix([-50]), "int8")
    bench.model.loihi(current, target, threshold=640, current_decay=4096, voltage_decay=4096)
    bench.model.output("o", bench.model.readout(late, 9), ["c"])
    network = Network(reader.parse(bench.model.build()))
    spikes = []
    for sample in (20, 20, 20, 0):
        network.tick([sample])
        spikes.append((network.values[target][0], network.values[late][0]))
    assert spikes == [(1, 0), (0, 1), (1, 0), (0, 1)]


def late_loihi(weights, frames, **arguments):
    """Spikes and v, (ticks, neurons) each, of a population that gets the frames, of zeros and ones, through the
    weights a tick late."""
    count, channels = np.shape(weights)
    bench = Chip(channels)
    ones, late = bench.model.analog(channels, 2), bench.model.analog(channels, 2)
    current, target = bench.model.current(count), bench.model.spikes(count)
    bench.model.input(bench.samples, ones, [0] * channels, [1] * channels, 0)
    bench.model.delay(ones, late, 1)
    bench.model.dense(late, current, weights, "int16")
    bench.model.loihi(current, target, **arguments)
    network, _ = bench.run(target, [])
    spikes, membrane = [], []
    for frame in frames:
        network.tick(frame)
        spikes.append(network.values[target])
        membrane.append(network.ops[4].membrane)
    return np.array(spikes), np.array(membrane)


@pytest.mark.parametrize("name", ["lava_cpu_fixed", "lava_loihi_fixed"])
def test_loihi_equals_lava(name):
    """A single neuron over 1,000 ticks: dv 163, weight 10, vth 25. Columns: input, voltage, spike."""
    samples, voltage, fired = np.loadtxt(shared(f"nir/lif-traces/lif_{name}.csv"), delimiter=",").astype(int).T
    spikes, membrane = late_loihi(matrix([10]), samples[:, None], threshold=25 << 6, current_decay=4096, voltage_decay=163)
    assert spikes[:, 0].tolist() == fired.tolist()
    # The chip's probe shows another voltage where it spikes.
    shown = (fired == 0) | (name == "lava_cpu_fixed")
    assert membrane[shown, 0].tolist() == voltage[shown].tolist()


def test_loihi_layer_equals_lava():
    """200 → 256 neurons over 2,000 ticks, iDecay 4096, vDecay 415, vth 6."""
    weights, frames, golden = (np.load(shared(f"lava-dl/oxford/{name}.npy")).astype(int) for name in ("weight", "in", "out"))
    spikes, _ = late_loihi(weights, frames.T, threshold=6 << 6, current_decay=4096, voltage_decay=415)
    assert golden.any() and np.array_equal(spikes, golden.T)
