"""lif."""

import struct
from collections import Counter

import numpy as np

from interpreter import Network
from tests.support import Bench, column, lif_history, matrix


def test_lif_subtract():
    bench = Bench(1)
    target = bench.model.spikes(1)
    bench.model.lif(bench.identity(1), target, threshold=100, decay=16384, bias=-10, fraction_bits=1)
    network, trace = bench.run(target, [[60], [60], [-200], [0], [55]])
    # I = 2x − 10.  U: 110 (S) → R: 55 − 100 + 110 = 65 → 32 + (−410) = −378 → tz(−189) − 10 = −199
    #   → tz(−99.5) = −99 + 100 = 1
    assert trace == [[1], [0], [0], [0], [0]]
    assert network.ops[2].membrane.tolist() == [1]
    network.reset()
    seen = []
    for sample in (60, 60, -200, 0, 55):
        network.tick([sample])
        seen += network.ops[2].membrane.tolist()
    assert seen == [110, 65, -378, -199, 1]


def test_lif_threshold_is_exceeded_strictly_and_zero_resets():
    bench = Bench(1)
    target = bench.model.spikes(1)
    bench.model.lif(bench.identity(1), target, threshold=100, decay=32768, reset="zero")
    network, trace = bench.run(target, [[100], [1], [5], [200], [-7]])
    # U: 100 (no spike), 101 (spike), R: 0 + 5, 205 (spike), R: −7
    assert trace == [[0], [1], [0], [1], [0]]
    assert network.ops[2].membrane.tolist() == [-7]
    assert network.ops[2].membrane_updates == 5 and network.ops[2].events == 2


def test_next_tick_resets_at_equality():
    # zero, β = 1: U = 100 spikes and R follows: 0 + 1; 1 + 99 = 100 spikes; 0 + 1
    assert lif_history(column(100, 1, 99, 1), "membrane", threshold=100, decay=32768, reset="zero", comparison=">=") == [
        [1, 0, 1, 0], [100, 1, 100, 1]]
    # subtract: 100; 100 − 100 + 99 = 99; 99 + 1 = 100; 100 − 100 + 0
    assert lif_history(column(100, 99, 1, 0), "membrane", threshold=100, decay=32768, comparison=">=") == [
        [1, 0, 1, 0], [100, 99, 100, 0]]
    # zero, θ = 0: U = 0 ≥ 0 is R from the start; 0 spikes, −3 does not, and has no R: −3 + 2 = −1; 0 spikes
    assert lif_history(column(0, -3, 2, 1), "membrane", decay=32768, reset="zero", comparison=">=") == [
        [1, 0, 0, 1], [0, -3, -1, 0]]


def test_same_tick_resets():
    frames = column(100, 60, -30, 301, 0)
    common = dict(threshold=100, decay=16384)
    # subtract, >: 100; 50 + 60 = 110 − 100; 5 − 30 = −25; tz(−12.5) + 301 = 289 − 100; tz(94.5) = 94
    assert lif_history(frames, "membrane", **common, reset="subtract at once") == [[0, 1, 0, 1, 0], [100, 10, -25, 189, 94]]
    # subtract, ≥: 100 − 100; 60; 30 − 30; 301 − 100 = 201; tz(100.5) = 100 − 100
    assert lif_history(frames, "membrane", **common, reset="subtract at once", comparison=">=") == [
        [1, 0, 0, 1, 1], [0, 60, 0, 201, 0]]
    # zero, >: 100; 110 → 0; −30; −15 + 301 = 286 → 0; 0
    assert lif_history(frames, "membrane", **common, reset="zero at once") == [[0, 1, 0, 1, 0], [100, 0, -30, 0, 0]]
    # zero, ≥: 100 → 0; 60; 30 − 30 = 0; 301 → 0; 0
    assert lif_history(frames, "membrane", **common, reset="zero at once", comparison=">=") == [
        [1, 0, 0, 1, 0], [0, 60, 0, 0, 0]]


def test_same_tick_resets_at_the_corners():
    tally = Counter()
    # θ = 0: > spikes at 1, ≥ at 0 too; a subtraction of 0 leaves U.
    assert lif_history(column(0, 1, -2, 1), "membrane", decay=32768, reset="subtract at once") == [[0, 1, 0, 0], [0, 1, -1, 0]]
    assert lif_history(column(0, 1, -2, 1), "membrane", decay=32768, reset="subtract at once", comparison=">=") == [
        [1, 1, 0, 1], [0, 1, -1, 0]]
    # θ = L: > never spikes, ≥ does where V saturates: 30000; 60000 → 32767 − 32767; 30000
    common = dict(threshold=32767, decay=32768, reset="subtract at once")
    assert lif_history(column(30000, 30000, 30000), "membrane", **common, tally=tally) == [[0, 0, 0], [30000, 32767, 32767]]
    assert tally["saturated lif membrane 16"] == 2
    assert lif_history(column(30000, 30000, 30000), "membrane", **common, comparison=">=") == [[0, 1, 0], [30000, 0, 30000]]


