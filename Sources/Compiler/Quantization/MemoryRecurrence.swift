import NIR

/// A memory recurrence is what computes a memory that is not stored as matrices.
struct MemoryRecurrence {
    let recurrence: LegendreRecurrence
    /// Bits of the state, sign apart.
    let stateBits: Int

    /// The recurrences of the memories that are to have one, by population.
    ///
    /// - Throws: a memory that no recurrence comes near enough to.
    static func chosen(for network: Lowered, _ options: CompileOptions) throws(CompileError) -> [Int: MemoryRecurrence]
    {
        var chosen: [Int: MemoryRecurrence] = [:]
        for (number, population) in network.populations.enumerated() {
            guard case .memory(let memory) = population.neuron.kind, options.memories[population.name] == .recurrence
            else { continue }
            guard let theta = memory.theta else {
                throw CompileError(
                    "\(population.name): has no theta, the ticks of its window, and A and B alone do not make a recurrence; store its matrices"
                )
            }
            if memory.order > 4096 {
                throw CompileError("\(population.name): order \(memory.order), where a recurrence has 4,096 at most")
            }
            let recurrence = LegendreRecurrence.nearest(to: memory, theta: theta, tolerance: MemoryForm.tolerance)
            if recurrence.error > MemoryForm.tolerance {
                throw CompileError(
                    "\(population.name): the nearest recurrence, \(recurrence.words), lies \(Int(min(1e6, (recurrence.error * 100).rounded(.up)))) % from A and B over 2 theta, where 1 % is allowed: they are not those of Legendre's system of order \(memory.order) and theta \(theta) in its usual scale; store its matrices"
                )
            }
            chosen[number] = MemoryRecurrence(
                recurrence: recurrence, stateBits: recurrence.stateBits(segments: options.segments))
        }
        return chosen
    }
}
