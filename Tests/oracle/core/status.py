"""The statuses of a refusal, and the one way to refuse."""

from enum import IntEnum

import numpy as np


class Status(IntEnum):
    NOT_A_MODEL = -3
    NEWER_VERSION = -4
    UNSUPPORTED_ARITHMETIC = -5
    TRUNCATED = -6
    DAMAGED = -7
    MALFORMED = -8
    UNSUPPORTED = -9
    BAD_WIRING = -10
    BAD_VALUE = -11
    MAY_OVERFLOW = -12
    NO_SELF_TEST = -20
    SELF_TEST_FAILED = -21


class Refused(Exception):
    """The model is refused: `status` (a negative int), `offset` in the file, `reason` for people."""

    def __init__(self, status: int, offset: int, reason: str):
        super().__init__(f"{Status(status).name} at {offset}: {reason}")
        self.status, self.offset, self.reason = int(status), int(offset), reason


def check(holds, status, offset, reason):
    if not holds:
        raise Refused(status, offset, reason)


def first_fault(faulty, status, offset, stride, reason):
    """Refuse at the first true element of `faulty`, whose elements lie `stride` bytes apart from `offset`."""
    if faulty.any():
        raise Refused(status, offset + stride * int(np.argmax(faulty)), reason)