def test_refractory_ticks_hold_the_membrane():
    frames, names = column(15, 50, 50, 20, 0), ("membrane", "refractory")
    # r = 2: 15 − 10 = 5; held, held; tz(2.5) + 20 = 22 − 10; held
    assert lif_history(frames, *names, threshold=10, decay=16384, reset="subtract at once", refractory=2) == [
        [1, 0, 0, 1, 0], [5, 5, 5, 12, 12], [2, 1, 0, 2, 1]]
    # r = 1, zero: 0; held; 50 → 0; held; 0
    assert lif_history(frames, *names, threshold=10, decay=16384, reset="zero at once", refractory=1) == [
        [1, 0, 1, 0, 0], [0, 0, 0, 0, 0], [1, 0, 1, 0, 0]]
    # r beyond the run
    assert lif_history(frames, *names, threshold=10, decay=16384, reset="zero at once", refractory=32767) == [
        [1, 0, 0, 0, 0], [0] * 5, [32767, 32766, 32765, 32764, 32763]]
    # Y goes on while U is held: 15, 65, 115, 135; tz(2.5) + 135 = 137 − 10
    assert lif_history(frames, "synapse", *names, threshold=10, decay=16384, synaptic_decay=32768, model="CuBa-LIF",
                       reset="subtract at once", refractory=2) == [
        [1, 0, 0, 1, 0], [15, 65, 115, 135, 135], [5, 5, 5, 127, 127], [2, 1, 0, 2, 1]]
    bench = Bench(1)
    bench.run_lif(threshold=10, reset="subtract at once", refractory=2)
    bench.history(frames)
    assert bench.network.ops[2].membrane_updates == 2  # 0 → 5, held twice, 5 → 10, held


def test_adaptive_threshold_rises_and_decays():
    frames, tally = column(20, 14, 14, 13, 12), Counter()
    common = dict(model="ALIF", threshold=10, threshold_decay=16384, threshold_step=8)
    # V is the sample (β = 0), A before the comparison 0; 4; 2; 5; tz(2.5) = 2, and 8 more where it is exceeded.
    # 20 > 10; 14 > 14 not; 14 > 12; 13 > 15 not; 12 > 12 not
    assert lif_history(frames, "adaptation", "membrane", **common, reset="zero at once", tally=tally) == [
        [1, 0, 1, 0, 0], [8, 4, 10, 5, 2], [0, 14, 0, 13, 12]]
    assert tally["held back by adaptation"] == 3
    # ≥, subtract: θ alone is subtracted. 14 ≥ 14: A = 12; 6: 14 ≥ 16 not; 3: 13 ≥ 13: A = 11; 5: 12 ≥ 15 not
    assert lif_history(frames, "adaptation", "membrane", **common, comparison=">=") == [
        [1, 1, 0, 1, 0], [8, 12, 6, 11, 5], [10, 4, 14, 3, 12]]
    # A decays in refractory ticks too: 8, then 4 (held), then 2: 14 > 12
    assert lif_history(frames, "adaptation", "refractory", **common, refractory=1) == [
        [1, 0, 1, 0, 0], [8, 4, 10, 5, 2], [1, 0, 1, 0, 0]]


def test_adaptive_threshold_per_neuron_and_saturated():
    tally = Counter()
    # neuron 0: κ = L, ρ = 1/2: 32767; 16383 < V: 16383 + 32767 → 32767.  Neuron 1: κ = 3, ρ = 1: 3, 6.
    history = lif_history([[32767, 10], [32767, 10]], "adaptation", model="ALIF", threshold=np.array([0, 1]), tally=tally,
                          threshold_decay=np.array([16384, 32768]), threshold_step=np.array([32767, 3]))
    assert history == [[[1, 1], [1, 1]], [[32767, 3], [32767, 6]]]
    assert tally["saturated lif adaptation 16"] == 1
    # 32-bit CuBa-ALIF, f = 15, κ = L = 2^30 − 1, ρ = 1/4: A falls to tz(L / 4) = 2^28 − 1. α = 1/2.
    history = lif_history(column(30000, 0, 0), "synapse", "adaptation", "membrane", model="CuBa-ALIF", width=32,
                          fraction_bits=15, synaptic_decay=16384, threshold_decay=8192, threshold_step=2**30 - 1, threshold=7)
    # Y: 30000·2^15, half, half.  θ + A: 7; 2^28 + 6 = 268435462 < 491520000; 2^28 + 6 > 245760000
    assert history == [[1, 1, 0], [983040000, 491520000, 245760000], [2**30 - 1, 2**30 - 1, 2**28 - 1],
                       [983040000 - 7, 491520000 - 7, 245760000]]


