import Glibc
import NIR
import SNNRuntime

/// A quantized network is a lowered one with the integers of its populations.
struct Quantized {
    /// The network whose integers these are: without what pruning left out, once pruned.
    var network: Lowered
    let placement: Placement
    let ranges: Ranges
    /// Width of the input's values.
    let inputBits: UInt8
    /// Integers of the populations, in their order.
    var populations: [QuantizedPopulation] = []
}

extension Quantized {
    /// Grids are found in the order of the populations: what one reads has a grid by then, or, where it is read early, a range.
    ///
    /// - Throws: sums and thresholds that integers do not hold.
    init(_ network: Lowered, _ placement: Placement, _ ranges: Ranges, _ options: CompileOptions) throws(CompileError) {
        self.init(network: network, placement: placement, ranges: ranges, inputBits: options.inputBits)
        for (number, population) in network.populations.enumerated() {
            let sources = population.terms.indices.map { source(ofTerm: $0, into: number, options) }
            let settings = settings(number, sources, options)
            var integers = try PopulationQuantizer(population, sources, settings).quantized()
            if let recurrence = ranges.recurrences[number]?.recurrence {
                integers.report.recurrence = .init(
                    degree: recurrence.degree, substeps: recurrence.substeps, segments: options.segments,
                    error: recurrence.error)
            }
            populations.append(integers)
        }
    }

    private func source(
        ofTerm term: Int, into population: Int, _ options: CompileOptions
    ) -> PopulationQuantizer.Source {
        let source = network.populations[population].terms[term].source
        let units = units(source)
        let calibration = options.calibration
        var shown = PopulationQuantizer.Source(
            name: network.name(source), units: units, largest: ranges.largest[source]!, slotLimit: slotLimit(source),
            means: units.flatMap { units in calibration?.means[source].map { zip($0, units).map { $0 / $1 } } },
            activity: calibration?.activity[source], feedback: calibration?.feedback[population][term],
            isFitted: options.fitsRounding)
        // Counts of channels that are shifted otherwise than they were in calibration are worth otherwise too.
        if let units, let before = calibration?.units[source] {
            let ratios = zip(before, units).map { $0 / $1 }
            if ratios.contains(where: { $0 != ratios[0] }) {
                shown.activity = shown.activity.map { zip($0, ratios).map { $0 * $1 * $1 } }
                shown.feedback = shown.feedback?.scaled(by: ratios)
            }
        }
        return shown
    }

    private func settings(
        _ number: Int, _ sources: [PopulationQuantizer.Source], _ options: CompileOptions
    ) -> PopulationQuantizer.Settings {
        let population = network.populations[number]
        var settings = PopulationQuantizer.Settings(
            weightBits: sources.map { options.weights[MatrixName(from: $0.name, into: population.name)] },
            grid: options.grid[population.name], state: options.state[population.name],
            fractionBits: options.fractionBits[population.name], window: Double(options.window),
            peaks: options.calibration?.peaks[number], margin: options.margin)
        settings.steps = options.steps[population.name]
        if population.isStart { settings.weightBits = [2] }
        settings.isFitted = options.fitsRounding
        settings.stateLimit = ranges.recurrences[number].map { exp2(Double($0.stateBits)) - 1 }
        if !population.neuron.isActivation {
            settings.scale = ranges.expected[number].map { exp2(Double(15 + ranges.readShifts[number])) / $0 }
        }
        return settings
    }
}

/// These functions say what the integers of a source are: of populations only those that are quantized already, or have a range.
extension Quantized {
    /// What one count of each of a source's elements is worth, in the network's own units; nil for spikes.
    func units(_ source: Lowered.Source) -> [Double]? {
        func all(_ unit: Double) -> [Double] { Array(repeating: unit, count: network.count(source)) }
        switch source {
        case .input: return ranges.inputUnits
        case .population(let number):
            let model = network.populations[number].neuron
            if model.fires { return nil }
            if model.isActivation { return all(activationUnit(number)) }
            if let range = ranges.expected[number] { return all(range / 32768) }
            return all(Double(1 << readShift(source)) / populations[number].scales[0])
        case .delay(let number): return units(network.delays[number].source)
        case .pool(let number):
            let pool = network.pools[number]
            // One unit per channel.
            let (before, behind) = (pool.from[1] * pool.from[2], pool.to[1] * pool.to[2])
            let inner = units(pool.source)
            let unit = inner.map { inner in (0..<network.count(source)).map { inner[$0 / behind * before] } }
            if pool.node.function == .maximum { return unit }
            // An average is a sum whose counts are worth less.
            let share = pool.node.isAverage ? 1 / Double(pool.node.kernel[0] * pool.node.kernel[1]) : 1
            let factor = share * Double(1 << ranges.poolShifts[number])
            return unit.map { $0.map { $0 * factor } } ?? all(factor)
        }
    }

    /// What one count of an activation is worth.
    func activationUnit(_ number: Int) -> Double {
        if network.populations[number].isStart { return 1 }
        guard case .activation(.clip(let low, let high)) = network.populations[number].neuron.kind else {
            return exp2(-15)
        }
        let greatest = ranges.expected[number] ?? populations[number].greatest
        let range = max(min(abs(low), greatest), min(abs(high), greatest))
        return range > 0 ? range / 32767 : 1
    }

    /// Type and width of a source's slot.
    func slotType(_ source: Lowered.Source) -> (kind: Slot.Kind, bits: UInt8) {
        switch source {
        case .input: return (.analog, inputBits)
        case .population(let number):
            let model = network.populations[number].neuron
            if model.fires { return (.spikes, model.spikeBits) }
            if model.isActivation { return (.analog, network.populations[number].isStart ? 2 : 16) }
            return (.analog, ranges.expected[number] != nil ? 32 : UInt8(populations[number].stateBits))
        case .delay(let number): return slotType(network.delays[number].source)
        case .pool(let number):
            if network.pools[number].node.function == .maximum { return slotType(network.pools[number].source) }
            let limit = ranges.largest[source]!
            return (.analog, (2...16 as ClosedRange<UInt8>).first { limit <= Double(1 << (Int($0) - 1) - 1) }!)
        }
    }

    /// The greatest integer that a slot of a source's type holds, as it is read.
    func slotLimit(_ source: Lowered.Source) -> Double {
        let (kind, bits) = slotType(source)
        if kind == .spikes { return exp2(Double(bits)) - 1 }
        return bits == 32 ? ranges.largest[source]! : exp2(Double(bits) - 1) - 1
    }

    /// The bits by which a source's elements are shifted as they are read: 0 but for states of 32 bits.
    func readShift(_ source: Lowered.Source) -> Int {
        guard slotType(source).bits == 32, let number = network.population(behind: source) else { return 0 }
        return ranges.readShifts[number]
    }

    /// The place in its slot of each of a source's elements.
    func order(_ source: Lowered.Source) -> [Int] { placement.order(source, count: network.count(source)) }
}
