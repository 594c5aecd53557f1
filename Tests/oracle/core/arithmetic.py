"""The integer arithmetic of the format, for Python integers and int64 arrays, and CRC-32C."""

import numpy as np


def round_shift(value, shift):
    """rnd: (x + 2^(s−1)) >> s, x for s = 0."""
    return value if shift == 0 else (value + (1 << (shift - 1))) >> shift


def truncate_shift(value, shift):
    """tz: sign(x)·(|x| >> s)."""
    return np.sign(value) * (np.abs(value) >> shift)


def saturated(value):
    """sat16."""
    return np.minimum(np.maximum(value, -32768), 32767)


def wrapped(value):
    """The 32-bit number in two's complement that differs from each int64 by a multiple of 2^32."""
    return ((value + 2**31) & 0xFFFFFFFF) - 2**31


# --- CRC-32C: bytes in parallel lanes, then the lanes' remainders joined (the CRC is linear over GF(2)). ---


def _crc_step_table():
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = (table >> 1) ^ np.where(table & 1, np.uint32(0x82F63B78), np.uint32(0))
    return table


_STEP = _crc_step_table()
_STEP_LIST = _STEP.tolist()


def crc32c(data: bytes, crc: int = 0) -> int:
    """CRC-32C of `data`, going on from `crc`, the CRC of what stands before it."""
    remainder = crc ^ 0xFFFFFFFF
    lanes = 256
    lane_length = len(data) // lanes
    if lane_length >= 16:
        head = np.frombuffer(data, np.uint8, lanes * lane_length).reshape(lanes, lane_length).T
        parts = np.zeros(lanes, np.uint32)
        for column in np.ascontiguousarray(head):
            parts = (parts >> np.uint32(8)) ^ _STEP[(parts ^ column) & 255]
        # The effect of lane_length zero bytes on each bit of a remainder, as four tables of 256.
        powers = np.left_shift(np.uint32(1), np.arange(32, dtype=np.uint32))
        for _ in range(lane_length):
            powers = (powers >> np.uint32(8)) ^ _STEP[powers & 255]
        tables = []
        for i in range(4):
            table = np.zeros(256, np.uint32)
            for bit in range(8):
                table ^= np.where(np.arange(256) >> bit & 1, powers[8 * i + bit], np.uint32(0))
            tables.append(table.tolist())
        for part in parts.tolist():
            remainder = (tables[0][remainder & 255] ^ tables[1][remainder >> 8 & 255]
                         ^ tables[2][remainder >> 16 & 255] ^ tables[3][remainder >> 24] ^ part)
        data = data[lanes * lane_length:]
    for byte in data:
        remainder = (remainder >> 8) ^ _STEP_LIST[(remainder ^ byte) & 255]
    return remainder ^ 0xFFFFFFFF
