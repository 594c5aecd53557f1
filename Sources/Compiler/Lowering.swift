import NIR
import Foundation

/// A NIR graph as populations of neurons with linear maps between them: the form that is quantized.
struct Lowered {
    /// Where a map reads: the input, or the spikes or membranes of a population.
    enum Source: Hashable {
        case input
        case population(Int)
        /// A delayed one of them, by its number in `delays`.
        case delay(Int)
        /// A pooled one, by its number in `pools`.
        case pool(Int)
    }

    struct Pool {
        let source: Source
        let pool: PoolNode
        /// Channels, height, width before and behind.
        let from: [Int]
        let to: [Int]
    }

    struct Delay {
        let source: Source
        /// Ticks, per element.
        let ticks: [Int]
    }

    /// y += M·x, with x of this tick or of the last.
    struct Term {
        let source: Source
        var map: LinearMap
        /// Read before anything of this tick is written.
        var isLate: Bool
    }

    struct Population {
        let name: String
        let neuron: NeuronModel
        /// Of what it gives.
        let shape: [Int]
        var terms: [Term]
        /// Constant input, per neuron.
        var bias: [Double]
        var count: Int { shape.reduce(1, *) }
        /// Currents that enter it: one per neuron, or per memory.
        var rowCount: Int { bias.count }
    }

    var inputShape: [Int] = []
    var populations: [Population] = []
    var delays: [Delay] = []
    var pools: [Pool] = []
    /// What the output node shows, and whether every tick of it counts or the last.
    var output = 0
    var isOutputSummed = true
}

/// A population's discrete neurons, all figures per neuron: v = keep·v + gain·x with x through a synaptic current where
/// `currentKeep` is not empty; spikes where v > threshold. Memories and activations have no more of it than gain (1) and drive (0).
struct NeuronModel {
    enum Kind {
        case neurons
        case memory(MemoryNode)
        case activation(ActivationNode)
    }

    var kind = Kind.neurons
    var keep: [Double]
    var gain: [Double]
    var currentKeep: [Double]
    /// Empty where the neurons do not fire.
    var threshold: [Double]
    var reset: Dialect.Reset
    var resetDelay: Dialect.ResetDelay
    /// Constant drive: gain is not applied to it.
    var drive: [Double]
    /// Spikes where v ≥ threshold too.
    var firesAtThreshold = false
    var spikeBits: UInt8 = 1
    var refractoryTicks = 0

    var fires: Bool { !threshold.isEmpty }
    /// The greatest number of spikes in a tick.
    var spikeLimit: Double { Double(1 << Int(spikeBits) - 1) }
    var isActivation: Bool { if case .activation = kind { true } else { false } }
    /// Whether each row may have a grid of its own: what it gives is in units that do not depend on it.
    var hasRowGrids: Bool { fires || isActivation }

    /// Rows that forget and do not fire: v = x.
    init(_ kind: Kind, count: Int) {
        self.kind = kind
        (keep, drive, gain) = (
            Array(repeating: 0, count: count), Array(repeating: 0, count: count), Array(repeating: 1, count: count)
        )
        (currentKeep, threshold, reset, resetDelay) = ([], [], .zero, .same)
    }

    /// How far inputs of at most 1 a tick drive what a row adds up to over `window` ticks.
    func accumulation(_ row: Int, over window: Double) -> Double {
        switch kind {
        case .activation: return 1
        case .memory(let memory): return memory.gain(over: window)
        case .neurons:
            let current = currentKeep.isEmpty ? 1 : min(window, 1 / max(1e-9, 1 - currentKeep[row]))
            return current * (fires ? 1 : min(window, 1 / max(1e-9, 1 - keep[row])))
        }
    }
}

extension MemoryNode {
    /// The greatest magnitude an element reaches within `window` ticks of inputs of at most 1: max over i of Σ_t |(A^t·B)_i|.
    func gain(over window: Double) -> Double {
        var (state, sums) = (b.values, b.values.map(abs))
        for _ in 1..<Int(max(1, min(window, 65536))) {
            state = (0..<order).map { i in (0..<order).reduce(0) { $0 + a.values[i * order + $1] * state[$1] } }
            for i in 0..<order { sums[i] += abs(state[i]) }
            let greatest = state.map(abs).max()!
            if !(greatest > 1e-9 * sums.max()!) || greatest > 1e30 { break }
        }
        return max(1, sums.max()!)
    }
}

