import SNNRuntime

extension ChipNetwork {
    /// The program of a chip's network: projections from last tick's spikes stand above the neurons that write them.
    ///
    /// - Throws: names that do not fit the network.
    func program(_ options: CompileOptions) throws(CompileError) -> Program {
        let names = try options.names(inputCount: inputCount, outputCount: populations[output].count)
        var program = Program(
            stream: options.title, rate: options.rate,
            channels: options.channels(names.channels))
        let isInputLate = chip == .loihi
        let input = program.addSlot(.analog, bits: options.inputBits, count: inputCount, isPersistent: isInputLate)
        let slots = populations.indices.map { addSlots(of: $0, to: &program) }
        func addInput() {
            let channels = (0..<inputCount).map { _ in (offset: 0, multiplier: 1) }
            program.add(InputOp(shift: 0, channels: channels), from: program.stream.slot, to: input)
        }
        if !isInputLate { addInput() }
        for (number, population) in populations.enumerated() {
            for term in population.terms {
                let source = term.source.map { slots[$0].spikes } ?? input
                program.add(term.projection(rows: population.count), from: source, to: slots[number].sums)
            }
        }
        if isInputLate { addInput() }
        for (number, population) in populations.enumerated() {
            let (sums, spikes) = slots[number]
            let op = program.add(neuronOp(population), from: sums, to: spikes)
            program.populations.append(Program.Population(name: population.name, current: sums, output: spikes, op: op))
        }
        let readout = ReadoutOp(integration: .sum, resetsNetwork: true, window: options.window)
        let op = program.add(readout, from: slots[output].spikes, to: nil)
        program.setOutput("class", op: op, classes: names.classes)
        program.nodes = program.populations.map { NodePlace(slot: $0.output, node: $0.name, order: .nir) }
        program.metadata = origin + ["target: \(chip.rawValue)"] + program.nodes.map(\.line)
        return program
    }

    /// The model file with what its making had to decide.
    func compiled(_ options: CompileOptions) throws(CompileError) -> Compiled {
        let program = try program(options)
        return Compiled(
            bytes: try ModelFile(program).bytes, populations: populations.map(report),
            nodes: program.nodes, pruning: PruningReport())
    }

    private func addSlots(of number: Int, to program: inout Program) -> (sums: Int, spikes: Int) {
        let count = populations[number].count
        let sums =
            chip == .loihi
            ? program.addSlot(.current, bits: 32, count: count)
            : program.addSlot(.synaptic, bits: 16, count: count, isPersistent: true)
        let isRead = populations.contains { $0.terms.contains { $0.source == number } }
        let bits: UInt8 = chip == .xylo && number != output ? 5 : 1
        return (sums, program.addSlot(.spikes, bits: bits, count: count, isPersistent: isRead))
    }

    private func neuronOp(_ population: Population) -> any OpParameters {
        switch population.parameters {
        case .loihi(let currentDecay, let voltageDecay, let threshold, let bias):
            LoihiOp(
                firesAtThreshold: firesAtThreshold, currentDecay: Parameter(currentDecay),
                voltageDecay: Parameter(voltageDecay), threshold: Parameter(threshold), bias: Parameter(bias))
        case .xylo(let membraneDash, let synapticDash, let threshold, let bias):
            XyloOp(
                membraneDash: Parameter(membraneDash), synapticDash: Parameter(synapticDash),
                threshold: Parameter(threshold), bias: Parameter(bias))
        }
    }

    private func report(_ population: Population) -> PopulationReport {
        let matrices = population.terms.map { term in
            PopulationReport.Matrix(
                from: term.source.map { populations[$0].name } ?? "input", rows: population.count,
                columns: term.columns, weights: term.weights.count, bits: Int(Packing(term.weights).encoding.bits),
                isOnGrid: term.signalToNoise == nil, signalToNoise: term.signalToNoise, sumSignalToNoise: nil,
                clipped: 0)
        }
        return PopulationReport(
            name: population.name, neurons: population.count, leastScale: population.scale,
            greatestScale: population.scale, fractionBits: 0, stateBits: chip == .loihi ? 24 : 16, peak: nil,
            matrices: matrices)
    }
}

extension ChipNetwork.Term {
    /// The op that adds this matrix's sums; what its weights have in common is a left shift.
    fileprivate func projection(rows: Int) -> ProjectionOp {
        let packing = ChipNetwork.Packing(weights)
        let synapses = SynapseFields(
            encoding: packing.encoding, join: packing.shift == 0 ? .add : .leftShift(packing.shift))
        let runs = (0..<columns).map { column in
            (0..<rows).map { weights[$0 * columns + column] >> packing.shift }
        }
        return ProjectionOp(kind: .dense, synapses: synapses, weights: runs)
    }
}
