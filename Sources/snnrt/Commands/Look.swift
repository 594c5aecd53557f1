import ArgumentParser
import SNNSampling
import SensorLogs

struct Look: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows what is in sensor logs before anything runs.",
        discussion: """
            Of each log: its layout, its columns with unit, range and median, what they are taken for, rate and jitter, gaps, \
            segments, labels with their counts, what is converted, and every doubt. With --model also from where each of the \
            model's channels would be taken, as `snnrt infer` takes it; without one, as a watch's accelerometer and gyroscope. \
            The exit code is 66 where `snnrt infer` would refuse a log, with --strict also where there is a doubt.

            Examples:
              snnrt look watch.csv
              snnrt look watch.csv --model model.snn --plot watch.svg
              snnrt look Accelerometer.csv Gyroscope.csv --model model.snn
              snnrt look watch.csv --model model.snn --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: "Sensor logs, as for infer.") var logs: [String]
    @Option(help: ArgumentHelp("The model that the logs are for.", valueName: "model.snn")) var model: String?
    @Option(help: "Output format: text or json.") var format: Format = .text
    @Option(
        help: ArgumentHelp(
            "Draws the channels over time, with gaps and labels; of the first log.", valueName: "file.svg"))
    var plot: String?
    @OptionGroup var options: LogOptions

    func validate() throws {
        if let plot, !plot.hasSuffix(".svg") {
            throw ValidationError("--plot \(plot): a drawing is SVG; name a file that ends in .svg")
        }
    }

    func run() throws {
        let loaded = try model.map { try LoadedModel(path: $0) }
        let progress = ProgressLine(isWanted: true)
        var reading = try options.reading()
        reading.keepsRows = loaded == nil
        var scans: [(path: String, scan: TableScan)] = []
        var input = loaded.map { LogInput($0.model, classes: $0.classNames) } ?? LogInput.watch
        for path in SensorLog.files(of: logs, input: input, options: reading).paths where path != "-" {
            do throws(LogError) {
                if let scan = try TableScan(path: path, input: input, options: reading) { scans.append((path, scan)) }
            } catch {
                // Reading it says the same.
                continue
            }
        }
        if loaded == nil { input.keep(scans.map(\.scan)) }
        var recordings = try read(input, reading, progress, isForModel: loaded != nil)
        // Of a format of its own, which may have an accelerometer alone.
        if loaded == nil, scans.isEmpty, recordings.allSatisfy({ $0.ticks == 0 }) {
            input.channels.removeLast(3)
            let others = try read(input, reading, progress, isForModel: false)
            if others.contains(where: { $0.ticks > 0 }) { recordings = others }
        }
        progress.clear()
        if let plot {
            if let first = recordings.first(where: { !$0.outline.isEmpty }) {
                try writeFile(Array(LogPlot(first, input).svg.utf8), to: plot)
            } else {
                progress.refuse("snnrt: \(logs[0]): nothing to plot")
            }
        }
        for i in recordings.indices { recordings[i].isStrict = options.strict }
        let tables = scans.map { LookReport.Table($0.path, $0.scan) }
        let report = LookReport(tables: tables, recordings: recordings, model: model)
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            for line in report.lines { try Output.standard.line(line) }
        }
        try Output.standard.flush()
        if recordings.contains(where: \.isRefused) { throw ExitCode(Failure.Code.log.rawValue) }
    }

    /// What reading the logs gives, as `infer` reads them.
    private func read(
        _ input: LogInput, _ reading: ReadingOptions, _ progress: ProgressLine, isForModel: Bool
    ) throws -> [LogRecording] {
        var recordings: [LogRecording] = []
        let log: SensorLog
        do {
            log = try SensorLog(
                paths: logs, labels: options.labels, input: input, options: reading, progress: progress.report)
        } catch { throw Failure(code: .usage, message: error.description) }
        Interrupt.listen()
        var closing = 0
        func current() -> Int {
            if log.logIndex == recordings.count { recordings.append(LogRecording(log.logName, input, isForModel)) }
            return recordings.count - 1
        }
        /// Gives the notes on a log's end to it, before the next one begins.
        func tellClosing() {
            for note in log.closingNotes.dropFirst(closing) where !recordings.isEmpty {
                recordings[recordings.count - 1].add(note)
            }
            closing = log.closingNotes.count
        }
        while true {
            do throws(LogError) {
                let batch = try log.next()
                tellClosing()
                guard let batch else { break }
                recordings[current()].add(batch)
            } catch {
                tellClosing()
                if Interrupt.isSet { break }
                recordings[current()].refusal = error.description
                log.leaveRefused()
            }
        }
        if Interrupt.isSet { throw ExitCode(Failure.Code.interrupted.rawValue) }
        return recordings
    }
}

extension LogInput {
    /// What a log is taken for without a model: accelerometer and gyroscope of a watch. Units of time are told from a rate
    /// of 5 to 500 Hz.
    static let watch = LogInput(
        channels: ["accel_x", "accel_y", "accel_z", "gyro_x", "gyro_y", "gyro_z"].map {
            Channel(
                name: $0, unit: $0.hasPrefix("accel") ? "m/s^2" : "rad/s",
                scale: ChannelScale(numerator: 1, denominator: 200))
        }, rate: TickRate(numerator: 50, denominator: 1))

    /// Leaves out the channels that no table has; where there is none, the tables' numbers are channels of their own.
    mutating func keep(_ scans: [TableScan]) {
        guard !scans.isEmpty else { return }
        let kept = channels.filter { channel in
            scans.contains { !$0.missingChannels.contains(channel.name) && $0.refusal == nil }
        }
        if !kept.isEmpty { return channels = kept }
        let numbers = scans[0].columns.filter { $0.numberCount > 0 && $0.role == nil }.prefix(12)
        guard !numbers.isEmpty else { return }
        channels = numbers.map { column in
            let greatest = max(abs(column.least), abs(column.greatest))
            let denominator = UInt32(max(1, min(1e6, 32767 / max(greatest, 1e-3))))
            return Channel(
                name: column.name, unit: column.unit ?? "",
                scale: ChannelScale(numerator: UInt32(max(1, min(1e9, greatest / 32767))), denominator: denominator))
        }
    }
}