/// A convolution between shapes of channels, height and width; `factors` multiply the output channels.
struct ConvolutionMap {
    let convolution: ConvolutionNode
    let from: [Int]
    let to: [Int]
    var factors: [Double]
    /// What is given on are the maxima of windows of the sums, of this shape.
    var maxima: (pool: PoolNode, to: [Int])?

    /// Of what it gives.
    var shape: [Int] { maxima?.to ?? to }

    /// Weights of an output channel: [input channels of its group, kernel height, kernel width].
    func kernel(_ channel: Int) -> [Double] {
        let size = convolution.weight.count / to[0]
        return convolution.weight.values[channel * size..<(channel + 1) * size].map { $0 * factors[channel] }
    }
}

/// One matrix that `groupCount` groups share: group g reads elements g·columns … and gives g·rows …
struct BlockMap {
    let groupCount: Int
    /// Of the matrix, as `values` are: row-major.
    let rows: Int
    let columns: Int
    let values: [Double]

    /// One value for each of `count` places, if it is the same in every group.
    private static func period(_ factors: [Double], _ count: Int) -> [Double]? {
        factors.indices.allSatisfy { factors[$0] == factors[$0 % count] } ? Array(factors.prefix(count)) : nil
    }

    /// Rows and columns multiplied; nil where the factors differ between groups.
    func scaled(rows rowFactors: [Double], columns columnFactors: [Double]) -> BlockMap? {
        guard let a = BlockMap.period(rowFactors, rows), let b = BlockMap.period(columnFactors, columns) else {
            return nil
        }
        return BlockMap(
            groupCount: groupCount, rows: rows, columns: columns,
            values: values.indices.map { values[$0] * a[$0 / columns] * b[$0 % columns] })
    }
}

/// A matrix, a diagonal one, one that groups share, or a convolution.
enum LinearMap {
    case dense(rows: Int, columns: Int, values: [Double])
    case diagonal([Double])
    case block(BlockMap)
    case convolution(ConvolutionMap)

    var rows: Int {
        switch self {
        case .dense(let rows, _, _): rows
        case .diagonal(let values): values.count
        case .block(let map): map.groupCount * map.rows
        case .convolution(let map): map.shape.reduce(1, *)
        }
    }
    var columns: Int {
        switch self {
        case .dense(_, let columns, _): columns
        case .diagonal(let values): values.count
        case .block(let map): map.groupCount * map.columns
        case .convolution(let map): map.from.reduce(1, *)
        }
    }

    /// This map after `first`; nil where one is a convolution that the other cannot be taken into.
    func after(_ first: LinearMap) -> LinearMap? {
        switch (self, first) {
        case (.diagonal(let a), .block(let map)):
            return map.scaled(rows: a, columns: Array(repeating: 1, count: first.columns)).map { .block($0) }
                ?? after(first.spread)
        case (.block(let map), .diagonal(let b)):
            return map.scaled(rows: Array(repeating: 1, count: rows), columns: b).map { .block($0) }
                ?? spread.after(first)
        case (.diagonal(let a), .convolution(var map)):
            // One factor per output channel, or none; maxima stay such under positive ones.
            let place = map.shape[1] * map.shape[2]
            guard a.indices.allSatisfy({ a[$0] == a[$0 / place * place] && (a[$0] >= 0 || map.maxima == nil) }) else {
                return nil
            }
            map.factors = map.factors.indices.map { map.factors[$0] * a[$0 * place] }
            return .convolution(map)
        case (.convolution(var map), .diagonal(let b)):
            guard let factor = b.first, b.allSatisfy({ $0 == factor }) else { return nil }
            map.factors = map.factors.map { $0 * factor }
            return .convolution(map)
        case (.convolution, _), (_, .convolution): return nil
        case (.block, _), (_, .block): return spread.after(first.spread)
        case (.diagonal(let a), .diagonal(let b)): return .diagonal(zip(a, b).map { $0 * $1 })
        case (.diagonal(let a), .dense(let rows, let columns, let values)):
            return .dense(rows: rows, columns: columns, values: values.indices.map { values[$0] * a[$0 / columns] })
        case (.dense(let rows, let columns, let values), .diagonal(let b)):
            return .dense(rows: rows, columns: columns, values: values.indices.map { values[$0] * b[$0 % columns] })
        case (.dense(let rows, let inner, let a), .dense(_, let columns, let b)):
            var values = [Double](repeating: 0, count: rows * columns)
            for row in 0..<rows {
                for k in 0..<inner where a[row * inner + k] != 0 {
                    let factor = a[row * inner + k]
                    for column in 0..<columns { values[row * columns + column] += factor * b[k * columns + column] }
                }
            }
            return .dense(rows: rows, columns: columns, values: values)
        }
    }

