import ArgumentParser
import SNNRuntime
import SNNSampling
import SensorLogs

/// The options of every command that reads logs.
struct LogOptions: ParsableArguments {
    @Option(
        name: .customLong("map"),
        help: ArgumentHelp(
            "Takes a channel (or `time`, `label`) from another column, by name or, where there is no such name, by number from "
                + "1: --map accel_x=x_acc, --map accel_x=5; from the sum of two, --map \"accel_x=gravity.x + user.x\"; or all "
                + "channels that begin so from the columns with a text in their names, --map accel=chest_acc16. Repeatable.",
            valueName: "channel=column"))
    var mappings: [String] = []
    @Option(
        name: .customLong("unit"),
        help: ArgumentHelp(
            "The unit of a channel in the log, e.g. --unit accel_x=mg, of all that begin so, --unit accel=g, or of all, "
                + "--unit g. Default: from its column's name or a row of units, else the model's. Repeatable. With compile a "
                + "unit alone is that of the network's inputs, \"1\" by default.",
            valueName: "channel=unit"))
    var units: [String] = []
    @Option(
        name: .customLong("scale"),
        help: ArgumentHelp(
            "A factor by which a channel's values become that unit's, e.g. --scale accel=1/64. Repeatable.",
            valueName: "channel=factor"))
    var scales: [String] = []
    @Option(
        name: .customLong("log-format"), help: "How logs are written: auto (every format), csv or wisdm (2019 or v1.1)."
    )
    var logFormat: LogFormat = .auto
    @Option(
        help: ArgumentHelp(
            "The layout of CSV logs: a name (\(LogLayouts.names)), a file that describes one, or none. Default: found by looking.",
            valueName: "name|file.json"))
    var layout: String?
    @Option(
        name: .customLong("header-line"),
        help: ArgumentHelp("The line of a CSV log's header, from 1. Default: found by looking.", valueName: "n"))
    var headerLine: Int?
    @Option(
        help: ArgumentHelp(
            "Reads only the rows of a CSV log with that cell, e.g. --only Device=nexus4_1. Repeatable.",
            valueName: "column=cell"))
    var only: [String] = []
    @Option(
        name: .customLong("time-unit"),
        help: "Unit of the time column: s, ms, us, ns, min, h or d. Default: from its name, or inferred and stated.")
    var timeUnit: TimeUnit?
    @Option(
        name: .customLong("time-format"),
        help: ArgumentHelp(
            "What dates and clocks mean where the log leaves it open: dd/mm/yyyy or mm/dd/yyyy, hh:mm or mm:ss. Default: "
                + "from the log, its column's name or the lines before its header; refused where they do not say it.",
            valueName: "pattern"))
    var timeFormat: String?
    @Option(
        name: .customLong("labels"),
        help: ArgumentHelp(
            "Labels of a NumPy log: an array of one per window or one per tick, class indices from 0 (-1 is "
                + "none) or names. Repeated, one for each log.",
            valueName: "labels.npy"))
    var labels: [String] = []
    @Option(
        name: .customLong("label-map"),
        help: ArgumentHelp(
            "The classes that a log's labels stand for, e.g. --label-map walk=walking,run=jogging, or a file with a label and "
                + "a class on each line. Case, blanks, underscores and hyphens do not matter. Repeatable.",
            valueName: "label=class|file"))
    var labelMaps: [String] = []
    @Flag(
        help: "Values are raw samples in the model's counts. Logs are int16 frames, little-endian, or NumPy integers.")
    var raw = false
    @Flag(help: "Gives each result as soon as its last row has come. Rows come at --log-rate.")
    var live = false
    @Option(
        name: .customLong("log-rate"),
        help: ArgumentHelp(
            "Rows per second, in place of a log's times, which are not read then; `model`: the model's rate. With --live the "
                + "times stay in use, and this is the rate that is expected of them. Default: by the log's times; with "
                + "--live, and in arrays, the model's rate.",
            valueName: "hz|model"))
    var logRate: LogRate?
    @Flag(
        name: .customLong("skip-bad-rows"),
        help: "Drops rows that cannot be read, or whose time goes back a little, and counts them, instead of stopping.")
    var skipBadRows = false

    @Flag(
        help: ArgumentHelp(
            "Refuses a log in doubt: in another unit than it seems, say, or with clamped samples. What only its end shows "
                + "comes after its results, as an error and in the exit code. Default: a warning."))
    var strict = false

    func validate() throws {
        for mapping in mappings where !mapping.contains("=") {
            throw ValidationError("--map \(mapping): expected channel=column, e.g. --map accel_x=x_acc")
        }
        for pair in only where !pair.contains("=") {
            throw ValidationError("--only \(pair): expected column=cell, e.g. --only Device=nexus4_1")
        }
        if let headerLine, !(1...1_000_000 ~= headerLine) {
            throw ValidationError("--header-line \(headerLine): expected 1 to 1000000")
        }
        for scale in scales where LogOptions.scale(scale) == nil {
            throw ValidationError(
                "--scale \(scale): expected channel=factor, a number or a fraction, e.g. --scale accel=1/64")
        }
        if case .hertz(let rate)? = logRate, !(1e-3...1e6 ~= rate) {
            throw ValidationError("--log-rate \(rate): expected rows per second, 0.001 to 1000000, or model")
        }
        if let timeFormat, TimePattern(timeFormat) == nil {
            throw ValidationError(
                "--time-format \(timeFormat): expected dd/mm/yyyy, mm/dd/yyyy, yyyy/mm/dd, hh:mm:ss, hh:mm or mm:ss")
        }
        if raw, logFormat != .auto || timeUnit != nil || timeFormat != nil || !mappings.isEmpty {
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
    var bareUnit: String? { units.last { !$0.contains("=") } }

    /// For a command that gives it another meaning.
    var withoutBareUnit: LogOptions {
        var options = self
        options.units.removeAll { !$0.contains("=") }
        return options
    }

    /// Refused: a label map that cannot be read.
    func reading() throws -> ReadingOptions {
        var options = ReadingOptions()
        options.format = logFormat
        options.timeUnit = timeUnit
        options.timePattern = timeFormat.flatMap(TimePattern.init)
        options.isRaw = raw
        options.isLive = live
        switch logRate {
        case .hertz(let rate): options.logRate = rate
        case .model: options.usesModelRate = true
        case nil: break
        }
        options.shouldStop = { Interrupt.isSet }
        options.labelMap = try labelMaps.flatMap(LabelMap.read)
        options.badRows = skipBadRows ? .skip : .refuse
        options.layout = layout
        options.headerLine = headerLine
        for mapping in mappings {
            let (channel, column) = LogOptions.sides(mapping)
            options.columns[channel] = column
        }
        for pair in only {
            let (column, cell) = LogOptions.sides(pair)
            options.only[column] = cell
        }
        for unit in units {
            let equals = unit.firstIndex(of: "=")
            options.units[equals.map { String(unit[..<$0]) } ?? ""] =
                equals.map { String(unit[unit.index(after: $0)...]) } ?? unit
        }
        for case let (channel, scale)? in scales.map(LogOptions.scale) { options.scales[channel] = scale }
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
