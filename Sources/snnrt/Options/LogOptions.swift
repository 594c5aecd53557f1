import ArgumentParser
import SNNRuntime
import SNNSampling
import SensorLogs

/// The options of every command that reads logs.
struct LogOptions: ParsableArguments {
    @Option(
        name: .customLong("map"),
        help: ArgumentHelp(
            "Takes a channel (or `time`, `label`) from another column, e.g. --map accel_x=x_acc. Repeatable.",
            valueName: "channel=column"))
    var mappings: [String] = []
    @Option(name: .customLong("log-format"), help: "How logs are written: auto (NumPy arrays too), csv or wisdm.")
    var logFormat: LogFormat = .auto
    @Option(
        name: .customLong("time-unit"),
        help: "Unit of the time column: s, ms, us or ns. Default: from its name, or inferred and stated.")
    var timeUnit: TimeUnit?
    @Option(
        name: .customLong("labels"),
        help: ArgumentHelp(
            "Labels of a NumPy log: an array of one per window or one per tick, class indices from 0 (-1 is "
                + "none) or names. Repeated, one for each log.",
            valueName: "labels.npy"))
    var labels: [String] = []
    @Flag(
        help: "Values are raw samples in the model's counts. Logs are int16 frames, little-endian, or NumPy integers.")
    var raw = false
    @Flag(help: "Gives each result as soon as its last row has come. Rows come at --log-rate.")
    var live = false
    @Option(
        name: .customLong("log-rate"),
        help: ArgumentHelp(
            "Rows per second. Replaces what is measured when it is decided whether a log is resampled to the model's rate; "
                + "a log that has times is still resampled by them. Default: measured; without times or with --live, "
                + "the model's rate.",
            valueName: "hz"))
    var logRate: Double?
    @Flag(
        name: .customLong("skip-bad-rows"),
        help: "Drops rows that cannot be read, or whose time does not advance, and counts them, instead of stopping.")
    var skipBadRows = false

    func validate() throws {
        for mapping in mappings where !mapping.contains("=") {
            throw ValidationError("--map \(mapping): expected channel=column, e.g. --map accel_x=x_acc")
        }
        if let logRate, !(1e-3...1e6 ~= logRate) {
            throw ValidationError("--log-rate \(logRate): expected rows per second, 0.001 to 1000000")
        }
        if raw, logFormat != .auto || timeUnit != nil || !mappings.isEmpty {
            throw ValidationError("--raw: raw frames have no columns; --log-format, --time-unit and --map say nothing")
        }
    }

    var reading: ReadingOptions {
        var options = ReadingOptions()
        options.format = logFormat
        options.timeUnit = timeUnit
        options.isRaw = raw
        options.isLive = live
        options.logRate = logRate
        options.shouldStop = { Interrupt.isSet }
        options.badRows = skipBadRows ? .skip : .refuse
        for mapping in mappings {
            let equals = mapping.firstIndex(of: "=")!
            options.columns[String(mapping[..<equals])] = String(mapping[mapping.index(after: equals)...])
        }
        return options
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
    }
}
