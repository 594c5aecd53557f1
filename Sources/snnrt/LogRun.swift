import SNNRuntime
import SensorLogs

/// One result of a network on a log.
struct WindowResult {
    /// Counted from 0 over the whole run.
    let index: Int
    /// Times of the window's first and last tick, in seconds on the log's clock.
    let start: Double
    let end: Double
    let label: Int
    let scores: [Int32]
    /// The log's own label of most of the window's ticks; nil if it has none.
    let logged: String?
    /// Whether the window's ticks carry more than one label.
    let isMixed: Bool
}

/// Plays logs through a network, segment by segment, with a reset before each.
struct LogRun {
    private let network: Network
    private let log: SensorLog
    private let channelCount: Int
    private(set) var segmentCount = 0
    /// Ticks of windows that a gap or the end cut off.
    private(set) var droppedTickCount = 0

    init(_ loaded: LoadedModel, _ network: Network, logs: [String], options: LogOptions, progress: ProgressLine) throws {
        self.network = network
        channelCount = Int(loaded.model.channelCount)
        do {
            log = try SensorLog(
                paths: logs, input: LogInput(loaded.model), options: options.reading, progress: progress.report)
        } catch { throw LogRun.failure(error) }
    }

    /// - Parameters:
    ///   - note: receives remarks about the log: units, resampling, gaps, repairs.
    ///   - result: receives every result in order.
    mutating func play(note: (String) -> Void, result: (WindowResult) throws -> Void) throws {
        var window = Window()
        var index = 0
        var current = -1
        while let batch = try next() {
            if batch.segment.index != current {
                current = batch.segment.index
                segmentCount += 1
                droppedTickCount += window.tickCount
                window = Window()
                network.resetState()
                for text in batch.segment.notes { note("\(batch.segment.file): \(text)") }
            }
            try batch.frames.withUnsafeBufferPointer { frames in
                var tick = 0
                while tick < batch.tickCount {
                    let pushed = network.push(
                        frames.baseAddress! + tick * channelCount, frameCount: batch.tickCount - tick)
                    window.add(batch, tick..<tick + pushed.taken)
                    tick += pushed.taken
                    guard pushed.hasResult, let issued = network.result else { continue }
                    let logged = window.commonestLabel
                    try result(
                        WindowResult(
                            index: index, start: window.start, end: batch.time(ofTick: tick - 1),
                            label: Int(issued.label), scores: Array(issued.scores), logged: logged,
                            isMixed: window.labelCounts.count > 1))
                    index += 1
                    window = Window()
                }
            }
        }
        droppedTickCount += window.tickCount
        for text in log.closingNotes { note(text) }
    }

    private func next() throws -> Batch? {
        do { return try log.next() } catch { throw LogRun.failure(error) }
    }

    private static func failure(_ error: LogError) -> Failure {
        Failure(code: error.kind == .request ? .usage : .log, message: error.description)
    }

    /// The ticks since the last result.
    private struct Window {
        var tickCount = 0
        var start = 0.0
        /// In the order of their first tick.
        var labelCounts: [(label: String, count: Int)] = []

        mutating func add(_ batch: Batch, _ ticks: Range<Int>) {
            if tickCount == 0 { start = batch.time(ofTick: ticks.lowerBound) }
            tickCount += ticks.count
            for tick in ticks {
                guard let label = batch.label(ofTick: tick) else { continue }
                if let at = labelCounts.firstIndex(where: { $0.label == label }) {
                    labelCounts[at].count += 1
                } else {
                    labelCounts.append((label, 1))
                }
            }
        }

        /// The earlier one of two that are equally common.
        var commonestLabel: String? {
            var best: (label: String, count: Int)?
            for entry in labelCounts where entry.count > best?.count ?? 0 { best = entry }
            return best?.label
        }
    }
}
