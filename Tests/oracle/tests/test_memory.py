"""memory."""

import numpy as np

from tests.support import Bench, matrix


def test_memory():
    bench = Bench(2)
    target = bench.model.analog(4, 16, persistent=True, initial=4)
    bench.model.memory(bench.identity(2), target, matrix([3, -1], [0, 2]), np.array([5, -5]), "int8", state_bits=1,
                       input_bits=2, bias=np.array([0, 1]), fraction_bits=1)
    network, trace = bench.run(target, [[1, 0], [0, 0]])
    # u = 2x + b = 2; 1.   A·m = 3·4 − 4 = 8; 8, rnd(, 1) = 4; 4.   B·u = 10; −10 → rnd(, 2) = (10 + 2) >> 2 = 3;
    # −8 >> 2 = −2; and 5; −5 → 7 >> 2 = 1; −3 >> 2 = −1.
    assert trace[0] == [4 + 3, 4 - 2, 4 + 1, 4 - 1]
    # m = (7, 2): 21 − 2 = 19 → 20 >> 1 = 10; 4 → 2.  (5, 3): 12 → 6; 6 → 3.  u = 0; 1.
    assert trace[1] == [10, 2, 6 + 1, 3 - 1]
    figures = network.accounting()["ops"][2]
    # events: 4 + 2 units, then 4 + 1; 2 operations each; nonzero: column 0 has 1, column 1 has 2, B has 2
    assert (figures["events"], figures["synapticOperations"]) == (11, 22)
    assert (figures["effectiveACs"], figures["effectiveMACs"]) == (0, 2 * (1 + 2 + 1 + 2) + 3 * 2)
    assert (figures["synapses"], figures["zeroWeights"], figures["parameterBits"]) == (12, 2, 64)
    assert (figures["stateBitsReadPerTick"], figures["stateBitsWrittenPerTick"]) == (2 * 32 + 64, 64)
