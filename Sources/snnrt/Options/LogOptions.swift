import ArgumentParser
import SNNRuntime
import SNNSampling
import SensorLogs

/// The options of every command that reads logs.
struct LogOptions: ParsableArguments {
    @OptionGroup(title: "What a log leaves open")
    var open: OpenQuestions
    @OptionGroup(title: "Labels")
    var labelling: LabelOptions
    @OptionGroup(title: "Odd logs and pipes")
    var odd: OddLogOptions

    var live: Bool { odd.live }
    var strict: Bool { open.strict }
    var labels: [String] { labelling.labels }

    func validate() throws {
        for mapping in open.mappings where !mapping.contains("=") {
            throw ValidationError("--map \(mapping): expected channel=column, e.g. --map accel_x=x_acc")
        }
        for pair in odd.only where !pair.contains("=") {
            throw ValidationError("--only \(pair): expected column=cell, e.g. --only Device=nexus4_1")
        }
        if let line = odd.headerLine, !(1...1_000_000 ~= line) {
            throw ValidationError("--header-line \(line): expected 1 to 1000000")
        }
        for scale in open.scales where LogOptions.scale(scale) == nil {
            throw ValidationError(
                "--scale \(scale): expected channel=factor, a number or a fraction, e.g. --scale accel=1/64")
        }
        if case .hertz(let rate)? = open.logRate, !(1e-3...1e6 ~= rate) {
            throw ValidationError("--log-rate \(rate): expected rows per second, 0.001 to 1000000, or model")
        }
        if let format = odd.timeFormat, TimePattern(format) == nil {
            throw ValidationError(
                "--time-format \(format): expected dd/mm/yyyy, mm/dd/yyyy, yyyy/mm/dd, hh:mm:ss, hh:mm, mm:ss or hhmmss"
            )
        }
        if odd.raw, odd.logFormat != .auto || odd.timeUnit != nil || odd.timeFormat != nil || !open.mappings.isEmpty {
            throw ValidationError(
                "--raw: raw frames have no columns; --log-format, --time-unit, --time-format and --map say nothing")
        }
    }

    /// What stands on both sides of the first =.
    private static func sides(_ text: String) -> (String, String) {
        let equals = text.firstIndex(of: "=")!
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }

    /// `accel=1/64`; nil where it is not that.
    private static func scale(_ text: String) -> (channel: String, scale: ValueScale)? {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count == 2, !sides[0].isEmpty, let scale = ValueScale(String(sides[1])) else { return nil }
        return (String(sides[0]), scale)
    }

    /// What was stated without a channel.
    var bareUnit: String? { open.units.last { !$0.contains("=") } }

    /// For a command that gives it another meaning.
    var withoutBareUnit: LogOptions {
        var options = self
        options.open.units.removeAll { !$0.contains("=") }
        return options
    }

    /// Refused: a label map that cannot be read.
    func reading() throws -> ReadingOptions {
        var options = ReadingOptions()
        options.format = odd.logFormat
        options.timeUnit = odd.timeUnit
        options.timePattern = odd.timeFormat.flatMap(TimePattern.init)
        options.isRaw = odd.raw
        options.isLive = live
        switch open.logRate {
        case .hertz(let rate): options.logRate = rate
        case .model: options.usesModelRate = true
        case nil: break
        }
        options.shouldStop = { Interrupt.isSet }
        options.labelMap = try labelling.labelMaps.flatMap(LabelMap.read)
        options.badRows = open.skipBadRows ? .skip : .refuse
        options.layout = open.layout
        options.headerLine = odd.headerLine
        for mapping in open.mappings {
            let (channel, column) = LogOptions.sides(mapping)
            options.columns[channel] = column
        }
        for pair in odd.only {
            let (column, cell) = LogOptions.sides(pair)
            options.only[column] = cell
        }
        for unit in open.units {
            let equals = unit.firstIndex(of: "=")
            options.units[equals.map { String(unit[..<$0]) } ?? ""] =
                equals.map { String(unit[unit.index(after: $0)...]) } ?? unit
        }
        for case let (channel, scale)? in open.scales.map(LogOptions.scale) { options.scales[channel] = scale }
        return options
    }
}

/// The rate at which a log's rows come, as stated.
enum LogRate: ExpressibleByArgument {
    case hertz(Double)
    case model

    init?(argument: String) {
        if argument == "model" {
            self = .model
        } else if let rate = Double(argument) {
            self = .hertz(rate)
        } else {
            return nil
        }
    }
}

extension LogFormat: ExpressibleByArgument {}
extension TimeUnit: ExpressibleByArgument {}

extension LogInput {
    /// The input of a model as reading a log needs it.
    init(_ model: Model, classes: [String]) {
        let channels = (0..<model.channelCount).map {
            let channel = model.channel($0)
            return Channel(
                name: String(cString: channel.name), unit: String(cString: channel.unit),
                scale: ChannelScale(numerator: channel.scaleNumerator, denominator: channel.scaleDenominator))
        }
        self.init(
            channels: channels, rate: TickRate(numerator: model.rateNumerator, denominator: model.rateDenominator),
            classNames: classes)
        profile = DataProfile(metadata: String(decoding: model.metadata, as: UTF8.self))
        longestBridgedGap = profile.longestBridgedGap
    }
}
