"""Faults of the stream and its channels."""

from faults import bases
from faults.edits import CHANNELS, MALFORMED, STREAMS, UNSUPPORTED, VALUE


def faults():
    base = bases.plain()
    stream, place = base.start(STREAMS), base.length_field(STREAMS)
    yield "streams-0", base.with_payload(STREAMS, b""), MALFORMED, place, "streams section of 0 bytes"
    yield "streams-12", base.with_payload(STREAMS, base.payload(STREAMS)[:12]), MALFORMED, place, "12 bytes"
    yield "streams-20", base.with_payload(STREAMS, base.payload(STREAMS) + b"\0" * 4), MALFORMED, place, "20 bytes"
    yield "streams-2", base.with_payload(STREAMS, base.payload(STREAMS) * 2), UNSUPPORTED, place, "two streams"
    yield "stream-channels-0", base.edited((stream + 2, "H", 0)), VALUE, stream + 2, "no channels"
    yield "stream-rate-0", base.edited((stream + 4, "I", 0)), VALUE, stream + 4, "rate 0/1"
    yield "stream-rate-by-0", base.edited((stream + 8, "I", 0)), VALUE, stream + 8, "rate 50/0"
    for value in (10, 65535):
        yield f"stream-slot-{value}", base.edited((stream + 12, "H", value)), MALFORMED, stream + 12, "slot that does not exist"
    yield "stream-reserved", base.edited((stream + 14, "H", 1)), UNSUPPORTED, stream + 14, "reserved field of the stream"
    channels, place = base.payload(CHANNELS), base.length_field(CHANNELS)
    yield "channels-0", base.with_payload(CHANNELS, b""), MALFORMED, place, "channels section of 0 bytes"
    yield "channels-1", base.with_payload(CHANNELS, channels[:12]), MALFORMED, place, "one channel record for two"
    yield "channels-3", base.with_payload(CHANNELS, channels + channels[:12]), MALFORMED, place, "three channel records for two"
    yield "channels-20", base.with_payload(CHANNELS, channels[:20]), MALFORMED, place, "channels section of 20 bytes"
    for i in (0, 1):
        for part in (4, 8):
            place = base.channel(i) + part
            yield f"channel-{i}-scale-{part}", base.edited((place, "I", 0)), VALUE, place, f"0 in the scale of channel {i}"