def test_graded_spikes():
    frame = [[30, 31, 100, 10, 9, -5]]
    # 2 bits, θ = 10: the k of 1, 2, 3 with V > 10k, or V ≥ 10k
    assert lif_history(frame, "membrane", bits=2, threshold=10, reset="subtract at once") == [
        [[2, 3, 3, 0, 0, 0]], [[10, 1, 70, 10, 9, -5]]]
    assert lif_history(frame, "membrane", bits=2, threshold=10, reset="subtract at once", comparison=">=") == [
        [[3, 3, 3, 1, 0, 0]], [[0, 1, 70, 0, 9, -5]]]
    assert lif_history(frame, "membrane", bits=2, threshold=10, reset="zero at once") == [
        [[2, 3, 3, 0, 0, 0]], [[0, 0, 0, 10, 9, -5]]]
    # 8 bits: smax = 255
    assert lif_history([[2550, 2551, 2561, 2560]], "membrane", bits=8, threshold=10, reset="subtract at once") == [
        [[254, 255, 255, 255]], [[10, 1, 11, 10]]]
    # θ = 0: every k or none
    assert lif_history([[1, 0, -1]], "membrane", bits=3, reset="subtract at once") == [[[7, 0, 0]], [[1, 0, -1]]]
    assert lif_history([[1, 0, -1]], "membrane", bits=3, reset="zero at once", comparison=">=") == [[[7, 7, 0]], [[0, 0, -1]]]
    # adaptive, ≥: 35 / 10 → 3, 5 left, A = 4 (one step); 28 / 14 → 2, 28 − 2·10 = 8 left, A = 8; 18 / 18 → 1
    assert lif_history(column(35, 28, 18), "membrane", "adaptation", bits=2, model="ALIF", threshold=10, comparison=">=",
                       threshold_decay=32768, threshold_step=4) == [[3, 2, 1], [5, 8, 8], [4, 8, 12]]


def test_graded_spikes_as_source():
    bench = Bench(2)
    bench.run_lif(bits=2, persistent=True, threshold=10, reset="zero at once")
    current, target = bench.model.current(1), bench.model.spikes(1)
    bench.model.dense(bench.target, current, matrix([5, -7]), "int8")
    bench.model.lif(current, target)
    network, trace = bench.run(bench.target, [[11, 11], [35, 0], [0, 25]], slot=current, window=3)
    # spikes (1, 1), (3, 0), (0, 2)
    assert trace == [[-2], [15], [-14]] and bench.results[2] == (0, [4, 3])
    figures = network.accounting()["ops"]
    dense = figures[3]
    assert (dense["sourceBits"], dense["events"], dense["effectiveACs"], dense["effectiveMACs"]) == (2, 4, 2, 2)
    assert dense["bb"] == 3 * 8 * 2 and dense["stateBitsReadPerTick"] == 2 * 2
    assert figures[2]["events"] == 4 and figures[2]["stateBitsWrittenPerTick"] == 2 * 2 + 2 * 16
    # The graded slot in the state block: two i16; then U of both populations and the scores, 0 again.
    assert network.state_parts()[8:] == struct.pack("<6h", 0, 2, 0, 0, -14, 0) + bytes(8)


def test_cuba_li():
    bench = Bench(1)
    target = bench.model.analog(1, 16, persistent=True, initial=-8)
    bench.model.lif(bench.identity(1), target, model="CuBa-LI", decay=16384, synaptic_decay=16384, fraction_bits=1)
    network, trace = bench.run(target, [[50], [0], [-3]])
    # Y: 100; 50; 25 − 6 = 19.  U: −4 + 100 = 96; 48 + 50 = 98; 49 + 19 = 68
    assert trace == [[96], [98], [68]] and network.ops[2].synapse.tolist() == [19]
    assert network.state_parts() == struct.pack("<IIhhhhi", 3, 0, 68, 0, 19, 0, 96 + 98 + 68)
    figures = network.accounting()["ops"][2]
    assert (figures["parameterBits"], figures["events"], figures["membraneUpdates"]) == (16 + 16 + 32, 3, 3)
    # current, U in its slot and Y; U is written once
    assert (figures["stateBitsReadPerTick"], figures["stateBitsWrittenPerTick"]) == (32 + 16 + 16, 16 + 16)


