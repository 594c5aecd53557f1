import Glibc
import SNNRuntime

/// An input conversion says what a network is given for raw samples: x = (sample·count − mean) / deviation, channel by channel.
public struct InputConversion: Sendable {
    /// x grows by so much with each count of a channel's samples.
    let worths: [Double]
    /// x of a sample of 0.
    let origins: [Double]

    public var channelCount: Int { worths.count }
    /// The counts at which x is nearest to 0, of each channel: what an input op takes from its samples.
    public var offsets: [Int] { zip(origins, worths).map { Int((-$0 / $1).rounded()) } }
    /// One count is worth the same in all channels.
    var isShared: Bool { worths.allSatisfy { $0 == worths[0] } }

    /// - Throws: as many counts, units or figures of the normalization as there are no channels, and means that no sample reaches.
    public init(_ options: CompileOptions, channelCount: Int) throws(CompileError) {
        func spread<Value>(_ values: [Value], _ what: String) throws(CompileError) -> [Value] {
            if values.count == 1 { return Array(repeating: values[0], count: channelCount) }
            if values.count != channelCount {
                throw CompileError(
                    "\(values.count) \(what) for \(channelCount) channels: give one for all, or one each")
            }
            return values
        }
        let counts = try spread(options.counts, "counts").map { Double($0.numerator) / Double($0.denominator) }
        _ = try spread(options.units, "units")
        let means = try spread(options.normalization?.mean ?? [0], "means")
        let deviations = try spread(options.normalization?.deviation ?? [1], "deviations")
        for channel in 0..<channelCount {
            let (mean, deviation) = (means[channel], deviations[channel])
            guard mean.isFinite, deviation > 0, deviation.isFinite else {
                throw CompileError(
                    "channel \(channel) is normalized by a mean of \(mean) and a deviation of \(deviation), expected a number and a positive number"
                )
            }
            if abs(mean / counts[channel]) > 32767 {
                throw CompileError(
                    "channel \(channel) has a mean of \(mean), which samples of 16 bits do not reach in counts of \(counts[channel]); give a greater --count"
                )
            }
        }
        self.init(counts: counts, means: means, deviations: deviations)
        for channel in 0..<channelCount where !(worths[channel] > 0 && isFinite(channel)) {
            throw CompileError(
                "channel \(channel) is normalized by a mean of \(means[channel]) and a deviation of \(deviations[channel]), by which a count of \(counts[channel]) is beyond all numbers"
            )
        }
    }

    /// What a sample is worth, and what one of 0 is, are numbers whose quotient has an integer.
    private func isFinite(_ channel: Int) -> Bool {
        worths[channel].isFinite && origins[channel].isFinite && abs(origins[channel] / worths[channel]) < 1e9
    }

    private init(counts: [Double], means: [Double], deviations: [Double]) {
        worths = zip(counts, deviations).map { $0 / $1 }
        origins = zip(means, deviations).map { $0 == 0 ? 0 : -$0 / $1 }
    }

    /// What a model file says of its channels and, in its metadata, of their normalization.
    public init(_ model: Model) {
        let counts = (0..<model.channelCount).map {
            let channel = model.channel($0)
            return Double(channel.scaleNumerator) / Double(channel.scaleDenominator)
        }
        func figures(_ key: String) -> [Double]? {
            let figures = model.metadataValue(key)?.split(separator: " ").compactMap { Double($0) }
            return figures?.count == counts.count ? figures : nil
        }
        self.init(
            counts: counts, means: figures(InputConversion.meanKey) ?? counts.map { _ in 0 },
            deviations: figures(InputConversion.deviationKey) ?? counts.map { _ in 1 })
    }

    /// What the network is given for a frame of samples.
    public func values(_ frame: some Collection<Int16>) -> [Double] {
        zip(frame, zip(worths, origins)).map { Double($0) * $1.0 + $1.1 }
    }

    public func values(_ frame: UnsafePointer<Int16>) -> [Double] {
        values(UnsafeBufferPointer(start: frame, count: channelCount))
    }

    /// The samples that come nearest to what a network is given, frame after frame; beyond 16 bits they are clamped.
    public func samples(_ values: [Double]) -> [Int16] {
        values.indices.map {
            let channel = $0 % channelCount
            return Int16(
                max(-32768, min(32767, ((values[$0] - origins[channel]) / worths[channel]).rounded(.toNearestOrEven))))
        }
    }

