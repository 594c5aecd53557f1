import NIR
import SNNRuntime

/// A probe looks into a running program after each tick.
struct Probe {
    private let program: Program
    private let quantized: Quantized
    private var network: Lowered { quantized.network }
    /// In NIR's order.
    private var squares: [Lowered.Source: [Double]] = [:]
    private var totals: [Lowered.Source: [Double]] = [:]
    private(set) var peaks: [[Double]?]
    private var tickCount = 0
    private var products: [[MembraneProducts?]]

    /// - Parameters:
    ///   - quantized: the network that the program is of.
    ///   - tickCount: all ticks that it will look at.
    init(_ program: Program, of quantized: Quantized, tickCount: Int) {
        (self.program, self.quantized) = (program, quantized)
        let network = quantized.network
        products = network.populations.map { population in
            population.terms.map { term in
                guard case .dense(_, let columns, _) = term.map, columns <= 512, term.delays.isEmpty else { return nil }
                return MembraneProducts(
                    count: columns, population.neuron, isCentred: network.isAnalog(term.source),
                    tickCount: tickCount)
            }
        }
        for term in network.populations.flatMap(\.terms) where squares[term.source] == nil {
            squares[term.source] = Array(repeating: 0, count: quantized.order(term.source).count)
        }
        totals = squares
        peaks = network.populations.map { population in
            if case .neurons = population.neuron.kind { Array(repeating: 0, count: population.count) } else { nil }
        }
    }

    var means: [Lowered.Source: [Double]] {
        var means: [Lowered.Source: [Double]] = [:]
        for (source, totals) in totals {
            let units = quantized.units(source) ?? totals.map { _ in 1 }
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
            let values = player.values(ofSlot: quantized.placement.slot(.source(source)))
            // As matrices read them.
            let step = Double(1 << quantized.readShift(source))
            shown[source] = quantized.order(source).map { Double(values[$0]) / step }
            for (i, value) in shown[source]!.enumerated() where value != 0 {
                squares[source]![i] += value * value
                totals[source]![i] += value
            }
        }
        for (number, population) in network.populations.enumerated() {
            addPeaks(of: number, player)
            for (i, term) in population.terms.enumerated() { products[number][i]?.add(shown[term.source]!) }
        }
    }

    private mutating func addPeaks(of number: Int, _ player: Player) {
        guard peaks[number] != nil else { return }
        let (integers, model) = (quantized.populations[number], network.populations[number].neuron)
        let places = program.populations[number]
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
        for (i, place) in quantized.order(.population(number)).enumerated() {
            let membrane =
                Double(membranes[place]) + (isReduced ? Double(shown[place]) * Double(integers.threshold[i]) : 0)
            let input = Double(current[place]) * factor + Double(integers.bias[i])
            let reach = max(abs(membrane), abs(input), abs(Double(synaptic?[place] ?? 0)))
            peaks[number]![i] = max(peaks[number]![i], reach / integers.scales[i])
        }
    }
}
