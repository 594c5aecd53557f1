"""activation."""

import re
import struct
from collections import Counter
from math import exp, tanh

import numpy as np

from core.arithmetic import round_shift
from ops.activation import TANH, interpolated
from tests.support import ROOT, Bench, column, matrix

DOCUMENT = ROOT / "docs" / "format.md"


def activations(samples, bits, function, **arguments):
    bench, tally = Bench(len(samples)), Counter()
    target = bench.model.analog(len(samples), bits)
    bench.model.activation(bench.identity(len(samples)), target, function, **arguments)
    network, trace = bench.run(target, [samples], tally=tally)
    return trace[0], network, tally


def test_clip():
    common = dict(bias=2, shift=2, low=-5, high=31)
    # 12·3 = 36 → 9; −24 → (−24 + 2) >> 2 = −6 → −5; 306 → 77 → 31; 0
    values, network, tally = activations([10, -10, 100, -2], 6, "clip", multiplier=3, **common)
    assert values == [9, -5, 31, 0] and tally["saturated activation clip"] == 2
    figures = network.accounting()
    assert (figures["ops"][2]["parameterBits"], figures["ops"][2]["neurons"], figures["ops"][2]["events"]) == (64, 4, 3)
    assert (figures["network"]["lifEvents"], figures["network"]["neuronTicks"]) == (3, 4)
    # a period of 2: m = 4, −4, 4, −4
    values, network, _ = activations([10, -10, 1, 1], 6, "clip", multiplier=np.array([4, -4]), period=2, **common)
    assert values == [12, 8, 3, -3] and network.accounting()["ops"][2]["parameterBits"] == 32 * 3
    # 2^31 − 1 − 32767 and 32767, times 2^31 − 1, by 2^47: 2^15 − …
    values, _, _ = activations([1], 16, "clip", multiplier=2**31 - 1, bias=2**31 - 1 - 32769, shift=47, low=-32767, high=32767)
    # (2147450879·2147483647 + 2^46) >> 47 = 32767.5… + 0.5 − a little
    assert values == [min(32767, (2147450879 * 2147483647 + 2**46) >> 47)]
    values, _, _ = activations([-3, 5, 0], 2, "clip", low=1, high=1)
    assert values == [1, 1, 1]


def test_tanh():
    samples = [0, 4096, 64, -64, 32767, -4160, -32767]
    # i = 32: 24956; half of 1024; 32768 → limit; −(24956 + rnd(420·64, 7) = 210)
    values, _, tally = activations(samples, 16, "tanh")
    assert values == [0, 24956, 512, -512, 32767, -25166, -32767] and tally["saturated activation"] == 2
    # 8 bits: (24956 + 128) >> 8 = 97; 2.5 → 2; −1.5 → −2; 128 → 127; (−25166 + 128) >> 8 = −98; −128 → −127
    assert activations(samples, 8, "tanh")[0] == [0, 97, 2, -2, 127, -98, -127]
    # z = 65534 → 32767
    values, _, tally = activations([32767, -20000], 16, "tanh", multiplier=2)
    assert values == [32767, -32767] and tally["saturated activation argument"] == 2


def test_sigmoid():
    # 0: 1/2; 8192 is 2: (32768 + 24956 + 1) >> 1 = 28862; (32768 − 24956 + 1) >> 1 = 3906
    assert activations([0, 8192, -8192], 16, "sigmoid")[0] == [16384, 28862, 3906]
    # in 2 bits: 24576 >> 14 = 1; 37054 >> 14 = 2 → 1; 12098 >> 14 = 0
    assert activations([0, 8192, -8192], 2, "sigmoid")[0] == [1, 1, 0]


def test_the_table_of_tanh_and_its_errors():
    rows = re.findall(r"^\| \d+ \| ([\d ]+) \|$", DOCUMENT.read_text().split("## 19 ")[-1], re.MULTILINE)
    table = [int(word) for row in rows for word in row.split()]
    assert table == TANH.tolist() == [round(32768 * tanh(i / 32)) for i in range(257)]
    values = np.arange(-32767, 32768)
    found = interpolated(values, 7)
    assert max(abs(y - 32768 * tanh(v / 4096)) for v, y in zip(values.tolist(), found.tolist())) < 4
    inner = round_shift(32768 + interpolated(values, 8), 1)
    assert max(abs(y - 32768 / (1 + exp(-v / 4096))) for v, y in zip(values.tolist(), inner.tolist())) < 2.5


def test_recurrent_activation_reads_last_tick():
    bench = Bench(1)
    current, target = bench.model.current(1), bench.model.analog(1, 16, persistent=True, initial=7)
    bench.model.dense(bench.values, current, matrix([1]), "int8")
    bench.model.dense(target, current, matrix([2]), "int8")
    bench.model.activation(current, target, low=-100, high=100)
    network, trace = bench.run(target, column(1, -40, 70))
    assert trace == [[15], [-10], [50]]
    # position, entries, the slot, scores: an activation has no other state
    assert network.state_parts() == struct.pack("<IIhhi", 3, 0, 50, 0, 55)