    func applied(to x: [Double]) -> [Double] {
        switch self {
        case .diagonal(let values): return zip(values, x).map { $0 * $1 }
        case .dense(let rows, let columns, let values):
            return (0..<rows).map { row in (0..<columns).reduce(0) { $0 + values[row * columns + $1] * x[$1] } }
        case .block(let map):
            let one = LinearMap.dense(rows: map.rows, columns: map.columns, values: map.values)
            return (0..<map.groupCount).flatMap { one.applied(to: Array(x[$0 * map.columns..<($0 + 1) * map.columns])) }
        case .convolution: return Array(repeating: 0, count: rows)  // of zeros only: `mapped` sees to it
        }
    }

    /// The sum; nil where one is a convolution.
    static func + (a: LinearMap, b: LinearMap) -> LinearMap? {
        switch (a, b) {
        case (.diagonal(let x), .diagonal(let y)): return .diagonal(zip(x, y).map { $0 + $1 })
        case (.convolution, _), (_, .convolution): return nil
        default:
            let (x, y) = (a.full, b.full)
            return .dense(rows: a.rows, columns: a.columns, values: zip(x, y).map { $0 + $1 })
        }
    }

    /// Row-major values.
    var full: [Double] {
        switch self {
        case .dense(_, _, let values): return values
        case .block(let map):
            var full = [Double](repeating: 0, count: rows * columns)
            for group in 0..<map.groupCount {
                for (at, value) in map.values.enumerated() {
                    let (row, column) = at.quotientAndRemainder(dividingBy: map.columns)
                    full[(group * map.rows + row) * columns + group * map.columns + column] = value
                }
            }
            return full
        case .diagonal(let values):
            var full = [Double](repeating: 0, count: values.count * values.count)
            for (i, value) in values.enumerated() { full[i * values.count + i] = value }
            return full
        case .convolution: return []
        }
    }

    /// A block as the matrix it stands for.
    var spread: LinearMap {
        guard case .block(let map) = self else { return self }
        if map.values.count == 1 { return .diagonal(Array(repeating: map.values[0], count: map.groupCount)) }
        return .dense(rows: rows, columns: columns, values: full)
    }

    /// The same in the form that takes the least: a matrix as what groups share, or as a diagonal, where it is exactly that.
    var compact: LinearMap {
        guard case .dense(let rows, let columns, let values) = self else { return self }
        if rows == columns, values.indices.allSatisfy({ values[$0] == 0 || $0 % (columns + 1) == 0 }) {
            return .diagonal((0..<rows).map { values[$0 * (columns + 1)] })
        }
        for groupCount in stride(from: min(rows, columns), to: 1, by: -1)
        where rows % groupCount == 0 && columns % groupCount == 0 {
            let (blockRows, blockColumns) = (rows / groupCount, columns / groupCount)
            let isShared = (0..<rows).allSatisfy { row in
                let first = row / blockRows * blockColumns
                return (0..<columns).allSatisfy { column in
                    let value = values[row * columns + column]
                    let isInside = column >= first && column < first + blockColumns
                    return value == (isInside ? values[row % blockRows * columns + column - first] : 0)
                }
            }
            if !isShared { continue }
            let block = (0..<blockRows).flatMap { values[$0 * columns..<$0 * columns + blockColumns] }
            return .block(BlockMap(groupCount: groupCount, rows: blockRows, columns: blockColumns, values: block))
        }
        return self
    }

