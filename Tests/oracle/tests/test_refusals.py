"""The corpus of faults, and what just is none."""

import numpy as np
import pytest

import reader
from faults import check, pool, proof_cases, recurrence
from faults import faults as every_fault
from interpreter import Network

FAULTS = list(every_fault())


@pytest.mark.parametrize("name, data, status, offset, what", FAULTS, ids=[fault[0] for fault in FAULTS])
def test_refusals(name, data, status, offset, what):
    check(name, data, status, offset)


@pytest.mark.parametrize("name, data, op, what", list(proof_cases(beyond=False)),
                         ids=[case[0] for case in proof_cases(beyond=False)])
def test_proof_just_holds(name, data, op, what):
    model = reader.parse(data)
    network = Network(model)
    for sample in (32767, -32768, 0):
        network.tick([sample] * len(model.channels))
        for i in network.currents:
            assert np.abs(network.values[i]).max() <= 2**31 - 1


def test_work_of_a_pool_just_fits():
    assert reader.parse(pool.pool_work(beyond=False).data).ops[1].parameters.work() == 2**24 * 15 * 17


def test_work_of_a_recurrence_just_fits():
    assert reader.parse(recurrence.work(beyond=False).data).ops[2].parameters.products == 51200
