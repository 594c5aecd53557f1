import Foundation

@testable import SNNSampling
@testable import SensorLogs

/// The watch model's input: six channels of 0.001 units per count, 20 Hz.
let watch = model(["accel_x", "accel_y", "accel_z", "gyro_x", "gyro_y", "gyro_z"])

func model(
    _ names: [String], rate: TickRate = TickRate(numerator: 20, denominator: 1)
) -> LogInput {
    LogInput(
        channels: names.map {
            LogInput.Channel(
                name: $0, unit: $0.hasPrefix("gyro") ? "rad/s" : "m/s^2",
                scale: ChannelScale(numerator: 1, denominator: 1000))
        }, rate: rate)
}

/// Rows without times come at the model's rate: what most of these tests mean.
let atModelRate = options { _ in }

func options(_ change: (inout ReadingOptions) -> Void) -> ReadingOptions {
    var options = ReadingOptions()
    options.usesModelRate = true
    change(&options)
    return options
}

/// The same for a log that has times, by which it is read.
func byTimes(_ change: (inout ReadingOptions) -> Void = { _ in }) -> ReadingOptions {
    options {
        $0.usesModelRate = false
        change(&$0)
    }
}

/// The options without the model's rate where the text has a column of times, which that would replace.
private func fitting(_ text: String, _ input: LogInput, _ options: ReadingOptions) -> ReadingOptions {
    let header = text.split(separator: "\n").first { !$0.hasPrefix("#") } ?? ""
    var options = options
    let others = header.split(separator: ",").map(String.init).filter { name in
        !input.channels.contains { $0.name == name }
    }
    if others.contains(where: couldBeTime) { options.usesModelRate = false }
    return options
}

/// A source that gives `bytes` at most `step` at a time.
func source(_ bytes: [UInt8], name: String = "log.csv", step: Int = .max) -> ByteSource {
    var position = 0
    return ByteSource(name: name, byteCount: bytes.count) { (buffer) throws(LogError) in
        let count = min(step, buffer.count, bytes.count - position)
        buffer.copyBytes(from: bytes[position..<position + count])
        position += count
        return count
    }
}

func source(_ text: String, name: String = "log.csv", step: Int = .max) -> ByteSource {
    source(Array(text.utf8), name: name, step: step)
}

/// The bytes of a NumPy array file.
func npy(
    _ descr: String, _ shape: [Int], _ elements: [UInt8], version: UInt8 = 1, order: String = "False"
) -> [UInt8] {
    let shapeText = shape.map { "\($0)," }.joined(separator: " ")
    let header = "{'descr': '\(descr)', 'fortran_order': \(order), 'shape': (\(shapeText)), }\n"
    let length = header.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + [UInt8(length & 255), UInt8(length >> 8)]
        + (version == 1 ? [] : [0, 0]) + Array(header.utf8) + elements
}

func little(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { Array($0) } }

/// One segment with its batches put together.
struct Whole: Equatable {
    var segment: Segment
    var frames: [Int16] = []
    var times: [Double] = []
    var labels: [String?] = []

    static func == (one: Whole, other: Whole) -> Bool {
        one.frames == other.frames && one.times == other.times && one.labels == other.labels
    }
}

func read(_ log: SensorLog) throws -> [Whole] {
    var wholes: [Whole] = []
    while let batch = try log.next() {
        if batch.startsSegment { wholes.append(Whole(segment: batch.segment)) }
        let last = wholes.count - 1
        precondition(batch.segment.index == last && batch.firstTick == wholes[last].times.count)
        wholes[last].frames += batch.frames
        wholes[last].times += (0..<batch.tickCount).map(batch.time)
        wholes[last].labels += (0..<batch.tickCount).map(batch.label)
        wholes[last].segment = batch.segment
    }
    return wholes
}

func read(
    _ text: String, _ input: LogInput = model(["a"]), _ options: ReadingOptions = atModelRate
) throws -> [Whole] {
    try read(SensorLog(sources: [source(text)], input: input, options: fitting(text, input, options)))
}

/// The error that reading the text gives; nil if it is read.
func refusal(
    _ text: String, _ input: LogInput = model(["a"]), _ options: ReadingOptions = atModelRate
) -> LogError? {
    refusal([source(text)], input, fitting(text, input, options))
}

func refusal(_ sources: [ByteSource], _ input: LogInput, _ options: ReadingOptions = atModelRate) -> LogError? {
    do {
        _ = try read(SensorLog(sources: sources, input: input, options: options))
        return nil
    } catch {
        return error as? LogError
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): a seed gives the same test again.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Note {
    func contains(_ part: String) -> Bool { text.contains(part) }
    func hasPrefix(_ part: String) -> Bool { text.hasPrefix(part) }
}

extension [Note] {
    /// A note of that text, in doubt or not.
    func contains(_ text: String) -> Bool { contains { $0.text == text } }
}