    /// Rows multiplied by a factor each; nil where a convolution has one factor per channel only.
    func scaled(rows factors: [Double]) -> LinearMap? { LinearMap.diagonal(factors).after(self) }
}

extension Lowered {
    /// What a node gives: a sum of maps of sources, plus a constant.
    private struct Signal {
        var terms: [Term]
        var constant: [Double]
        var shape: [Int]

        static func of(_ source: Source, _ shape: [Int]) -> Signal {
            let count = shape.reduce(1, *)
            let term = Term(source: source, map: .diagonal(Array(repeating: 1, count: count)), isLate: false)
            return Signal(terms: [term], constant: Array(repeating: 0, count: count), shape: shape)
        }

        mutating func add(_ other: Signal) {
            constant = zip(constant, other.constant).map { $0 + $1 }
            for term in other.terms {
                if let at = terms.firstIndex(where: { $0.source == term.source && $0.isLate == term.isLate }),
                    let sum = terms[at].map + term.map
                {
                    terms[at] = Term(source: term.source, map: sum, isLate: term.isLate)
                } else {
                    terms.append(term)
                }
            }
        }

        func mapped(by map: LinearMap, plus bias: [Double]?, _ shape: [Int], _ name: String) throws(CompileError)
            -> Signal
        {
            if case .convolution = map, constant.contains(where: { $0 != 0 }) {
                throw CompileError("\(name): convolves a signal with a bias; put neurons between the two")
            }
            let moved = map.applied(to: constant)
            var mapped: [Term] = []
            for term in terms {
                guard let both = map.after(term.map) else {
                    throw CompileError(
                        "\(name): a weighted signal before or behind a convolution or its maxima; put neurons between the two"
                    )
                }
                mapped.append(Term(source: term.source, map: both, isLate: term.isLate))
            }
            return Signal(
                terms: mapped,
                constant: bias.map { zip(moved, $0).map { $0 + $1 } } ?? moved, shape: shape)
        }

        /// The maxima of a convolution's sums, its biases added behind.
        func maxima(_ pool: PoolNode, _ shape: [Int], _ name: String) throws(CompileError) -> Signal {
            guard terms.count == 1, case .convolution(var map) = terms[0].map, map.maxima == nil else {
                throw CompileError(
                    "\(name): the maxima of a sum or of a weighted signal other than one convolution; put neurons between the two"
                )
            }
            let (before, behind) = (map.to[1] * map.to[2], shape.reduce(1, *) / shape[0])
            map.maxima = (pool, threeDimensional(shape))
            return Signal(
                terms: [Term(source: terms[0].source, map: .convolution(map), isLate: terms[0].isLate)],
                constant: (0..<shape.reduce(1, *)).map { constant[$0 / behind * before] }, shape: shape)
        }

        /// The source, where the signal is nothing but one as it stands, of this tick or of the last.
        var alone: (source: Source, isLate: Bool)? {
            guard terms.count == 1, case .diagonal(let values) = terms[0].map else { return nil }
            return values.allSatisfy { $0 == 1 } && constant.allSatisfy { $0 == 0 }
                ? (terms[0].source, terms[0].isLate) : nil
        }
        var plain: Source? { alone.flatMap { $0.isLate ? nil : $0.source } }
    }