    /// What samples lose of windows that a network is given, by rounding and clamping: the root mean square over that of the values, of
    /// the worst channel.
    public func loss(of windows: [[Double]]) -> Double {
        var (errors, squares) = (worths.map { _ in 0.0 }, worths.map { _ in 0.0 })
        for window in windows {
            for (i, sample) in samples(window).enumerated() {
                let channel = i % channelCount
                let error = window[i] - (Double(sample) * worths[channel] + origins[channel])
                errors[channel] += error * error
                squares[channel] += window[i] * window[i]
            }
        }
        return zip(errors, squares).reduce(0) { max($0, $1.1 > 0 ? ($1.0 / $1.1).squareRoot() : 0) }
    }
}

extension InputConversion {
    private static let meanKey = "input.mean"
    private static let deviationKey = "input.deviation"

    /// The lines of metadata that say how the input was normalized; none where it was not.
    static func metadata(_ options: CompileOptions, channelCount: Int) -> [String] {
        guard let normalization = options.normalization else { return [] }
        func line(_ key: String, _ figures: [Double]) -> String {
            let all = figures.count == 1 ? Array(repeating: figures[0], count: channelCount) : figures
            return "\(key): " + all.map { "\($0)" }.joined(separator: " ")
        }
        return [line(meanKey, normalization.mean), line(deviationKey, normalization.deviation)]
    }

    /// The fields of an input op are a shift for all channels, an offset and a multiplier for each.
    struct Fields {
        var shift = 0
        var channels: [(offset: Int, multiplier: Int)] = []
    }

    /// How much each channel's samples shrink on their way to a unit that all share, that of the coarsest; 1 throughout where a
    /// count is worth the same in all.
    var ratios: [Double] {
        let coarsest = worths.max()!
        return isShared ? worths.map { _ in 1 } : worths.map { $0 / coarsest }
    }

    /// An input op that shifts each channel's samples right by so many bits, and what one count of its values is worth then.
    func integers(shifts: [Int]) -> (fields: Fields, units: [Double]) {
        let greatest = shifts.max()!
        if isShared {
            let channels = zip(offsets, shifts).map { (offset: $0, multiplier: 1 << (greatest - $1)) }
            return (Fields(shift: greatest, channels: channels), zip(worths, shifts).map { $0 * Double(1 << $1) })
        }
        // 2^14 stands for a ratio of 1: the greatest power of two that 16 bits hold.
        let shift = 14 + greatest
        let multipliers = ratios.map { max(1, Int(($0 * exp2(14)).rounded())) }
        let channels = zip(offsets, multipliers).map { (offset: $0, multiplier: $1) }
        return (
            Fields(shift: shift, channels: channels),
            zip(worths, multipliers).map { $0 * exp2(Double(shift)) / Double($1) }
        )
    }
}

extension CompileOptions {
    /// The least input bits that hold samples `margin` times those of a recording, or, where the user has said how many,
    /// the shift per channel that makes its samples fit.
    public mutating func fitInput(to recording: Recording, bits: UInt8?) {
        // Options that do not fit the channels are refused by the compilation that they are for.
        guard let conversion = try? InputConversion(self, channelCount: recording.channelCount) else { return }
        let (offsets, ratios) = (conversion.offsets, conversion.ratios)
        let peaks = recording.peaks(about: offsets)
        let widths = peaks.indices.map { channel in
            let reach = Double(peaks[channel]) * ratios[channel] * margin
            return min(offsets[channel] == 0 ? 16 : 17, max(2, Int.bitWidth - Int(reach).leadingZeroBitCount + 1))
        }
        inputBits = bits ?? UInt8(min(16, widths.max() ?? 16))
        var shifts = widths.map { max(0, $0 - Int(inputBits)) }
        if !conversion.isShared { shifts = shifts.map { _ in shifts.max()! } }
        inputShifts = shifts.contains { $0 > 0 } ? shifts : []
    }
}

extension Model {
    /// The value of a key of the metadata, that of the last line that has it; nil where none has.
    public func metadataValue(_ key: String) -> String? {
        let line = String(decoding: metadata, as: UTF8.self).split(separator: "\n").last { $0.hasPrefix("\(key): ") }
        return line.map { String($0.dropFirst(key.count + 2)) }
    }
}
