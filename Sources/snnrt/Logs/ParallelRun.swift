import SNNRuntime
import SensorLogs
import Synchronization

/// Plays logs on several threads, a network on each over one shared model, and tells of them in the logs' order: what is told
/// does not depend on the number of threads.
final class ParallelRun: @unchecked Sendable {
    /// An event of reading a log; events are told in order.
    private enum Event {
        case note(Note)
        case refusal(String)
        case result(WindowResult)
    }

    /// A log that was played.
    private struct Played {
        var events: [Event] = []
        var tallies: [LogTally] = []
        var isInterrupted = false
        var failure: Error?
    }

    private let loaded: LoadedModel
    /// Paths, and label arrays, of each log.
    private let logs: [(paths: [String], labels: [String])]
    private let options: LogOptions
    private let next = Atomic(0)
    private let bytesRead = Atomic(0)
    /// Guards `played`, and tells that it has changed.
    private let condition = Condition()
    private var played: [Int: Played] = [:]
    private let networks: [Network]

    /// - Parameter separate: from `SensorLog.separateLogs`.
    init(_ loaded: LoadedModel, logs paths: [String], separate: [[Int]], options: LogOptions, jobs: Int) throws {
        (self.loaded, self.options) = (loaded, options)
        logs = separate.map { places in
            (places.map { paths[$0] }, options.labels.isEmpty ? [] : places.map { options.labels[$0] })
        }
        networks = try (0..<min(jobs, separate.count)).map { _ in try loaded.network(.basic) }
    }

    /// See `LogRun.play`.
    func play(
        _ progress: ProgressLine, note: (Note) -> Void, result: (WindowResult) throws -> Void
    ) throws -> RunOutcome {
        Interrupt.listen()
        for number in networks.indices {
            startThread(stackByteCount: 1 << 20) { self.work(self.networks[number]) }
        }
        var outcome = RunOutcome()
        var index = 0
        for number in logs.indices {
            let log = wait(for: number, progress)
            if let failure = log.failure { throw failure }
            for event in log.events {
                switch event {
                case .note(let text): note(text)
                case .refusal(let text): progress.refuse(text)
                case .result(var made):
                    made.index = index
                    index += 1
                    outcome.add(made)
                    try result(made)
                }
            }
            outcome.tallies += log.tallies
            if log.isInterrupted {
                outcome.isInterrupted = true
                break
            }
        }
        LogRun.close(
            &outcome.tallies, LogInput(loaded.model, classes: []), isStrict: options.strict, note: note,
            refusal: progress.refuse)
        for network in networks { outcome.spent.add(network.totalSpent()) }
        return outcome
    }

    private func wait(for number: Int, _ progress: ProgressLine) -> Played {
        condition.withLock {
            while played[number] == nil {
                condition.wait(nanoseconds: 200_000_000)
                progress.report(bytesRead.load(ordering: .relaxed), nil)
            }
            return played.removeValue(forKey: number)!
        }
    }

    /// Plays one log after the other until there is none left.
    private func work(_ network: Network) {
        while true {
            let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if number >= logs.count { return }
            let log = play(logs[number].paths, logs[number].labels, network)
            condition.withLock {
                played[number] = log
                condition.signal()
            }
        }
    }

    private func play(_ paths: [String], _ labels: [String], _ network: Network) -> Played {
        var log = Played()
        var bytesBefore = 0
        do {
            var run = try LogRun(
                loaded, network, logs: paths, labels: labels, options: options, isOneOfSeveral: true,
                report: { bytes, _ in
                    self.bytesRead.wrappingAdd(bytes - bytesBefore, ordering: .relaxed)
                    bytesBefore = bytes
                })
            try run.play(
                note: { log.events.append(.note($0)) }, refusal: { log.events.append(.refusal($0)) },
                result: { log.events.append(.result($0)) })
            (log.tallies, log.isInterrupted) = (run.tallies, run.isInterrupted)
        } catch { log.failure = error }
        return log
    }
}

/// The outcome of a run over logs.
struct RunOutcome {
    /// One per log so far, in their order.
    var tallies: [LogTally] = []
    var isInterrupted = false
    var spent = Spent()
    /// CRC-32C of all results in order (docs/format.md, "Outputs").
    private(set) var outputChecksum: UInt32 = 0

    mutating func add(_ result: WindowResult) {
        outputChecksum = withUnsafeBytes(of: Int32(result.label)) { crc32c($0, after: outputChecksum) }
        outputChecksum = result.scores.withUnsafeBytes { crc32c($0, after: outputChecksum) }
    }

    /// Ends the command, once everything has been said, where it did not read all it was asked to.
    func end() throws { try LogRun.end(tallies, isInterrupted: isInterrupted) }
}
