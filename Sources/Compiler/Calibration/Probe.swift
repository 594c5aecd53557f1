import NIR
import SNNRuntime

/// A probe looks into a running program after each tick.
struct Probe {
    private let quantized: Quantized
    private var network: Lowered { quantized.network }
    /// Sources that matrices read.
    private var sources: [Source] = []
    private var populations: [Population] = []
    private(set) var peaks: [[Double]?]
    private var tickCount = 0

    /// A source and what it showed, element after element in NIR's order.
    fileprivate struct Source {
        let source: Lowered.Source
        let slot: Int
        let order: [Int]
        /// Its counts come to one as matrices read them.
        let step: Double
        var values: [Double]
        var squares: [Double]
        var totals: [Double]
    }

    /// What is looked at of a population.
    private struct Population {
        let places: Program.Population
        let order: [Int]
        /// By matrix: the number of its source, and the products of what the sources come to; nil where there are too many.
        var matrices: [(source: Int, products: MembraneProducts?)]
    }

    /// - Parameters:
    ///   - quantized: the network that the program is of.
    ///   - tickCount: all ticks that it will look at.
    init(_ program: Program, of quantized: Quantized, tickCount: Int) {
        self.quantized = quantized
        let network = quantized.network
        peaks = network.populations.map { population in
            if case .neurons = population.neuron.kind { Array(repeating: 0, count: population.count) } else { nil }
        }
        for (number, population) in network.populations.enumerated() {
            let matrices = population.terms.map { term -> (source: Int, products: MembraneProducts?) in
                let source = addSource(term.source)
                guard case .dense(_, let columns, _) = term.map, columns <= 512, term.delays.isEmpty else {
                    return (source, nil)
                }
                let products = MembraneProducts(
                    count: columns, population.neuron, isCentred: network.isAnalog(term.source), tickCount: tickCount)
                return (source, products)
            }
            populations.append(
                Population(
                    places: program.populations[number], order: quantized.order(.population(number)), matrices: matrices
                ))
        }
    }

    /// The number of a source, new or known.
    private mutating func addSource(_ source: Lowered.Source) -> Int {
        if let known = sources.firstIndex(where: { $0.source == source }) { return known }
        let order = quantized.order(source)
        let zeros = order.map { _ in 0.0 }
        sources.append(
            Source(
                source: source, slot: quantized.placement.slot(.source(source)), order: order,
                step: Double(1 << quantized.readShift(source)), values: zeros, squares: zeros, totals: zeros))
        return sources.count - 1
    }

    private func bySource<Value>(_ value: (Source) -> Value?) -> [Lowered.Source: Value] {
        sources.reduce(into: [:]) { $0[$1.source] = value($1) }
    }
    private func perTick(_ sums: [Double]) -> [Double] { sums.map { $0 / Double(max(1, tickCount)) } }

    var means: [Lowered.Source: [Double]] {
        bySource { source in
            let units = quantized.units(source.source) ?? source.totals.map { _ in 1 }
            return zip(perTick(source.totals), units).map { $0 * $1 }
        }
    }
    var activity: [Lowered.Source: [Double]] { bySource { perTick($0.squares) } }
    /// What one count of each element is worth; of sources that are no spikes.
    var units: [Lowered.Source: [Double]] { bySource { quantized.units($0.source) } }

    /// Behind the last tick.
    mutating func feedback() -> [[Feedback?]] {
        populations.indices.map { number in
            populations[number].matrices.indices.map { populations[number].matrices[$0].products?.feedback() }
        }
    }

    /// Behind the last tick of a window.
    mutating func restart() {
        for number in populations.indices {
            for i in populations[number].matrices.indices { populations[number].matrices[i].products?.restart() }
        }
    }

    mutating func add(_ player: Player) {
        tickCount += 1
        for number in sources.indices { sources[number].add(player.values(ofSlot: sources[number].slot)) }
        for number in populations.indices {
            addPeaks(of: number, player)
            for i in populations[number].matrices.indices {
                let source = populations[number].matrices[i].source
                populations[number].matrices[i].products?.add(sources[source].values)
            }
        }
    }

    private mutating func addPeaks(of number: Int, _ player: Player) {
        guard peaks[number] != nil else { return }
        let (integers, model) = (quantized.populations[number], network.populations[number].neuron)
        let places = populations[number].places
        let shown = player.values(ofSlot: places.output)
        let current = player.values(ofSlot: places.current)
        func variable(_ variable: Int) -> [Int32] {
            var values = [Int32](repeating: 0, count: shown.count)
            precondition(player.network.copyVariable(UInt32(variable), ofOp: UInt32(places.op), to: &values))
            return values
        }
        let membranes = model.fires ? variable(0) : shown
        let synaptic = model.currentKeep.isEmpty ? nil : variable(model.fires ? 1 : 0)
        // What a spike took away this tick was there before.
        let isReduced = model.fires && model.reset == .subtract && model.resetDelay == .same
        let factor = Double(1 << integers.fractionBits)
        for (i, place) in populations[number].order.enumerated() {
            let membrane =
                Double(membranes[place]) + (isReduced ? Double(shown[place]) * Double(integers.threshold[i]) : 0)
            let input = Double(current[place]) * factor + Double(integers.bias[i])
            let reach = max(abs(membrane), abs(input), abs(Double(synaptic?[place] ?? 0)))
            peaks[number]![i] = max(peaks[number]![i], reach / integers.scales[i])
        }
    }
}

extension Probe.Source {
    fileprivate mutating func add(_ shown: [Int32]) {
        for (i, place) in order.enumerated() {
            let value = Double(shown[place]) / step
            values[i] = value
            if value == 0 { continue }
            squares[i] += value * value
            totals[i] += value
        }
    }
}
