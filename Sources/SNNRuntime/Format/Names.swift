// What a model says to the world outside: names, streams, channels, self-test (docs/format.md, "Names", "Streams and
// channels", "Self-test", "Metadata").

/// One channel of a stream.
public struct Channel {
    /// NUL-terminated UTF-8 in the file.
    public let name: UnsafePointer<UInt8>
    public let unit: UnsafePointer<UInt8>
    /// One count of a raw sample is numerator / denominator units.
    public let scaleNumerator: UInt32
    public let scaleDenominator: UInt32
}

/// The input a file carries to prove itself.
public struct SelfTest {
    public let frameCount: UInt32
    /// Output checksum that a fresh network must reach.
    public let checksum: UInt32
    /// frameCount × channelCount raw samples, frame after frame.
    public let frames: UnsafePointer<Int16>
}

extension FileView {
    /// The string behind the name reference stored at `offset`.
    func name(at offset: UInt32) -> UnsafePointer<UInt8> {
        (base + index(section(.names).offset &+ u16(offset))).assumingMemoryBound(to: UInt8.self)
    }

    func channel(_ number: UInt32) -> Channel {
        let record = section(.channels).offset &+ Record.Channel.byteCount &* number
        return Channel(
            name: name(at: record &+ Record.Channel.name), unit: name(at: record &+ Record.Channel.unit),
            scaleNumerator: u32(record &+ Record.Channel.scaleNumerator),
            scaleDenominator: u32(record &+ Record.Channel.scaleDenominator))
    }

    var channelCount: UInt32 { u16(section(.streams).offset &+ Record.Stream.channelCount) }
    var samplesSlot: UInt32 { u16(section(.streams).offset &+ Record.Stream.slot) }
    var classCount: UInt32 { u16(section(.outputs).offset &+ Record.Outputs.classCount) }
    var readoutIndex: UInt32 { u16(section(.outputs).offset &+ Record.Outputs.op) }

    /// Nil where the file carries none.
    var selfTest: SelfTest? {
        let range = section(.selfTest)
        if !range.isPresent { return nil }
        return SelfTest(
            frameCount: u32(range.offset &+ Record.SelfTest.frameCount),
            checksum: u32(range.offset &+ Record.SelfTest.checksum),
            frames: (base + index(range.offset &+ Record.SelfTest.frames)).assumingMemoryBound(to: Int16.self))
    }

    // MARK: Checks

    @inline(never)
    func checkNames() throws(Refusal) {
        let range = section(.names)
        if range.byteCount == 0 || range.byteCount > 65535 { throw Refusal(.malformed, at: range.lengthField) }
        if u8(range.offset) != 0 { throw Refusal(.malformed, at: range.offset) }
        let last = range.offset &+ range.byteCount &- 1
        if u8(last) != 0 { throw Refusal(.malformed, at: last) }
        for at in range.offset...last {
            let byte = u8(at)
            if (byte > 0 && byte < 0x20) || byte == 0x7f { throw Refusal(.badValue, at: at) }
        }
    }

    /// The one stream and its channels.
    @inline(never)
    func checkStreams() throws(Refusal) {
        let streams = section(.streams)
        let (count, rest) = quotient(streams.byteCount, Record.Stream.byteCount)
        if rest != 0 || count != 1 {
            throw Refusal(rest != 0 || count == 0 ? .malformed : .unsupported, at: streams.lengthField)
        }
        try check(Record.Stream.fields.span, at: streams.offset)
        let channels = section(.channels)
        if channels.byteCount != Record.Channel.byteCount &* channelCount {
            throw Refusal(.malformed, at: channels.lengthField)
        }
        for number in 0..<channelCount {
            try check(Record.Channel.fields.span, at: channels.offset &+ Record.Channel.byteCount &* number)
        }
    }

    @inline(never)
    func checkSelfTest() throws(Refusal) {
        let range = section(.selfTest)
        if !range.isPresent { return }
        if range.byteCount < Record.SelfTest.frames { throw Refusal(.malformed, at: range.lengthField) }
        let (samples, overflow) = u32(range.offset).multipliedReportingOverflow(by: channelCount)
        if overflow || samples > 0x7fff_ffff || range.byteCount &- Record.SelfTest.frames != 2 &* samples {
            throw Refusal(.malformed, at: range.lengthField)
        }
    }
}
