/// A plan space is all plans that a network can have.
struct PlanSpace {
    /// Widths that the input can have, the widest last; one where the user has fixed it.
    let inputs: [InputWidth]
    let layers: [String]
    let populations: [String]
    /// Weight bits that each layer can have, ascending; one where the user has fixed it.
    let widths: [[Int]]
    /// State widths that each population can have, ascending; one where the user has fixed it.
    let states: [[StateBits]]
    /// Layers that may be stored as lists of synapses, so that weights of 0 cost no NS-ACE: matrices, where the bits count.
    let listable: [Int]
}

extension PlanSpace {
    /// - Parameter hasFixedInput: the user has said how many bits the input has.
    init(_ network: Lowered, _ options: CompileOptions, _ goal: PlanGoal, hasFixedInput: Bool) {
        let widest = Int(options.inputBits)
        inputs =
            (hasFixedInput ? [] : [2, 3, 4, 5, 6, 7, 8, 10, 12]).filter { $0 < widest }.flatMap { bits in
                (0...min(3, widest - bits)).flatMap { clipped in
                    [false, true].map { InputWidth(bits: bits, clipped: clipped, isShared: $0) }
                }
            } + [InputWidth(bits: widest)]
        let names = network.matrixNames
        layers = names.map(\.description).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        populations = network.populations.map(\.name)
        let terms = network.populations.flatMap(\.terms)
        widths = layers.map { layer in
            let fixed = names.first { $0.description == layer }.flatMap {
                options.weights.exceptions[layer] ?? options.weights.exceptions[$0.into]
            }
            let hasZeros = zip(names, terms).contains { $0.description == layer && $1.map.hasZeros }
            return fixed.map { [$0] } ?? (hasZeros ? [2, 4, 8, 16] : [1, 2, 4, 8, 16])
        }
        func isDense(_ map: LinearMap) -> Bool { if case .dense = map { true } else { false } }
        listable = layers.enumerated().filter { _, layer in
            goal.counted.contains(0) && zip(names, terms).allSatisfy { $0.description != layer || isDense($1.map) }
        }.map(\.offset)
        // States cost bytes and instructions, but no NS-ACE.
        let isFree = goal.counted.contains { $0 > 0 }
        states = populations.map { name in
            isFree && options.state.exceptions[name] == nil && options.state.common == .automatic
                ? [.narrow, .wide] : [options.state[name]]
        }
    }

    /// Every layer as near to a width as it may be; once per choice of all states.
    var uniformPlans: [Plan] {
        let widest = Plan(input: inputs.last!, widths: widths.map { $0.last! }, states: states.map { $0.last! })
        let narrowest = Plan(input: inputs.last!, widths: widest.widths, states: states.map { $0.first! })
        return (widest == narrowest ? [widest] : [widest, narrowest]).flatMap { like in
            [16, 8, 4, 2, 1].map { bits in
                Plan(
                    input: like.input, widths: widths.map { $0.last { $0 <= bits } ?? $0[0] }, states: like.states)
            }
        }
    }

    var floor: Plan { Plan(input: inputs[0], widths: widths.map { $0[0] }, states: states.map { $0[0] }) }

    /// All changes of one width or state.
    func changes(of plan: Plan) -> [Change] {
        inputs.filter { $0 != plan.input }.map { .input($0) }
            + plan.widths.indices.flatMap { layer in
                widths[layer].filter { $0 != plan.widths[layer] }.map { .width(layer, $0) }
            }
            + plan.states.indices.flatMap { i in states[i].filter { $0 != plan.states[i] }.map { .state(i, $0) } }
    }

    /// The options of a plan; their exceptions stay but for what it decides.
    ///
    /// - Parameter recording: what the input has to hold.
    func options(of plan: Plan, _ common: CompileOptions, _ recording: Recording) -> CompileOptions {
        var options = common
        if inputs.count > 1 {
            options.fitInput(to: recording, bits: UInt8(plan.input.bits))
            let greatest = options.inputShifts.max() ?? 0
            options.inputShifts = options.inputShifts.map {
                max(0, (plan.input.isShared ? greatest : $0) - plan.input.clipped)
            }
        }
        for (layer, bits) in zip(layers, plan.widths) { options.weights.exceptions[layer] = bits }
        options.fitsRounding = plan.fits
        options.sparse.formUnion(plan.listed.map { layers[$0] })
        for (population, state) in zip(populations, plan.states) { options.state.exceptions[population] = state }
        return options
    }
}
