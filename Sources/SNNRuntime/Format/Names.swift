// What a model says to the world outside: names, streams, channels, outputs, self-test
// (format.md sections 4, 5, 10 and 11).

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

extension Model {
    // MARK: Access

    /// The string behind the name reference stored at `offset`.
    private func name(at offset: UInt32) -> UnsafePointer<UInt8> {
        (base + index(section(.names).offset &+ u16(offset))).assumingMemoryBound(to: UInt8.self)
    }

    /// - Parameter number: 0 … channelCount − 1.
    public func channel(_ number: UInt32) -> Channel {
        let record = section(.channels).offset &+ 12 &* number
        return Channel(
            name: name(at: record), unit: name(at: record &+ 2),
            scaleNumerator: u32(record &+ 4), scaleDenominator: u32(record &+ 8))
    }

    public var streamName: UnsafePointer<UInt8> { name(at: section(.streams).offset) }
    /// Frames (= ticks) per second: numerator / denominator.
    public var rateNumerator: UInt32 { u32(section(.streams).offset &+ 4) }
    public var rateDenominator: UInt32 { u32(section(.streams).offset &+ 8) }
    var samplesSlot: UInt32 { u16(section(.streams).offset &+ 12) }

    public var outputName: UnsafePointer<UInt8> { name(at: section(.outputs).offset &+ 4) }

    /// - Parameter number: 0 … classCount − 1.
    public func className(_ number: UInt32) -> UnsafePointer<UInt8> {
        name(at: section(.outputs).offset &+ 12 &+ 2 &* number)
    }

    /// Nil where the file carries none.
    public var selfTest: SelfTest? {
        let extent = section(.selfTest)
        if !extent.isPresent { return nil }
        return SelfTest(
            frameCount: u32(extent.offset), checksum: u32(extent.offset &+ 4),
            frames: (base + index(extent.offset &+ 8)).assumingMemoryBound(to: Int16.self))
    }

    /// UTF-8 lines `key: value`; empty where the file carries none.
    public var metadata: UnsafeRawBufferPointer {
        let extent = section(.metadata)
        return UnsafeRawBufferPointer(start: base + index(extent.offset), count: index(extent.byteCount))
    }

    // MARK: Checks

    func checkNames() throws(Refusal) {
        let extent = section(.names)
        if extent.byteCount == 0 || extent.byteCount > 65535 { throw Refusal(.malformed, at: extent.entry &+ 8) }
        if u8(extent.offset) != 0 { throw Refusal(.malformed, at: extent.offset) }
        let last = extent.offset &+ extent.byteCount &- 1
        if u8(last) != 0 { throw Refusal(.malformed, at: last) }
        for at in extent.offset...last {
            let byte = u8(at)
            if (byte > 0 && byte < 0x20) || byte == 0x7f { throw Refusal(.badValue, at: at) }
        }
    }

    func checkName(at offset: UInt32) throws(Refusal) {
        let extent = section(.names)
        let reference = u16(offset)
        if reference >= extent.byteCount || (reference > 0 && u8(extent.offset &+ reference &- 1) != 0) {
            throw Refusal(.malformed, at: offset)
        }
    }

    /// Numerator and denominator, neither of them 0.
    private func requireRatio(at offset: UInt32) throws(Refusal) {
        if u32(offset) == 0 { throw Refusal(.badValue, at: offset) }
        if u32(offset &+ 4) == 0 { throw Refusal(.badValue, at: offset &+ 4) }
    }

    /// Returns the channel count.
    func checkStreams() throws(Refusal) -> UInt32 {
        let streams = section(.streams)
        if streams.byteCount != 16 {
            let (count, rest) = quotient(streams.byteCount, 16)
            throw Refusal(rest != 0 || count == 0 ? .malformed : .unsupported, at: streams.entry &+ 8)
        }
        let stream = streams.offset
        try checkName(at: stream)
        let count = try require(u16(stream &+ 2), in: 1...65535, at: stream &+ 2)
        try requireRatio(at: stream &+ 4)
        // Whole records only; whether it is a samples slot is a matter of wiring.
        if samplesSlot >= quotient(section(.slots).byteCount, 12).quotient {
            throw Refusal(.malformed, at: stream &+ 12)
        }
        try requireZero(stream &+ 14, 2)

        let channels = section(.channels)
        if channels.byteCount != 12 &* count { throw Refusal(.malformed, at: channels.entry &+ 8) }
        for number in 0..<count {
            let record = channels.offset &+ 12 &* number
            try checkName(at: record)
            try checkName(at: record &+ 2)
            try requireRatio(at: record &+ 4)
        }
        return count
    }

    /// Returns the index of the readout op and the class count.
    func checkOutputs() throws(Refusal) -> (UInt32, UInt32) {
        let extent = section(.outputs)
        if extent.byteCount < 12 { throw Refusal(.malformed, at: extent.entry &+ 8) }
        let output = extent.offset &+ 4
        if u16(extent.offset) != 1 { throw Refusal(.unsupported, at: extent.offset) }
        try requireZero(extent.offset &+ 2, 2)
        try checkName(at: output)
        let op = u16(output &+ 2)
        if op >= opCount { throw Refusal(.malformed, at: output &+ 2) }
        guard case .readout(let readout) = try parseOp(op) else { throw Refusal(.badWiring, at: output &+ 2) }
        let count = u16(output &+ 4)
        if count != readout.source.count { throw Refusal(.badWiring, at: output &+ 4) }
        try requireZero(output &+ 6, 2)
        if extent.byteCount != 12 &+ 2 &* count { throw Refusal(.malformed, at: extent.entry &+ 8) }
        for number in 0..<count { try checkName(at: output &+ 8 &+ 2 &* number) }
        for other in 0..<opCount where other != op && opKind(other) == .readout {
            throw Refusal(.badWiring, at: output &+ 2)
        }
        return (op, count)
    }

    func checkSelfTest() throws(Refusal) {
        let extent = section(.selfTest)
        if !extent.isPresent { return }
        if extent.byteCount < 8 { throw Refusal(.malformed, at: extent.entry &+ 8) }
        let (samples, overflow) = u32(extent.offset).multipliedReportingOverflow(by: channelCount)
        if overflow || samples > 0x7fff_ffff || extent.byteCount &- 8 != 2 &* samples {
            throw Refusal(.malformed, at: extent.entry &+ 8)
        }
    }
}
