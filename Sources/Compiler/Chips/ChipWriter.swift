import SNNRuntime

/// A chip writer makes slots and ops of a network in a chip's integers.
struct ChipWriter {
    private let network: ChipNetwork
    private let layout: ChipLayout
    private var program: Program
    private let inputBits: UInt8
    private let classes: [String]
    private let input: Int
    /// Currents, spikes, and spikes behind their delays, of each population.
    private var slots: [(sums: Int, spikes: Int, shown: Int)] = []

    init(_ network: ChipNetwork, _ options: CompileOptions) throws(CompileError) {
        self.network = network
        layout = try ChipLayout(network)
        let shown = network.populations[network.output]
        let names = try options.names(
            inputCount: network.inputCount, outputCount: network.outputGroups ?? shown.count)
        (classes, inputBits) = (names.classes, options.inputBits)
        program = Program(
            stream: options.title, rate: options.rate,
            channels: options.channels(names.channels))
        input = program.addSlot(
            .analog, bits: options.inputBits, count: network.inputCount, isPersistent: network.isInputLate)
        for number in network.populations.indices { slots.append(addSlots(of: number)) }
    }

    func written(_ options: CompileOptions) throws(CompileError) -> Program {
        var writer = self
        writer.write(options)
        return writer.program
    }

    private mutating func write(_ options: CompileOptions) {
        if !network.isInputLate { addInput() }
        for (number, population) in network.populations.enumerated() {
            for term in population.terms where term.isLate || term.source == nil { add(term, into: number) }
        }
        if network.isInputLate { addInput() }
        for (number, population) in network.populations.enumerated() {
            for term in population.terms where !term.isLate && term.source != nil { add(term, into: number) }
            addNeurons(number)
        }
        let readout = ReadoutOp(integration: .sum, resetsNetwork: true, window: options.window)
        let op = program.add(readout, from: scores(), to: nil)
        program.setOutput("class", op: op, classes: classes)
        program.nodes = program.populations.indices.map { number in
            NodePlace(
                slot: program.populations[number].output, node: program.populations[number].name,
                order: layout.populations[number].map { .channelsLast($0) } ?? .nir)
        }
        program.metadata = network.origin + ["target: \(network.chip.rawValue)"] + program.nodes.map(\.line)
    }

    private mutating func addSlots(of number: Int) -> (sums: Int, spikes: Int, shown: Int) {
        let population = network.populations[number]
        let sums =
            network.chip == .loihi
            ? program.addSlot(.current, bits: 32, count: population.count)
            : program.addSlot(.synaptic, bits: 16, count: population.count, isPersistent: true)
        let isReadLate = network.populations.contains { $0.terms.contains { $0.source == number && $0.isLate } }
        let bits: UInt8 = network.chip == .xylo && number != network.output ? 5 : 1
        let isDelayed = !population.delays.isEmpty
        let spikes = program.addSlot(
            .spikes, bits: bits, count: population.count, isPersistent: isReadLate && !isDelayed)
        if !isDelayed { return (sums, spikes, spikes) }
        return (sums, spikes, program.addSlot(.spikes, bits: bits, count: population.count, isPersistent: isReadLate))
    }

    private mutating func addInput() {
        let count = network.inputCount
        let multipliers = network.input.multipliers
        let op = InputOp(
            shift: network.input.shift,
            channels: (0..<count).map { (offset: 0, multiplier: multipliers[multipliers.count == 1 ? 0 : $0]) })
        guard let channels = layout.input else {
            program.add(op, from: program.stream.slot, to: input)
            return
        }
        // Channels last, through a permutation that changes no value.
        let channelsFirst = program.addSlot(.analog, bits: inputBits, count: count)
        let moved = program.addSlot(.current, bits: 32, count: count)
        program.add(op, from: program.stream.slot, to: channelsFirst)
        let synapses = ChipLayout.places(count, channels: channels).map { [SparseOp.Synapse(target: $0, weight: 1)] }
        program.add(SparseOp(runs: synapses, targetCount: count), from: channelsFirst, to: moved)
        addClip(from: moved, to: input, limit: 1 << (Int(inputBits) - 1) - 1)
    }

