"""Traces and results of a model.

A trace is little-endian: magic b"SNNTRACE"; u32 version 1, frame count n, channels, slot count, state byte count
(full accounting), class count; u32 element count of each slot; n·channels i16 frames, padded to a multiple of 4;
then for each tick every slot's elements as i32, in order, as they stand after the tick; i32 1 when a result was
issued, else 0; i32 label; i32 scores (zeros without a result); the state block.
"""

import json
import struct

import numpy as np

from interpreter import Network
from operations import opening_operations, tick_operations


def trace(model, frames, tally):
    """Trace bytes and network after the last frame."""
    network = Network(model, full_accounting=True, tally=tally)
    counts = [slot.count for slot in model.slots]
    block_size = len(network.state_block())
    frame_bytes = frames.astype("<i2").tobytes()
    parts = [b"SNNTRACE", struct.pack(f"<{6 + len(counts)}I", 1, len(frames), frames.shape[1], len(counts), block_size,
                                      len(model.classes), *counts), frame_bytes, bytes(-len(frame_bytes) % 4)]
    for frame in frames:
        result = network.tick(frame)
        label, scores = result or (0, [0] * len(model.classes))
        parts.append(np.concatenate(network.slot_values()).astype("<i4").tobytes())
        parts.append(struct.pack(f"<{2 + len(scores)}i", result is not None, label, *scores))
        parts.append(network.state_block())
    return b"".join(parts), network


def results_only(model, frames):
    network = Network(model, full_accounting=True)
    parts = []
    for frame in frames:
        result = network.tick(frame)
        if result:
            parts.append(struct.pack(f"<{1 + len(result[1])}i", result[0], *result[1]))
    return b"".join(parts) + network.state_block(), network


def write_accounting(path, network):
    figures = network.accounting()
    figures["network"] |= {"operationsPerTick": tick_operations(network), "operationsToOpen": opening_operations(network)}
    path.write_text(json.dumps(figures, indent=1) + "\n")
