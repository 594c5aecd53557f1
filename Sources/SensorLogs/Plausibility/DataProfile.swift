/// The size of a quantity, as five percentiles of its values, the 1st, 25th, 50th, 75th and 99th, in ascending order.
public struct Percentiles: Equatable, Sendable {
    public var low: Double
    public var lowerQuarter: Double
    public var median: Double
    public var upperQuarter: Double
    public var high: Double

    /// The p-th percentile of n values is the one that has ⌊(n − 1) · p / 100⌋ before it in ascending order; nil where there is
    /// no value, or one is not finite.
    public init?(of values: [Double]) {
        guard !values.isEmpty, values.allSatisfy(\.isFinite) else { return nil }
        let sorted = values.sorted()
        let chosen = [1, 25, 50, 75, 99].map { percentile($0, of: sorted) }
        (low, lowerQuarter, median, upperQuarter, high) = (chosen[0], chosen[1], chosen[2], chosen[3], chosen[4])
    }

    /// Five numbers with blanks between them; nil where the text is none, or they do not ascend.
    public init?(_ text: Substring) {
        let numbers = text.split(whereSeparator: \.isWhitespace).map { Double($0) ?? .nan }
        guard numbers.count == 5, numbers.allSatisfy(\.isFinite), zip(numbers, numbers.dropFirst()).allSatisfy(<=)
        else {
            return nil
        }
        (low, lowerQuarter, median, upperQuarter, high) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4])
    }

    /// As metadata writes them, with about four digits each.
    public var text: String { [low, lowerQuarter, median, upperQuarter, high].map(short).joined(separator: " ") }
}

/// The p-th percentile of values in ascending order, of which there is one at least.
func percentile(_ p: Int, of sorted: [Double]) -> Double { sorted[(sorted.count - 1) * p / 100] }

/// What a model's metadata says of the data that the model was made from: docs/format.md, section 18.3. Nothing of it changes
/// a sample but `longestBridgedGap`; the rest is what a log is compared with.
public struct DataProfile: Equatable, Sendable {
    /// By the channel's name, in its unit.
    public var channels: [String: Percentiles] = [:]
    /// Of the length of the vector of three axes, by the stem of their names, e.g. `accel`; in their unit.
    public var magnitudes: [String: Percentiles] = [:]
    /// Seconds.
    public var longestBridgedGap = 0.0
    /// Remarks on values that say nothing.
    public private(set) var notes: [Note] = []

    public init() {}

    /// What frames of samples show, of the channels and groups of axes whose unit is one of a known quantity.
    ///
    /// - Parameter frames: [tick × channel], in counts.
    public init(frames: [Int16], input: LogInput) {
        let channels = input.channels
        let count = frames.count / channels.count
        func column(_ channel: Int) -> [Double] {
            let scale = channels[channel].scale
            return (0..<count).map {
                Double(frames[$0 * channels.count + channel]) * Double(scale.numerator) / Double(scale.denominator)
            }
        }
        for (i, channel) in channels.enumerated() where ValueUnit.spelled(channel.unit) != nil {
            self.channels[channel.name] = Percentiles(of: column(i))
        }
        for group in AxisGroup.all(of: channels) where group.unit != nil {
            let axes = group.axes.map(column)
            magnitudes[group.stem] = Percentiles(
                of: (0..<count).map { tick in axes.reduce(0) { $0 + $1[tick] * $1[tick] }.squareRoot() })
        }
    }

    /// Unknown keys are passed over; a value of a known key that cannot be read is, with a note.
    public init(metadata: String) {
        for line in metadata.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstRange(of: ": ") else { continue }
            let (key, value) = (line[..<colon.lowerBound], line[colon.upperBound...])
            if let channel = key.removing(prefix: "data.channel.") {
                guard let read = Percentiles(value) else { ignore(key); continue }
                channels[channel] = read
            } else if let stem = key.removing(prefix: "data.magnitude.") {
                guard let read = Percentiles(value), read.low >= 0 else { ignore(key); continue }
                magnitudes[stem] = read
            } else if key == "gap.bridge" {
                guard let read = Double(value), 0...3600 ~= read else { ignore(key); continue }
                longestBridgedGap = read
            }
        }
    }

    private mutating func ignore(_ key: Substring) {
        notes.append("the model's metadata has a \(key) that cannot be read: it is passed over")
    }

    /// The lines of metadata that say this, in the order of the names.
    public var lines: [String] {
        magnitudes.sorted { $0.key < $1.key }.map { "data.magnitude.\($0.key): \($0.value.text)" }
            + channels.sorted { $0.key < $1.key }.map { "data.channel.\($0.key): \($0.value.text)" }
            + (longestBridgedGap > 0 ? ["gap.bridge: \(plain(longestBridgedGap))"] : [])
    }
}

extension Substring {
    fileprivate func removing(prefix: String) -> String? {
        hasPrefix(prefix) && count > prefix.count ? String(dropFirst(prefix.count)) : nil
    }

    fileprivate func range(of text: String) -> Range<Index>? { ranges(of: text).first }
}
