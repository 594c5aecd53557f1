import SNNRuntime

/// The steps of a whole network.
struct ModelSteps: Encodable {
    /// What a tick does before its first op, then each op.
    let ops: [OpSteps]
    let ticksPerResult: UInt32
    let ticksToFirstResult: UInt32

    init(_ model: Model) {
        let slots = (0..<model.slotCount).map { model.file.slot($0) }
        var beginning = OpSteps(["tick"], mostEvents: 0)
        beginning.tick("channel", model.channelCount)
        beginning.tick("clear", slots.filter { $0.kind == .current }.reduce(0) { $0 + $1.count })
        ops =
            [beginning]
            + (0..<model.opCount).map { number in
                let op = model.file.op(number)
                switch op.body {
                case .input: return steps(ofInput: op)
                case .projection(let body): return steps(of: body, op)
                case .sparse(let body): return steps(of: body, op, synapses: model.cost(ofOp: number).synapses)
                case .convolution(let body): return steps(of: body, op, model.file)
                case .pool(let body): return steps(of: body, op, model.file)
                case .delay(let body): return steps(of: body, op)
                case .lif(let body): return steps(of: body, op)
                case .activation(let body): return steps(of: body, op)
                case .loihi(let body): return steps(of: body, op)
                case .xylo(let body): return steps(of: body, op)
                case .memory(let body): return steps(of: body, op)
                case .recurrence(let body): return steps(of: body, op)
                case .readout(let body): return steps(of: body, op, model, slots)
                }
            }
        (ticksPerResult, ticksToFirstResult) = (model.ticksPerResult, model.ticksToFirstResult)
    }
}

private func steps(ofInput op: Op) -> OpSteps {
    var steps = OpSteps(["input"], mostEvents: op.source.count)
    steps.tick("channel", op.source.count)
    return steps
}

private func steps(of readout: Readout, _ op: Op, _ model: Model, _ slots: [Slot]) -> OpSteps {
    let classes = op.source.count
    var steps = OpSteps(["readout", "\(readout.integration)", op.source.storage], mostEvents: classes)
    steps.tick("element", classes)
    steps.event("event", 1)
    steps.hop("result", 1)
    steps.hop("class", classes)
    steps.hop("decay", readout.evidenceDecay > 0 ? classes : 0)
    steps.hop("entry", readout.entryCount > 1 ? classes * readout.entryCount : 0)
    if readout.resetsNetwork {
        let words = slots.filter(\.isPersistent).reduce(0) { $0 + $1.byteCount / 4 }
        steps.hop("reset", words + (0..<model.opCount).reduce(0) { $0 + model.file.stateByteCount(ofOp: $1) / 4 })
        steps.hop("slot", slots.count)
        steps.hop(
            "initial",
            (0..<model.slotCount).reduce(0) {
                $0 + (model.file.initialValue(ofSlot: $1) == 0 ? 0 : slots[Int($1)].count)
            })
    }
    return steps
}