    private mutating func addClip(from source: Int, to target: Int, limit: Int) {
        program.add(
            ActivationOp(function: .clip, shift: 0, multiplier: .shared(1), bias: .absent, low: -limit, high: limit),
            from: source, to: target)
    }

    /// Adds the op that adds a term's sums; what its weights have in common is a left shift.
    private mutating func add(_ term: ChipNetwork.Term, into number: Int) {
        let source = term.source.map { slots[$0].shown } ?? input
        let sourceChannels = term.source.map { layout.populations[$0] } ?? layout.input
        let channels = layout.populations[number]
        let packing = ChipNetwork.Packing(term.weights)
        let weights = term.weights.map { $0 >> packing.shift }
        let rows = network.populations[number].count
        let op: any OpParameters
        switch term.form {
        case .matrix(let columns, let isList):
            let runs = ChipLayout.laidOut(Array(0..<columns), channels: sourceChannels).map { column in
                ChipLayout.laidOut((0..<rows).map { weights[$0 * columns + column] }, channels: channels)
            }
            op =
                isList
                ? SparseOp(
                    synapses: packing.synapses,
                    runs: runs.map { run in
                        run.indices.filter { run[$0] != 0 }.map { SparseOp.Synapse(target: $0, weight: run[$0]) }
                    }, targetCount: rows)
                : ProjectionOp(kind: .dense, synapses: packing.synapses, weights: runs)
        case .convolution(let map): op = map.op(packing.synapses, weights)
        case .diagonal:
            let places = ChipLayout.places(rows, channels: channels)
            op = SparseOp(
                synapses: packing.synapses,
                runs: ChipLayout.laidOut(Array(0..<rows), channels: sourceChannels).map {
                    [SparseOp.Synapse(target: places[$0], weight: weights[$0])]
                }, targetCount: rows)
        }
        program.add(op, from: source, to: slots[number].sums)
    }

    private mutating func addNeurons(_ number: Int) {
        let (population, (sums, spikes, shown)) = (network.populations[number], slots[number])
        let op = program.add(neuronOp(number), from: sums, to: spikes)
        program.populations.append(
            Program.Population(name: population.name, current: sums, output: spikes, op: op))
        if shown != spikes {
            let delays = ChipLayout.laidOut(population.delays, channels: layout.populations[number])
            program.add(DelayOp(depth: delays.max()! + 1, ticks: Parameter(delays)), from: spikes, to: shown)
        }
    }

    private func neuronOp(_ number: Int) -> any OpParameters {
        let channels = layout.populations[number]
        /// Channels that share their parameters are a period.
        func folded(_ rows: [[Int]]) -> (parameters: [Parameter], period: Int) {
            Parameter.folded(rows.map { ChipLayout.laidOut($0, channels: channels) }, period: channels ?? 0)
        }
        switch network.populations[number].parameters {
        case .loihi(let exponent, let currentDecay, let voltageDecay, let threshold, let bias):
            let (parameters, period) = folded([currentDecay, voltageDecay, threshold, bias])
            return LoihiOp(
                firesAtThreshold: network.firesAtThreshold, exponent: exponent, currentDecay: parameters[0],
                voltageDecay: parameters[1], threshold: parameters[2], bias: parameters[3], period: period)
        case .xylo(let membraneDash, let synapticDash, let threshold, let bias):
            return XyloOp(
                membraneDash: Parameter(membraneDash), synapticDash: Parameter(synapticDash),
                threshold: Parameter(threshold), bias: Parameter(bias))
        }
    }

    /// The slot that is counted: the output's spikes, or their sums over groups of neurons.
    private mutating func scores() -> Int {
        let shown = slots[network.output].shown
        guard let groups = network.outputGroups else { return shown }
        let count = network.populations[network.output].count
        let sums = program.addSlot(.current, bits: 32, count: groups)
        let averaged = program.addSlot(.analog, bits: 16, count: groups)
        let elements = ChipLayout.laidOut(Array(0..<count), channels: layout.populations[network.output])
        let runs = elements.map { [SparseOp.Synapse(target: $0 / (count / groups), weight: 1)] }
        program.add(SparseOp(runs: runs, targetCount: groups), from: shown, to: sums)
        addClip(from: sums, to: averaged, limit: 32767)
        return averaged
    }
}
