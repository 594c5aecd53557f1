import NIR
import SNNRuntime

/// What a network did on a recording: the reference's scores, and, by its integers at their finest, what its matrices read
/// and how far its membranes reached.
public struct Calibration: Sendable {
    public let recording: Recording
    /// The float reference's scores, per window and class.
    public let scores: [[Double]]
    /// Mean of each element of what matrices read, in the float network's units, which grids do not change.
    let means: [Lowered.Source: [Double]]
    /// Mean square of each, in counts, which grids change by one factor for all.
    let activity: [Lowered.Source: [Double]]
    /// Per population and matrix: how weights of a row round together; nil where there are too many of them.
    let feedback: [[Feedback?]]
    /// Per population and neuron, in units of the float network's membrane: the greatest magnitude of the membrane before its
    /// reset, of the synaptic current and of a tick's input; nil for memories and activations.
    let peaks: [[Double]?]

    /// - Parameters:
    ///   - options: what the networks to come share: window, units, input.
    ///   - file: name of the graph, for messages.
    ///   - progress: is called with the share that is done.
    public init(
        _ recording: Recording, _ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double,
        _ options: CompileOptions,
        file: String, progress: (Double) -> Void = { _ in }
    ) throws {
        var finest = options
        (finest.weights, finest.grid, finest.state, finest.fractionBits) = (
            Choice(16), Choice(.row), Choice(.wide), [:]
        )
        (finest.calibration, finest.prunes) = (nil, false)
        // Reset by hand, so that the last tick of a window can be seen.
        finest.resetsNetwork = false
        let compiled = try compile(graph, schedule, dialect: dialect, dt: dt, finest)
        let program = compiled.program!
        let player = try Player(compiled.bytes)
        var probe = Probe(
            program, tickCount: recording.windows.reduce(0) { $0 + $1.samples.count } / recording.channelCount)
        let reference = try FloatNetwork<Double>(graph, file: file, dialect: dialect, dt: dt)
        let unit = Double(options.count.numerator) / Double(options.count.denominator)
        let output = schedule.order.last { if case .output = graph.nodes[$0]! { true } else { false } }!
        let isSummed = program.lowered.isOutputSummed
        var scores: [[Double]] = []
        for window in recording.windows {
            player.network.resetState()
            probe.restart()
            var run = reference
            var sums = run.values[output]!.map { _ in 0.0 }
            for start in stride(from: 0, to: window.samples.count, by: recording.channelCount) {
                let frame = Array(window.samples[start..<start + recording.channelCount])
                run.tick(frame.map { Double($0) * unit })
                let shown = run.values[output]!
                for i in sums.indices { sums[i] = isSummed ? sums[i] + shown[i] : shown[i] }
                _ = player.network.push(frame, frameCount: 1)
                probe.add(player)
            }
            scores.append(sums)
            progress(Double(scores.count) / Double(recording.windows.count))
        }
        (self.recording, self.scores) = (recording, scores)
        (means, activity, peaks, feedback) = (probe.means, probe.activity, probe.peaks, probe.feedback)
    }
}

/// Looks into a running network after each tick.
private struct Probe {
    private let program: Emitter
    /// In NIR's order.
    private var squares: [Lowered.Source: [Double]] = [:]
    private var totals: [Lowered.Source: [Double]] = [:]
    private(set) var peaks: [[Double]?]
    private var tickCount = 0
    private var products: [[Products?]]

    init(_ program: Emitter, tickCount: Int) {
        self.program = program
        products = program.lowered.populations.map { population in
            population.terms.map { term in
                guard case .dense(_, let columns, _) = term.map, columns <= 512 else { return nil }
                return Products(
                    count: columns, population.neuron, isCentred: program.lowered.isAnalog(term.source),
                    tickCount: tickCount)
            }
        }
        for term in program.lowered.populations.flatMap(\.terms) where squares[term.source] == nil {
            squares[term.source] = Array(repeating: 0, count: program.layout(term.source).count)
        }
        totals = squares
        peaks = program.lowered.populations.map { population in
            if case .neurons = population.neuron.kind { Array(repeating: 0, count: population.count) } else { nil }
        }
    }

    var means: [Lowered.Source: [Double]] {
        var means: [Lowered.Source: [Double]] = [:]
        for (source, totals) in totals {
            let units = program.units(source) ?? totals.map { _ in 1 }
            means[source] = zip(totals, units).map { $0 / Double(max(1, tickCount)) * $1 }
        }
        return means
    }
    var activity: [Lowered.Source: [Double]] { squares.mapValues { $0.map { $0 / Double(max(1, tickCount)) } } }

