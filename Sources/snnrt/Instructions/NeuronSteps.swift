import SNNRuntime

func steps(of lif: LIF, _ op: Op) -> OpSteps {
    let target = op.header.target
    let loop = lif.reset == .none ? "integrate" : lif.reset.isNextTick ? "reset later" : "reset now"
    // What decides which of a processor's loops run; those that reset in the same tick have one.
    var isPlain = true
    if lif.reset.isNextTick {
        isPlain =
            lif.reset == .subtractNextTick && !lif.firesAtThreshold
            && (lif.arrayFlags == 0 || lif.period == target.count)
    }
    var steps = OpSteps(
        [
            loop, isPlain ? "" : "otherwise", lif.isWide ? "32-bit" : "16-bit", lif.variant.isCuBa ? "CuBa" : "",
            lif.variant.isAdaptive ? "adaptive" : "", lif.refractoryTicks > 0 ? "refractory" : "",
            target.kind == .spikes && target.bits > 1 ? "graded" : "",
        ], mostEvents: target.count)
    neurons(&steps, op.source.count, arrayFlags: lif.arrayFlags, period: lif.period)
    steps.tick("word", (target.count + 31) / 32)
    steps.event("spike", 1)
    return steps
}

func steps(of activation: Activation, _ op: Op) -> OpSteps {
    var steps = OpSteps(["activation", "\(activation.function)"], mostEvents: op.source.count)
    neurons(&steps, op.source.count, arrayFlags: activation.arrayFlags, period: activation.period)
    steps.event("event", 1)
    return steps
}

func steps(of loihi: Loihi, _ op: Op) -> OpSteps {
    var steps = OpSteps(["loihi"], mostEvents: op.source.count)
    neurons(&steps, op.source.count, arrayFlags: loihi.arrayFlags, period: loihi.period)
    steps.tick("word", (op.source.count + 31) / 32)
    steps.event("spike", 1)
    return steps
}

func steps(of xylo: Xylo, _ op: Op) -> OpSteps {
    let target = op.header.target
    var steps = OpSteps(
        ["xylo", xylo.hasAliases ? "aliases" : "", target.bits > 1 ? "graded" : ""], mostEvents: target.count)
    neurons(&steps, target.count, arrayFlags: xylo.flags & 15, period: target.count)
    steps.tick("current", op.source.count)
    // A neuron may fire as often as its output can say.
    steps.event("spike", Double((1 << target.bits) - 1))
    return steps
}

/// One pass over the neurons, which begins anew where arrays of parameters do.
private func neurons(_ steps: inout OpSteps, _ count: UInt32, arrayFlags: UInt8, period: UInt32) {
    steps.tick("neuron", count)
    steps.tick("array", UInt32(arrayFlags.nonzeroBitCount) * count)
    if arrayFlags != 0 && period < count { steps.tick("period", count / period) }
}

func steps(of memory: Memory, _ op: Op) -> OpSteps {
    let (units, order) = (op.source.count, memory.order)
    var steps = OpSteps(
        ["memory", "\(memory.encoding)", op.header.target.bits == 32 ? "32-bit" : "16-bit"],
        mostEvents: units * (order + 1))
    steps.tick("unit", units)
    steps.tick("element", units * order)
    // Units at rest are passed over; of the others most elements are events, and the input.
    let unit = 1 / Double(order + 1)
    steps.event("advance", unit)
    steps.event("row", unit * Double(order))
    steps.event("product", unit * Double(order * order))
    for block in [2, 4] as [UInt32] where order % block != 0 {
        steps.event("product beyond \(block)", unit * Double(order * (order % block)))
    }
    return steps
}

func steps(of recurrence: Recurrence, _ op: Op) -> OpSteps {
    let (units, order) = (op.source.count, recurrence.order)
    var steps = OpSteps(
        [
            "recurrence", recurrence.isComplex ? "complex" : "real", recurrence.segmentCount > 1 ? "in segments" : "",
            op.header.target.bits == 32 ? "32-bit" : "16-bit",
        ], mostEvents: units)
    let (substeps, segments) = (Double(recurrence.substeps), Double(recurrence.segmentCount))
    let poles = substeps * Double(recurrence.poleCount)
    steps.tick("unit", units)
    steps.tick("element", units * order)
    steps.event("substep", substeps)
    steps.event("advance", substeps * Double(order))
    steps.event("pole", poles)
    steps.event("segment", poles * segments)
    steps.event("place", poles * segments * Double(recurrence.placeCount))
    return steps
}