    init(_ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double) throws(CompileError) {
        var signals: [String: Signal] = [:]
        var numbers: [String: Int] = [:]
        var outputs: [String] = []
        func gathered(_ name: String) throws(CompileError) -> Signal {
            let from = graph.inputs(of: name).filter {
                schedule.shapes[$0] != nil && !schedule.recurrent.contains(Graph.Edge(from: $0, to: name))
            }
            guard let first = from.first else { throw CompileError("\(name): reads nothing but recurrent edges") }
            var signal = signals[first]!
            for other in from.dropFirst() { signal.add(signals[other]!) }
            return signal
        }
        for name in schedule.order {
            let shape = schedule.shapes[name]!
            let count = shape.reduce(1, *)
            switch graph.nodes[name]! {
            case .input:
                if !inputShape.isEmpty {
                    throw CompileError("\(name): a second Input, where the format has one stream")
                }
                inputShape = shape
                signals[name] = Signal.of(.input, shape)
                if dialect.inputDelay == 1 { signals[name]!.terms[0].isLate = true }
            case .output: outputs.append(name)
            case .affine(let weight, let bias):
                let map = LinearMap.dense(rows: weight.shape[0], columns: weight.shape[1], values: weight.values)
                signals[name] = try gathered(name).mapped(by: map, plus: bias?.values, shape, name)
            case .scale(let scale):
                signals[name] = try gathered(name).mapped(
                    by: .diagonal(scale.values(for: count)), plus: nil, shape, name)
            case .flatten:
                var signal = try gathered(name)
                signal.shape = shape
                signals[name] = signal
            case .delay(let delay):
                guard let (source, isLate) = try gathered(name).alone else {
                    throw CompileError(
                        "\(name): delays a sum or a weighted signal; put the Delay right behind neurons or the Input")
                }
                guard let all = delay.ticks(of: dt), !isLate || all.max()! < 4095 else {
                    throw CompileError(
                        "\(name): delays by \(delay.values.max()!) s, expected 0 to 4095 ticks of \(dt) s")
                }
                let ticks = count == all.count ? all : Array(repeating: all[0], count: count)
                delays.append(Delay(source: source, ticks: ticks.map { isLate ? $0 + 1 : $0 }))
                signals[name] = Signal.of(.delay(delays.count - 1), shape)
            case .threshold(let threshold):
                var model = NeuronModel(.neurons, count: count)
                model.threshold = threshold.values(for: count)
                try add(name, model, shape, try gathered(name))
            case .neuron(let neuron):
                try add(name, try NeuronModel(neuron, count, name, dialect, dt), shape, try gathered(name))
            case .convolution(let convolution):
                let signal = try gathered(name)
                let map = ConvolutionMap(
                    convolution: convolution, from: threeDimensional(signal.shape), to: threeDimensional(shape),
                    factors: Array(repeating: 1, count: shape[0]))
                let place = count / shape[0]
                let bias = (0..<count).map { convolution.bias.values[$0 / place] }
                signals[name] = try signal.mapped(by: .convolution(map), plus: bias, shape, name)
            case .block(let weight, let bias, let groupCount):
                let map = BlockMap(
                    groupCount: groupCount, rows: weight.shape[0], columns: weight.shape[1], values: weight.values)
                let biases = bias.map { bias in (0..<count).map { bias.values[$0 % map.rows] } }
                signals[name] = try gathered(name).mapped(by: .block(map), plus: biases, shape, name)
            case .memory(let memory):
                let signal = try gathered(name)
                try add(name, NeuronModel(.memory(memory), count: signal.constant.count), shape, signal)
            case .activation(let activation):
                try add(name, NeuronModel(.activation(activation), count: count), shape, try gathered(name))
            case .pool(let pool):
                let signal = try gathered(name)
                if pool.function == .maximum, signal.plain == nil {
                    signals[name] = try signal.maxima(pool, shape, name)
                    break
                }
                guard let source = signal.plain else {
                    throw CompileError("\(name): pools a sum, a weighted or a late signal; put neurons between the two")
                }
                pools.append(
                    Pool(source: source, pool: pool, from: threeDimensional(signal.shape), to: threeDimensional(shape)))
                signals[name] = Signal.of(.pool(pools.count - 1), shape)
            case .unknown(let type): throw CompileError("\(name): \"\(type)\" is no primitive of NIR 1.0")
            }
            func add(_ name: String, _ model: NeuronModel, _ shape: [Int], _ signal: Signal) throws(CompileError) {
                numbers[name] = populations.count
                populations.append(
                    Population(name: name, neuron: model, shape: shape, terms: signal.terms, bias: signal.constant))
                signals[name] = Signal.of(.population(populations.count - 1), shape)
            }
        }
        for edge in schedule.recurrent.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
            guard let number = numbers[edge.to] else {
                throw CompileError("\(edge.to): recurrence that does not end in neurons")
            }
            var signal = Signal(terms: populations[number].terms, constant: populations[number].bias, shape: [])
            var late = signals[edge.from]!
            for i in late.terms.indices {
                if late.terms[i].isLate {
                    throw CompileError(
                        "\(edge.from) to \(edge.to): recurrence of more than one tick; put a Delay there")
                }
                late.terms[i].isLate = true
            }
            signal.add(late)
            (populations[number].terms, populations[number].bias) = (signal.terms, signal.constant)
        }
        guard outputs.count == 1 else {
            throw CompileError("the graph has \(outputs.count) Output nodes, where the format has one")
        }
        let shown = try gathered(outputs[0])
        if case .population(let number)? = shown.plain {
            output = number
            isOutputSummed = populations[number].neuron.fires
        } else {
            // A weighted sum is shown by neurons that forget: v = x.
            let model = NeuronModel(.neurons, count: shown.shape.reduce(1, *))
            output = populations.count
            populations.append(
                Population(
                    name: outputs[0], neuron: model, shape: shown.shape, terms: shown.terms, bias: shown.constant))
        }
        for i in populations.indices {
            for j in populations[i].terms.indices { populations[i].terms[j].map = populations[i].terms[j].map.compact }
        }
    }
}