    var feedback: [[Feedback?]] { products.map { $0.map { $0?.feedback } } }

    /// Behind the last tick of a window.
    mutating func restart() {
        for number in products.indices { for i in products[number].indices { products[number][i]?.restart() } }
    }

    mutating func add(_ player: Player) {
        tickCount += 1
        var shown: [Lowered.Source: [Double]] = [:]
        for source in squares.keys {
            let values = player.values(ofSlot: program.slot(source))
            // As matrices read them.
            let step = Double(1 << Int(program.sourceShift(source)))
            shown[source] = program.layout(source).map { Double(values[$0]) / step }
            for (i, value) in shown[source]!.enumerated() where value != 0 {
                squares[source]![i] += value * value
                totals[source]![i] += value
            }
        }
        for (number, population) in program.lowered.populations.enumerated() {
            addPeaks(of: number, player)
            for (i, term) in population.terms.enumerated() { products[number][i]?.add(shown[term.source]!) }
        }
    }

    private mutating func addPeaks(of number: Int, _ player: Player) {
        guard peaks[number] != nil else { return }
        let (integers, model) = (program.quantized[number], program.lowered.populations[number].neuron)
        let shown = player.values(ofSlot: program.outputs[number])
        let current = player.values(ofSlot: program.currents[number])
        func variable(_ variable: Int) -> [Int32] {
            var values = [Int32](repeating: 0, count: shown.count)
            precondition(
                player.network.copyVariable(UInt32(variable), ofOp: UInt32(program.neuronOps[number]), to: &values))
            return values
        }
        let membranes = model.fires ? variable(0) : shown
        let synaptic = model.currentKeep.isEmpty ? nil : variable(model.fires ? 1 : 0)
        // What a spike took away this tick was there before.
        let isReduced = model.fires && model.reset == .subtract && model.resetDelay == .same
        let factor = Double(1 << integers.fractionBits)
        for (i, place) in program.layout(.population(number)).enumerated() {
            let membrane =
                Double(membranes[place]) + (isReduced ? Double(shown[place]) * Double(integers.threshold[i]) : 0)
            let input = Double(current[place]) * factor + Double(integers.bias[i])
            let reach = max(abs(membrane), abs(input), abs(Double(synaptic?[place] ?? 0)))
            peaks[number]![i] = max(peaks[number]![i], reach / integers.scales[i])
        }
    }
}

/// Mean products of what the sources of a matrix come to in a membrane that it enters, were it never reset. Those of analog
/// sources about their means, which a bias takes up; spikes are rare, and a bias would drive neurons in the silence between.
private struct Products {
    private let (keep, currentKeep): (Double, Double)
    private let isCentred: Bool
    /// Ticks from one that is counted to the next: no more are worth their time.
    private let stride: Int
    private var currents: [Double]
    private var membranes: [Double]
    private var sums: [Double]
    private var totals: [Double]
    private var (tickCount, addedCount) = (0, 0)

    init(count: Int, _ neuron: NeuronModel, isCentred: Bool, tickCount: Int) {
        self.isCentred = isCentred
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
        (keep, currentKeep) = (mean(neuron.keep), mean(neuron.currentKeep))
        stride = max(1, count * count * tickCount >> 30)
        currents = Array(repeating: 0, count: count)
        (membranes, totals, sums) = (currents, currents, Array(repeating: 0, count: count * count))
    }

    mutating func restart() {
        for i in currents.indices { (currents[i], membranes[i]) = (0, 0) }
    }

    mutating func add(_ values: [Double]) {
        let count = values.count
        for i in 0..<count {
            currents[i] = currentKeep * currents[i] + values[i]
            membranes[i] = keep * membranes[i] + currents[i]
        }
        tickCount += 1
        if tickCount % stride != 0 { return }
        addedCount += 1
        for i in 0..<count where membranes[i] != 0 {
            totals[i] += membranes[i]
            let factor = membranes[i]
            for j in 0...i { sums[i * count + j] += factor * membranes[j] }
        }
    }

    var feedback: Feedback {
        let (count, total) = (currents.count, Double(max(1, addedCount)))
        var products = sums
        for i in 0..<count {
            for j in 0...i {
                products[i * count + j] =
                    sums[i * count + j] / total - (isCentred ? totals[i] / total * totals[j] / total : 0)
                products[j * count + i] = products[i * count + j]
            }
        }
        return Feedback(products, count: count)
    }
}
