import ArgumentParser
import Compiler
import SNNRuntime
import SensorLogs

/// One result of a network on a log.
struct WindowResult {
    /// Counted from 0 over the whole run.
    var index: Int
    let log: String
    /// The first result of one log of several.
    let startsLog: Bool
    /// Times of the window's first and last tick, in seconds on the log's clock.
    let start: Double
    let end: Double
    let label: Int
    let scores: [Int32]
    /// The log's own label of most of the window's ticks; nil if it has none.
    let logged: String?
    /// The window's ticks carry more than one label.
    let isMixed: Bool
}

/// Plays logs through a network, segment by segment, with a reset before each. Ends early, with what it has, on Ctrl-C.
struct LogRun {
    private let network: Network
    private let log: SensorLog
    private let channelCount: Int
    private let windowTickCount: Int
    private let classes: [String]
    private let input: LogInput
    private let origins: [Int]
    private let isOneOfSeveral: Bool
    /// All is said at once.
    private let isLive: Bool
    /// A log in doubt is refused.
    private let isStrict: Bool
    /// Closing notes that the tallies have.
    private var closingNoteCount = 0
    /// One per log so far, in their order.
    private(set) var tallies: [LogTally] = []
    private(set) var isInterrupted = false

    /// - Parameters:
    ///   - labels: their label arrays, none or one each.
    ///   - isOneOfSeveral: other runs play other logs.
    ///   - report: receives how many bytes were read and how many there are.
    init(
        _ loaded: LoadedModel, _ network: Network, logs: [String], labels: [String], options: LogOptions,
        isOneOfSeveral: Bool = false, report: @escaping (Int, Int?) -> Void
    ) throws {
        self.network = network
        self.isOneOfSeveral = isOneOfSeveral
        (isLive, isStrict) = (options.live, options.strict)
        channelCount = Int(loaded.model.channelCount)
        windowTickCount = Int(loaded.model.windowTickCount)
        classes = loaded.classNames
        input = LogInput(loaded.model, classes: classes)
        origins = InputConversion(loaded.model).offsets
        let reading = try options.reading()
        do {
            log = try SensorLog(paths: logs, labels: labels, input: input, options: reading, progress: report)
        } catch { throw Failure(code: .usage, message: error.description) }
    }

    /// - Parameters:
    ///   - note: receives remarks about the log: units, resampling, gaps, repairs.
    ///   - refusal: receives why a log of several was refused.
    ///   - tick: if wanted, is called after every tick with its frame and whether it gave a result.
    ///   - restart: is called when the state is reset before a segment.
    ///   - result: receives every result in order.
    mutating func play(
        note: (Note) -> Void, refusal: (String) -> Void,
        tick observe: ((Network, UnsafePointer<Int16>, Bool) -> Void)? = nil,
        restart: () -> Void = {}, result: (WindowResult) throws -> Void
    ) throws {
        if !isOneOfSeveral { Interrupt.listen() }
        var window = Window(length: windowTickCount)
        var index = 0
        var current = -1
        var currentLog = 0
        var noteCount = 0
        while let batch = try next(refusal) {
            if batch.segment.index != current {
                tallies[currentLog].droppedTicks += window.newTickCount
                (current, currentLog) = (batch.segment.index, batch.segment.log)
                tallies[currentLog].begin(batch.segment, isLive: isLive)
                window = Window(length: windowTickCount)
                noteCount = 0
                network.resetState()
                restart()
            }
            let notes = isLive ? batch.segment.notes : LogNotes.atOnce(batch.segment)
            let news = notes.dropFirst(noteCount).map { $0.of(batch.segment.file) }
            noteCount = notes.count
            for said in news where !(isStrict && said.isDoubt) { note(said) }
            tallies[currentLog].add(doubts: news)
            if isStrict, news.contains(where: \.isDoubt) {
                try refuse(currentLog, news.filter(\.isDoubt), refusal)
                log.leaveRefused()
                (window, current) = (Window(length: windowTickCount), -1)
                continue
            }
            tallies[currentLog].add(batch)
            try batch.frames.withUnsafeBufferPointer { frames in
                var tick = 0
                while tick < batch.tickCount {
                    let frame = frames.baseAddress! + tick * channelCount
                    let pushed = network.push(frame, frameCount: observe == nil ? batch.tickCount - tick : 1)
                    observe?(network, frame, pushed.hasResult)
                    window.add(batch, tick..<tick + pushed.taken)
                    tick += pushed.taken
                    guard pushed.hasResult, let issued = network.result else { continue }
                    let logged = window.label
                    let made = WindowResult(
                        index: index, log: tallies[currentLog].log,
                        startsLog: (isOneOfSeveral || log.logCount > 1) && tallies[currentLog].results == 0,
                        start: window.start,
                        end: batch.time(ofTick: tick - 1), label: Int(issued.label), scores: Array(issued.scores),
                        logged: logged.commonest, isMixed: logged.isMixed)
                    tallies[currentLog].add(made)
                    try result(made)
                    index += 1
                    window.newTickCount = 0
                }
            }
        }
        if !tallies.isEmpty { tallies[currentLog].droppedTicks += window.newTickCount }
        if !isOneOfSeveral { LogRun.close(&tallies, input, isStrict: isStrict, note: note, refusal: refusal) }
    }