def test_state_and_accounting_of_an_adaptive_population():
    bench = Bench(2)
    bench.run_lif(3, True, model="CuBa-ALIF", threshold=10, threshold_step=6, threshold_decay=np.array([32768, 0]),
                  synaptic_decay=16384, refractory=4, comparison=">=")
    bench.history([[25, -1]], window=2)
    # position; spikes (2, 0); U (25 − 20, −1); Y; A; C; scores
    assert bench.network.state_parts() == struct.pack("<II2h2h2h2h2h2i", 1, 0, 2, 0, 5, -1, 25, -1, 6, 0, 4, 0, 2, 0)
    figures = bench.network.accounting()["ops"][2]
    assert figures["parameterBits"] == 16 + 16 + 16 + 32 + 2 * 16 + 16  # β, α, θ, b, ρ of each, κ
    assert figures["stateBitsReadPerTick"] == 2 * 32 + 4 * 2 * 16 and figures["stateBitsWrittenPerTick"] == 2 * 3 + 4 * 2 * 16
    fresh = Network(bench.network.model, full_accounting=True)
    bench.network.reset()
    assert bench.network.state_parts() == fresh.state_parts()


def test_cuba_lif():
    bench = Bench(1)
    target = bench.model.spikes(1)
    bench.model.lif(bench.identity(1), target, threshold=np.array([300]), decay=np.array([29491]), synaptic_decay=16384,
                    model="CuBa-LIF")
    network, _ = bench.run(target, [[201]])
    states = [(network.ops[2].synapse[0], network.ops[2].membrane[0])]
    for sample in (50, -400, 0):
        network.tick([sample])
        states.append((network.ops[2].synapse[0], network.ops[2].membrane[0]))
    # Y: 201; 100 + 50 = 150; 75 − 400 = −325; tz(−162.5) = −162.
    # U: 201; tz(201·29491 / 2^15) = 180 (180.9…), + 150 = 330 spikes; R: tz(296.99…) = 296 − 300 − 325 = −329;
    #    tz(−296.09…) = −296 − 162 = −458
    assert states == [(201, 201), (150, 330), (-325, -329), (-162, -458)]


def test_li_and_saturation_of_state():
    bench = Bench(2)
    target = bench.model.analog(2, 16, persistent=True, initial=-5)
    bench.model.lif(bench.identity(2), target, model="LI", decay=np.array([16384, 32768]), fraction_bits=15)
    tally = Counter()
    network, trace = bench.run(target, [[0, 0], [1, -1], [1, -1], [0, 2]], tally=tally)
    # tz(−2.5) = −2 and −5; I = ±2^15 → clamp ±32767: −1 + 32767 = 32766; −5 − 32767 → −32767;
    # 16383 + 32767 → 32767; −65534 → −32767; 16383; I = 65536 → 32767: −32767 + 32767 = 0
    assert trace == [[-2, -5], [32766, -32767], [32767, -32767], [16383, 0]]
    assert tally["saturated lif input 16"] == 5 and tally["saturated lif membrane 16"] == 3
    assert network.ops[2].events == 7 and network.ops[2].membrane_updates == 1 + 2 + 1 + 2


def test_period_of_a_population():
    bench = Bench(4)
    bench.run_lif(threshold=np.array([10, 20]), bias=np.array([0, 5]), reset="zero at once", period=2)
    spikes, membrane = bench.history([[15, 15, 21, 16]], "membrane")
    assert spikes == [[1, 0, 1, 1]] and membrane == [[0, 20, 0, 0]]
    assert bench.network.accounting()["ops"][2]["parameterBits"] == 16 + 2 * 16 + 2 * 32
    # Of an adaptive threshold too; a period of 1 is shared.
    bench = Bench(4)
    bench.run_lif(model="CuBa-ALIF", threshold=3, synaptic_decay=np.array([32768]), threshold_step=np.array([9]), period=1)
    _, adaptation = bench.history([[1, 4, 5, 3]], "adaptation")
    assert adaptation == [[0, 9, 9, 0]]
