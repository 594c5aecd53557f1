import Glibc
import SNNRuntime

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

extension Model {
    /// An op's neurons give spikes.
    fileprivate func fires(_ number: UInt32) -> Bool { file.slot(file.targetSlot(ofOp: number)).kind == .spikes }
}