    /// Says what there is to say at the logs' ends. A log in doubt is refused then, too late for its results.
    static func close(
        _ tallies: inout [LogTally], _ input: LogInput, isStrict: Bool, note: (Note) -> Void,
        refusal: (String) -> Void
    ) {
        for number in tallies.indices {
            let notes = tallies[number].closingNotes(input)
            for said in notes where !(isStrict && said.isDoubt) { note(said) }
            let doubts = notes.filter(\.isDoubt)
            tallies[number].add(doubts: doubts)
            if isStrict, !doubts.isEmpty, tallies[number].status == .read {
                tallies[number].refuse(LogRun.message(doubts))
                refusal("snnrt: \(LogRun.message(doubts))")
            }
        }
    }

    /// Refuses a log for the doubts about it; the only one, before its first tick, ends the run.
    private mutating func refuse(_ number: Int, _ doubts: [Note], _ refusal: (String) -> Void) throws {
        let message = LogRun.message(doubts)
        if !isOneOfSeveral, log.logCount == 1, tallies[number].ticks == 0 {
            throw Failure(code: .log, message: message)
        }
        tallies[number].refuse(message)
        refusal("snnrt: \(message)")
    }

    private static func message(_ doubts: [Note]) -> String {
        doubts.map(\.text).joined(separator: "\n") + "\n  hint: without --strict such doubts are warnings"
    }

    /// Ends the command, once everything has been said, where it did not read all it was asked to.
    func end() throws { try LogRun.end(tallies, isInterrupted: isInterrupted) }

    static func end(_ tallies: [LogTally], isInterrupted: Bool) throws {
        if isInterrupted { throw ExitCode(Failure.Code.interrupted.rawValue) }
        if tallies.contains(where: { $0.status == .refused }) { throw ExitCode(Failure.Code.log.rawValue) }
    }

    /// The next ticks; nil at the end, and once interrupted: what a log then says is not believed, since a Ctrl-C also
    /// ends the program that feeds a pipe. A segment whose reading was interrupted is still played with the rows that
    /// it has. A refused log is told of and left; the only one, refused before its first tick, ends the run.
    private mutating func next(_ refusal: (String) -> Void) throws -> Batch? {
        while !Interrupt.isSet || log.isCutOff {
            do throws(LogError) {
                let batch = try log.next()
                takeClosingNotes()
                if batch != nil { addTally() }
                if batch != nil || !Interrupt.isSet { return batch }
            } catch {
                takeClosingNotes()
                addTally()
                if Interrupt.isSet { break }
                if !isOneOfSeveral, log.logCount == 1, tallies[0].ticks == 0 {
                    throw Failure(code: .log, message: error.description)
                }
                refusal("snnrt: \(error)")
                tallies[log.logIndex].refuse(error.description)
                log.leaveRefused()
            }
        }
        isInterrupted = true
        if tallies.last?.status == .read { tallies[tallies.count - 1].status = .interrupted }
        return nil
    }

    /// Gives the notes on the end of a log, of which there is one at most since the last time, to its tally.
    private mutating func takeClosingNotes() {
        let news = log.closingNotes.dropFirst(closingNoteCount)
        closingNoteCount = log.closingNotes.count
        if !tallies.isEmpty { tallies[tallies.count - 1].addClosing(Array(news)) }
    }

    /// Begins the tally of the log opened last.
    private mutating func addTally() {
        if log.logIndex == tallies.count {
            tallies.append(LogTally(log: log.logName, classes: classes, origins: origins))
        }
    }

    /// The latest ticks of a segment: those a result is about.
    private struct Window {
        /// Ticks that a result is about.
        let length: Int
        /// Ticks since the last result.
        var newTickCount = 0
        /// Seconds and labels of the latest `length` ticks, or of more.
        private var times: [Double] = []
        private var labels: [String?] = []

        init(length: Int) { self.length = length }

        mutating func add(_ batch: Batch, _ ticks: Range<Int>) {
            newTickCount += ticks.count
            for tick in ticks {
                times.append(batch.time(ofTick: tick))
                labels.append(batch.label(ofTick: tick))
            }
            if times.count > 2 * length + 4096 {
                times.removeFirst(times.count - length)
                labels.removeFirst(labels.count - length)
            }
        }

        var start: Double { times[max(0, times.count - length)] }

        /// The commonest label, of two that are equally common the earlier one, and whether there are others.
        var label: (commonest: String?, isMixed: Bool) {
            var counts: [(label: String, count: Int)] = []
            for case let label? in labels.suffix(length) {
                if let at = counts.firstIndex(where: { $0.label == label }) {
                    counts[at].count += 1
                } else {
                    counts.append((label, 1))
                }
            }
            var best: (label: String, count: Int)?
            for entry in counts where entry.count > best?.count ?? 0 { best = entry }
            return (best?.label, counts.count > 1)
        }
    }
}
