import SNNRuntime

extension ChipNetwork {
    /// The program of a chip's network: projections from last tick's spikes stand above the neurons that write them.
    ///
    /// - Throws: names that do not fit the network, and signals whose channels are not clear.
    func program(_ options: CompileOptions) throws(CompileError) -> Program {
        let writer = try ChipWriter(self, options)
        return try writer.written(options)
    }

    /// The model file with what its making had to decide.
    func compiled(_ options: CompileOptions) throws(CompileError) -> Compiled {
        let network = try withOutputInOrder()
        let program = try network.program(options)
        let file = try ModelFile(program)
        try file.check(program)
        return Compiled(
            bytes: file.bytes, populations: network.populations.map(report),
            nodes: program.nodes, pruning: PruningReport())
    }

    private func report(_ population: Population) -> PopulationReport {
        let matrices = population.terms.map { term in
            PopulationReport.Matrix(
                from: term.source.map { populations[$0].name } ?? "input", rows: population.count,
                columns: term.source.map { populations[$0].count } ?? inputCount, weights: term.weights.count,
                bits: Int(Packing(term.weights).encoding.bits),
                isOnGrid: term.signalToNoise == nil, signalToNoise: term.signalToNoise, sumSignalToNoise: nil,
                clipped: 0)
        }
        return PopulationReport(
            name: population.name, neurons: population.count, leastScale: population.scale,
            greatestScale: population.scale, fractionBits: 0, stateBits: chip == .loihi ? 24 : 16, peak: nil,
            matrices: matrices)
    }
}