extension NeuronModel {
    /// A NIR neuron in a dialect.
    init(_ neuron: Neuron, _ count: Int, _ name: String, _ dialect: Dialect, _ dt: Double) throws(CompileError) {
        let made: [Dialect.Neuron]
        do { made = try dialect.neurons(neuron, count: count, dt: dt, file: "", name: name) } catch {
            throw CompileError("\(error.place!): \(error.message)")
        }
        keep = made.map(\.keep)
        gain = made.map { $0.gain * $0.currentGain }
        drive = made.map(\.drive)
        currentKeep = neuron.kind.hasSynapses ? made.map(\.currentKeep) : []
        if dialect.startsAtLeak && drive.contains(where: { $0 != 0 }) {
            throw CompileError(
                "\(name): v_leak is not 0, where membranes of dialect \(dialect.name) start; take it from the thresholds"
            )
        }
        if neuron.kind.hasSynapses && drive.contains(where: { $0 != 0 }) {
            throw CompileError("\(name): v_leak is not 0 beside a synaptic current, which cannot be compiled yet")
        }
        if let i = keep.firstIndex(where: { $0 < 0 }) {
            throw CompileError("\(name): tau is \(neuron.tau!.values(for: count)[i]) s, shorter than a tick of \(dt) s")
        }
        if let i = currentKeep.firstIndex(where: { $0 < 0 }) {
            throw CompileError(
                "\(name): tau_syn is \(neuron.tauSynapse!.values(for: count)[i]) s, shorter than a tick of \(dt) s")
        }
        threshold = neuron.kind.fires ? zip(neuron.threshold!.values(for: count), made).map { $0 / $1.unit } : []
        if dialect.reset == .inside && neuron.kind.fires {
            throw CompileError(
                "\(name): dialect \(dialect.name) resets inside the tick, by a division that the format has not; --reset subtract does so at its end"
            )
        }
        if let reset = neuron.reset, reset.values.contains(where: { $0 != 0 }) {
            throw CompileError("\(name): v_reset is not 0")
        }
        if threshold.contains(where: { $0 < 0 }) { throw CompileError("\(name): v_threshold is negative") }
        (reset, resetDelay) = (dialect.reset, dialect.resetDelay(of: neuron.kind))
        (firesAtThreshold, spikeBits) = (dialect.firesAtThreshold, dialect.spikeBits)
        // Held at zero for a tick.
        if dialect.pauses(neuron.kind) { (resetDelay, refractoryTicks) = (.same, 1) }
    }
}

/// Channels, height, width; one-dimensional signals have a height of 1.
func threeDimensional(_ shape: [Int]) -> [Int] { shape.count == 3 ? shape : [shape[0], 1, shape[1]] }
