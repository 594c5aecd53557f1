import Glibc
import NIR

/// Ranges are what is known of a network's integers before any weight is quantized: the greatest values that are read, shifts,
/// and how far populations reach that are read above their place in the program.
struct Ranges {
    /// How samples become the input's values.
    private(set) var inputFields = InputConversion.Fields()
    /// What one count of each element of the input is worth, in the network's own units.
    private(set) var inputUnits: [Double] = []
    /// The greatest integer that a source's elements reach as they are read.
    private(set) var largest: [Lowered.Source: Double] = [:]
    /// The bits by which each pool's sums are shifted to fit 16.
    private(set) var poolShifts: [Int] = []
    /// How far populations without spikes reach that are read before they are quantized, in the network's own units. Beyond,
    /// they saturate.
    private(set) var expected: [Int: Double] = [:]
    /// The bits by which each population's state of 32 is shifted as it is read.
    private(set) var readShifts: [Int] = []
    /// Memories that are computed by a recurrence.
    private(set) var recurrences: [Int: MemoryRecurrence] = [:]

    /// - Throws: a memory that is to be a recurrence and is none.
    init(_ network: Lowered, _ placement: Placement, _ options: CompileOptions) throws(CompileError) {
        recurrences = try MemoryRecurrence.chosen(for: network, options)
        try setInput(network, placement, options)
        setLargest(network, options)
        setExpected(network, window: Double(options.window))
        setReadShifts(network, window: Double(options.window))
    }

    /// Samples are shifted channel by channel, or all alike where convolutions and pools read them.
    private mutating func setInput(_ network: Lowered, _ placement: Placement, _ options: CompileOptions)
        throws(CompileError)
    {
        var shifts = Array(repeating: 0, count: network.inputCount)
        if options.inputShifts.count == network.inputCount {
            let isShared = placement.channels[.input] != nil
            shifts = isShared ? shifts.map { _ in options.inputShifts.max()! } : options.inputShifts
        }
        let conversion = try InputConversion(options, channelCount: network.inputCount)
        (inputFields, inputUnits) = conversion.integers(shifts: shifts)
    }

    private mutating func setLargest(_ network: Lowered, _ options: CompileOptions) {
        poolShifts = network.pools.map { _ in 0 }
        func find(_ source: Lowered.Source) -> Double {
            if let known = largest[source] { return known }
            let value: Double
            switch source {
            case .input: value = Double(options.inputLimit)
            case .population(let number):
                let population = network.populations[number]
                value = population.neuron.fires ? population.neuron.spikeLimit : population.isStart ? 1 : 32767
            case .delay(let number): value = find(network.delays[number].source)
            case .pool(let number):
                let pool = network.pools[number]
                if pool.node.function == .maximum {
                    value = find(pool.source)
                } else {
                    let sum = Double(pool.node.kernel[0] * pool.node.kernel[1]) * find(pool.source)
                    poolShifts[number] = max(0, Int(log2(sum / 32767).rounded(.up)))
                    value = min(32767, (sum / Double(1 << poolShifts[number])).rounded(.up))
                }
            }
            largest[source] = value
            return value
        }
        _ = find(.input)
        for number in network.populations.indices { _ = find(.population(number)) }
        for number in network.delays.indices { _ = find(.delay(number)) }
        for number in network.pools.indices { _ = find(.pool(number)) }
    }

    private mutating func setExpected(_ network: Lowered, window: Double) {
        let readEarly = network.populations.enumerated().flatMap { number, population in
            population.terms.compactMap { network.population(behind: $0.source) }.filter {
                $0 >= number && !network.populations[$0].neuron.fires && !network.populations[$0].isStart
            }
        }
        // 0 stands for a range that is not known yet.
        for number in readEarly { expected[number] = 0 }
        for number in expected.keys.sorted() { expected[number] = reach(of: number, network, window).greatest }
    }

    /// Membranes of 30 bits are read in steps of 2^15, those that recurrences leave fewer bits in finer ones. States of expected
    /// ranges leave as many bits unused as the sums they enter need.
    private mutating func setReadShifts(_ network: Lowered, window: Double) {
        let membraneShifts = network.populations.indices.map { max(0, (recurrences[$0]?.stateBits ?? 30) - 15) }
        readShifts = membraneShifts
        for (number, range) in expected {
            let sum = reach(of: number, network, window).sum / range
            readShifts[number] -= min(membraneShifts[number], Int(log2(max(1, sum)).rounded(.up)))
        }
    }
}

extension Ranges {
    /// How far a population without spikes may be expected to reach: its greatest input, adding up over the window. What it
    /// reads of itself and of later ones without a range of their own is unknown, and counts as much as all the rest.
    ///
    /// - Returns: that, and the greatest input.
    private func reach(of number: Int, _ network: Lowered, _ window: Double) -> (greatest: Double, sum: Double) {
        let population = network.populations[number]
        var (sums, isOpen) = ((0..<population.rowCount).map { abs(population.bias[$0]) }, false)
        for term in population.terms {
            guard let limit = valueLimit(term.source, before: number, network, window) else {
                isOpen = true
                continue
            }
            let rows = term.map.storedRows
            for (row, sum) in rows.spread(rows.list.map { $0.reduce(0) { $0 + abs($1) } }).enumerated() {
                sums[row] += limit * sum
            }
        }
        let model = population.neuron
        let inputs = sums.indices.map { abs(model.gain[$0]) * sums[$0] + abs(model.drive[$0]) }
        let greatest = inputs.indices.map { max(1, model.accumulation($0, over: window)) * inputs[$0] }.max()!
        return (max(1e-30, isOpen ? 2 * greatest : greatest), inputs.max()!)
    }

    /// The greatest magnitude of a source's elements in the network's own units; nil where it is not known before `number` is.
    private func valueLimit(
        _ source: Lowered.Source, before number: Int, _ network: Lowered, _ window: Double
    ) -> Double? {
        switch source {
        case .input: return largest[source]! * inputUnits.max()!
        case .delay(let delay): return valueLimit(network.delays[delay].source, before: number, network, window)
        case .pool(let pool):
            let node = network.pools[pool].node
            let elements = node.function == .sum ? Double(node.kernel[0] * node.kernel[1]) : 1
            return valueLimit(network.pools[pool].source, before: number, network, window).map { $0 * elements }
        case .population(let other):
            let model = network.populations[other].neuron
            if model.fires { return model.spikeLimit }
            if case .activation(let function) = model.kind {
                guard case .clip(let low, let high) = function else { return 1 }
                if high.isFinite { return max(abs(low), abs(high)) }
            }
            if let range = expected[other], range > 0 { return range }
            return other < number ? reach(of: other, network, window).greatest : nil
        }
    }
}
