import ArgumentParser
import SNNRuntime
import SNNSampling
import SensorLogs

/// What infer and budget let a user say about logs.
struct LogOptions: ParsableArguments {
    @Option(
        name: .customLong("map"),
        help: ArgumentHelp(
            "Takes a channel (or `time`, `label`) from another column, e.g. --map accel_x=x_acc. Repeatable.",
            valueName: "channel=column"))
    var mappings: [String] = []
    @Option(name: .customLong("log-format"), help: "How logs are written: auto, csv or wisdm.")
    var logFormat: LogFormat = .auto
    @Option(
        name: .customLong("time-unit"),
        help: "Unit of the time column: s, ms, us or ns. Default: from its name, or inferred and stated.")
    var timeUnit: TimeUnit?
    @Flag(
        name: .customLong("skip-bad-rows"),
        help: "Drops rows that cannot be read, or whose time does not advance, and counts them, instead of stopping.")
    var skipBadRows = false

    func validate() throws {
        for mapping in mappings where !mapping.contains("=") {
            throw ValidationError("--map \(mapping): expected channel=column, e.g. --map accel_x=x_acc")
        }
    }

    var reading: ReadingOptions {
        var options = ReadingOptions()
        options.format = logFormat
        options.timeUnit = timeUnit
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
    /// What a model says about its input.
    init(_ model: Model) {
        let channels = (0..<model.channelCount).map {
            let channel = model.channel($0)
            return Channel(
                name: String(cString: channel.name), unit: String(cString: channel.unit),
                scale: ChannelScale(numerator: channel.scaleNumerator, denominator: channel.scaleDenominator))
        }
        self.init(
            channels: channels, rate: TickRate(numerator: model.rateNumerator, denominator: model.rateDenominator))
    }
}
