import ArgumentParser
import Foundation
import SNNRuntime
import SensorLogs

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Times a model's tick on this machine: ticks, synaptic operations and bytes of weights per second, per op.",
        discussion: """
            Plays the logs' frames over and over, the state reset before each round, and reports the median of the rounds \
            with quartiles. Without a log the frames are walks of moderate size. The ops' shares are of rounds of their own, \
            in which a clock is read after every op; what reading it takes is subtracted.

            Examples:
              snnrt bench model.snn
              snnrt bench model.snn watch.csv --seconds 10
              snnrt bench model.snn watch.csv --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: ArgumentHelp("The model file (.snn).", valueName: "model"))
    var path: String
    @Argument(help: "Sensor logs whose frames to play; - is standard input.")
    var logs: [String] = []
    @Option(help: ArgumentHelp("How long to measure.", valueName: "s")) var seconds = 2.0
    @Option(
        name: .customLong("against"),
        help: ArgumentHelp(
            "A shared library that computes the same network (Tests/bench/yardstick.c), timed in turn with it; its outputs "
                + "must be the network's. Repeatable.", valueName: "library"))
    var rivals: [String] = []
    @Option(help: "Output format: text or json.") var format: Format = .text
    @OptionGroup var options: LogOptions

    func validate() throws {
        if !(seconds > 0 && seconds <= 3600) { throw ValidationError("--seconds \(seconds): expected up to 3600") }
    }

    func run() throws {
        let loaded = try LoadedModel(path: path)
        let network = try loaded.network(.basic)
        let frames = try logs.isEmpty ? walks(loaded) : recorded(loaded)
        let yardsticks = try rivals.map { try Yardstick(path: $0, loaded) }
        for yardstick in yardsticks { try yardstick.compare(network, loaded.model, frames) }
        let report = try BenchReport(loaded, network, frames, yardsticks, seconds: seconds)
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            for line in report.lines { try Output.standard.line(line) }
        }
        try Output.standard.flush()
    }

    private func recorded(_ loaded: LoadedModel) throws -> Frames {
        do throws(LogError) {
            let log = try SensorLog(
                paths: logs, labels: options.labels, input: LogInput(loaded.model, classes: loaded.classNames),
                options: options.reading)
            var samples: [Int16] = []
            while let batch = try log.next() { samples += batch.frames }
            return Frames(samples, loaded.model)
        } catch {
            throw Failure(code: error.kind == .request ? .usage : .log, message: error.description)
        }
    }

    /// A thousand frames, the same every time.
    private func walks(_ loaded: LoadedModel) -> Frames {
        let channelCount = Int(loaded.model.channelCount)
        var seed: UInt32 = 1
        var levels = [Int32](repeating: 0, count: channelCount)
        let samples = (0..<1000 * channelCount).map { i in
            seed = seed &* 1_664_525 &+ 1_013_904_223
            let level = levels[i % channelCount]
            levels[i % channelCount] = min(max(level + Int32(seed >> 16) % 4001 - 2000 - level / 8, -20000), 20000)
            return Int16(levels[i % channelCount])
        }
        return Frames(samples, loaded.model)
    }
}

/// Frames that are played from first to last.
struct Frames {
    let samples: [Int16]
    let count: Int
    let channelCount: Int

    init(_ samples: [Int16], _ model: Model) {
        self.samples = samples
        channelCount = Int(model.channelCount)
        count = samples.count / channelCount
    }

    /// Calls `body` with the first sample.
    func play(_ body: (UnsafePointer<Int16>) -> Void) { samples.withUnsafeBufferPointer { body($0.baseAddress!) } }
}

/// A hand-written program for one network, as a shared library.
final class Yardstick {
    private typealias Open = @convention(c) (UnsafeRawPointer) -> UnsafeMutableRawPointer?
    private typealias Reset = @convention(c) (UnsafeMutableRawPointer) -> Void
    private typealias Run = @convention(c) (UnsafeMutableRawPointer, UnsafePointer<Int16>, Int) -> Void
    private typealias Outputs = @convention(c) (UnsafeMutableRawPointer) -> UnsafePointer<Int32>

    let name: String
    private let handle: UnsafeMutableRawPointer
    private let resetState: Reset
    private let runFrames: Run
    private let outputs: Outputs

    init(path: String, _ loaded: LoadedModel) throws {
        name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        guard let library = dlopen(URL(fileURLWithPath: path).path, RTLD_NOW | RTLD_LOCAL) else {
            throw Failure(code: .usage, message: "--against \(path): \(String(cString: dlerror()))")
        }
        func symbol<Function>(_ name: String, as: Function.Type) throws -> Function {
            guard let symbol = dlsym(library, name) else {
                throw Failure(code: .usage, message: "--against \(path): has no function \(name)")
            }
            return unsafeBitCast(symbol, to: Function.self)
        }
        resetState = try symbol("yardstick_reset", as: Reset.self)
        runFrames = try symbol("yardstick_run", as: Run.self)
        outputs = try symbol("yardstick_outputs", as: Outputs.self)
        guard let handle = try symbol("yardstick_open", as: Open.self)(loaded.model.file.base) else {
            throw Failure(
                code: .usage, message: "--against \(path): is for networks of another shape than \(loaded.name)")
        }
        self.handle = handle
    }

    func reset() { resetState(handle) }

    func run(_ frames: UnsafePointer<Int16>, _ count: Int) { runFrames(handle, frames, count) }

    /// Refuses unless the readout's source slot has the same elements after every tick.
    func compare(_ network: Network, _ model: Model, _ frames: Frames) throws {
        let slot = model.file.sourceSlot(ofOp: model.readoutIndex)
        var values = [Int32](repeating: 0, count: Int(model.file.slot(slot).count))
        var first: Int?
        network.resetState()
        reset()
        frames.play { start in
            for tick in 0..<frames.count where first == nil {
                let frame = start + tick * frames.channelCount
                _ = network.push(frame, frameCount: 1)
                run(frame, 1)
                network.copyValues(ofSlot: slot, to: &values)
                let own = outputs(handle)
                if values.indices.contains(where: { values[$0] != own[$0] }) { first = tick }
            }
        }
        if let first {
            throw Failure(code: .usage, message: "--against \(name): differs from the network at tick \(first)")
        }
    }
}

/// Times of many rounds, in nanoseconds per tick. JSON keys are these names.
struct Timing: Encodable {
    let name: String
    let median: Double
    let lowerQuartile: Double
    let upperQuartile: Double
    let fastest: Double
    /// Median over the rounds of the network's time over this one's in the same round.
    let networkRatio: Double

    init(_ name: String, _ times: [Double], network: [Double]) {
        self.name = name
        let sorted = times.sorted()
        (median, fastest) = (sorted[sorted.count / 2], sorted[0])
        (lowerQuartile, upperQuartile) = (sorted[sorted.count / 4], sorted[sorted.count * 3 / 4])
        let ratios = zip(network, times).map { $0 / $1 }.sorted()
        networkRatio = ratios[ratios.count / 2]
    }
}

/// JSON keys are these names.
struct BenchReport: Encodable {
    struct Line: Encodable {
        let op: String
        let nanosecondsPerTick: Double
        let share: Double
        let eventsPerTick: Double
        let synapticOperationsPerTick: Double
        let weightBytesPerTick: Double
    }

    let model: String
    let ticksPerRound: Int
    let rounds: Int
    let network: Timing
    let yardsticks: [Timing]
    let ops: [Line]
    let ticksPerSecond: Double
    let synapticOperationsPerSecond: Double
    let weightBytesPerSecond: Double
    /// Spikes given over neurons and ticks.
    let firingRate: Double

    init(_ loaded: LoadedModel, _ network: Network, _ frames: Frames, _ rivals: [Yardstick], seconds: Double) throws {
        /// Nanoseconds per tick of this thread, so that what else the machine does costs rounds little.
        func time(_ body: () -> Void) -> Double {
            let start = OpClock.now(CLOCK_THREAD_CPUTIME_ID)
            body()
            return Double(OpClock.now(CLOCK_THREAD_CPUTIME_ID) - start) / Double(frames.count)
        }
        func once() {
            network.resetState()
            frames.play { start in
                var tick = 0
                while tick < frames.count {
                    tick += network.push(start + tick * frames.channelCount, frameCount: frames.count - tick).taken
                }
            }
        }
        network.resetUsage()
        once()
        let spent = network.totalSpent()
        let opCount = loaded.model.opCount
        let spentByOp = (0..<opCount).map { network.spent(byOp: $0) }
        let neurons = (0..<opCount).filter { spentByOp[Int($0)].neuronTicks > 0 && (loaded.model.fires($0)) }

        var own: [Double] = []
        var others = rivals.map { _ in [Double]() }
        let end = ContinuousClock.now + .seconds(seconds)
        repeat {
            own.append(time(once))
            for (i, rival) in rivals.enumerated() {
                others[i].append(
                    time {
                        rival.reset()
                        frames.play { rival.run($0, frames.count) }
                    })
            }
        } while ContinuousClock.now < end || own.count < 9
        (model, ticksPerRound, rounds) = (loaded.name, frames.count, own.count)
        self.network = Timing("network", own, network: own)
        yardsticks = zip(rivals, others).map { Timing($0.name, $1, network: own) }

        let perOp = OpClock.measure(network, frames, opCount: Int(opCount), rounds: min(own.count, 51))
        let total = max(perOp.reduce(0, +), 1e-9)
        let ticks = Double(frames.count)
        let weightBits = (0..<opCount).map { loaded.model.cost(ofOp: $0).weightBits }
        ops = try opNames(loaded.model).enumerated().map { i, name in
            let operations = Double(spentByOp[i].synapticOperations) / ticks
            return Line(
                op: name, nanosecondsPerTick: perOp[i], share: perOp[i] / total,
                eventsPerTick: Double(spentByOp[i].events) / ticks,
                synapticOperationsPerTick: operations, weightBytesPerTick: operations * Double(weightBits[i]) / 8)
        }
        let ticksPerSecond = 1e9 / self.network.median
        self.ticksPerSecond = ticksPerSecond
        synapticOperationsPerSecond = Double(spent.synapticOperations) / ticks * ticksPerSecond
        weightBytesPerSecond = ops.reduce(0) { $0 + $1.weightBytesPerTick } * ticksPerSecond
        let neuronTicks = neurons.reduce(0) { $0 + spentByOp[Int($1)].neuronTicks }
        firingRate = Double(neurons.reduce(0) { $0 + spentByOp[Int($1)].spikes }) / Double(max(neuronTicks, 1))
    }

    var lines: [String] {
        var timings = Table([
            ("", .left), ("µs/tick", .right), ("quartiles", .right), ("fastest", .right), ("network takes", .right),
        ])
        for timing in [network] + yardsticks {
            func microseconds(_ value: Double) -> String { fixed(value / 1000, 3) }
            timings.add([
                timing.name, microseconds(timing.median),
                "\(microseconds(timing.lowerQuartile)) … \(microseconds(timing.upperQuartile))",
                microseconds(timing.fastest),
                timing.name == "network" ? "" : "\(fixed(timing.networkRatio, 2)) of it",
            ])
        }
        var table = Table([
            ("op", .left), ("ns/tick", .right), ("share", .right), ("events", .right), ("synaptic ops", .right),
            ("weight bytes", .right),
        ])
        for line in ops {
            table.add([
                line.op, fixed(line.nanosecondsPerTick, 0), percent(line.share, of: 1), fixed(line.eventsPerTick, 1),
                fixed(line.synapticOperationsPerTick, 0), fixed(line.weightBytesPerTick, 0),
            ])
        }
        return ["\(model): medians of \(counted(rounds, "round")) of \(counted(ticksPerRound, "tick")) each"]
            + timings.lines()
            + [
                "  \(Int(ticksPerSecond).grouped) ticks/s, \(fixed(synapticOperationsPerSecond / 1e6, 0)) million synaptic operations/s, "
                    + "\(fixed(weightBytesPerSecond / 1e6, 0)) MB of weights/s; \(percent(firingRate, of: 1)) of the neurons fire",
                "", "per tick",
            ] + table.lines()
    }
}

/// What each op takes, by a clock that is read after every op.
enum OpClock {
    /// Nanoseconds per tick: medians over the rounds, less what reading the clock takes.
    static func measure(_ network: Network, _ frames: Frames, opCount: Int, rounds: Int) -> [Double] {
        var overheads: [Double] = []
        var times = [[Double]](repeating: [], count: opCount)
        var sums = [UInt64](repeating: 0, count: opCount + 1)
        for _ in 0..<rounds {
            for i in sums.indices { sums[i] = 0 }
            network.resetState()
            frames.play { start in
                for tick in 0..<frames.count {
                    var op = 0
                    var last = now()
                    let first = now()
                    sums[opCount] += first - last
                    last = first
                    network.push(start + tick * frames.channelCount) {
                        let time = now()
                        sums[op] += time - last
                        op += 1
                        last = now()
                    }
                }
            }
            overheads.append(Double(sums[opCount]) / Double(frames.count))
            for op in 0..<opCount { times[op].append(Double(sums[op]) / Double(frames.count)) }
        }
        let overhead = overheads.sorted()[rounds / 2]
        return times.map { max($0.sorted()[rounds / 2] - overhead, 0) }
    }

    static func now(_ clock: clockid_t = CLOCK_MONOTONIC) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension Model {
    /// Whether an op's neurons give spikes.
    fileprivate func fires(_ number: UInt32) -> Bool { file.slot(file.targetSlot(ofOp: number)).kind == .spikes }
}
