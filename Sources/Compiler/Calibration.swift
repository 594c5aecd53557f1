import NIR
import SNNRuntime

/// What a network did on a recording: the reference's scores, and, by its integers at their finest, what its matrices read
/// and how far its membranes reached.
public struct Calibration: Sendable {
    public let recording: Recording
    /// The float reference's scores, per window and class.
    public let scores: [[Double]]
    /// Mean square of each element of what matrices read, in counts.
    let activity: [Lowered.Source: [Double]]
    /// Per population and neuron, in units of the float network's membrane: the greatest magnitude of the membrane before its
    /// reset, of the synaptic current and of a tick's input.
    let peaks: [[Double]]

    /// - Parameters:
    ///   - options: what the networks to come share: window, units, input.
    ///   - file: name of the graph, for messages.
    ///   - progress: is called with the share that is done.
    public init(
        _ recording: Recording, _ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double, _ options: CompileOptions,
        file: String, progress: (Double) -> Void = { _ in }
    ) throws {
        var finest = options
        (finest.weights, finest.grid, finest.state, finest.fractionBits) = (Choice(16), Choice(.row), Choice(.wide), [:])
        finest.calibration = nil
        // One tick more, so that the last one of a window has not reset anything.
        finest.window = min(options.window + 1, 1 << 24)
        let compiled = try compile(graph, schedule, dialect: dialect, dt: dt, finest)
        let player = try Player(compiled.bytes)
        var probe = Probe(compiled.program)
        let reference = try FloatNetwork<Double>(graph, file: file, dialect: dialect, dt: dt)
        let unit = Double(options.count.numerator) / Double(options.count.denominator)
        let output = schedule.order.last { if case .output = graph.nodes[$0]! { true } else { false } }!
        let isSummed = compiled.program.lowered.isOutputSummed
        var scores: [[Double]] = []
        for window in recording.windows {
            player.network.resetState()
            var run = reference
            var sums = run.values[output]!.map { _ in 0.0 }
            for start in stride(from: 0, to: window.samples.count, by: recording.channelCount) {
                let frame = Array(window.samples[start..<start + recording.channelCount])
                run.tick(frame.map { Double($0) * unit })
                let shown = run.values[output]!
                for i in sums.indices { sums[i] = isSummed ? sums[i] + shown[i] : shown[i] }
                if !player.network.push(frame, frameCount: 1).hasResult { probe.add(player) }
            }
            scores.append(sums)
            progress(Double(scores.count) / Double(recording.windows.count))
        }
        (self.recording, self.scores) = (recording, scores)
        (activity, peaks) = (probe.activity, probe.peaks)
    }
}

/// Looks into a running network after each tick.
private struct Probe {
    private let program: Emitter
    private var squares: [Lowered.Source: [Double]] = [:]
    private(set) var peaks: [[Double]]
    private var tickCount = 0

    init(_ program: Emitter) {
        self.program = program
        for term in program.lowered.populations.flatMap(\.terms) where squares[term.source] == nil {
            squares[term.source] = Array(repeating: 0, count: program.layout(term.source).count)
        }
        peaks = program.lowered.populations.map { Array(repeating: 0, count: $0.count) }
    }

    /// In NIR's order.
    var activity: [Lowered.Source: [Double]] {
        var activity: [Lowered.Source: [Double]] = [:]
        for (source, squares) in squares { activity[source] = program.layout(source).map { squares[$0] / Double(max(1, tickCount)) } }
        return activity
    }

    mutating func add(_ player: Player) {
        tickCount += 1
        for (source, var sums) in squares {
            squares[source] = nil
            for (i, value) in player.values(ofSlot: program.slot(source)).enumerated() where value != 0 {
                sums[i] += Double(value) * Double(value)
            }
            squares[source] = sums
        }
        for number in peaks.indices { addPeaks(of: number, player) }
    }

    private mutating func addPeaks(of number: Int, _ player: Player) {
        let (integers, model) = (program.quantized[number], program.lowered.populations[number].neuron)
        let shown = player.values(ofSlot: program.outputs[number])
        let current = player.values(ofSlot: program.currents[number])
        func variable(_ variable: Int) -> [Int32] {
            var values = [Int32](repeating: 0, count: shown.count)
            precondition(player.network.copyVariable(UInt32(variable), ofOp: UInt32(program.neuronOps[number]), to: &values))
            return values
        }
        let membranes = model.fires ? variable(0) : shown
        let synaptic = model.currentKeep.isEmpty ? nil : variable(model.fires ? 1 : 0)
        // What a spike took away this tick was there before.
        let isReduced = model.fires && model.reset == .subtract && model.resetDelay == .same
        let factor = Double(1 << integers.fractionBits)
        for (i, place) in program.layout(.population(number)).enumerated() {
            let membrane = Double(membranes[place]) + (isReduced && shown[place] != 0 ? Double(integers.threshold[i]) : 0)
            let input = Double(current[place]) * factor + Double(integers.bias[i])
            let reach = max(abs(membrane), abs(input), abs(Double(synaptic?[place] ?? 0)))
            peaks[number][i] = max(peaks[number][i], reach / integers.scales[i])
        }
    }
}
