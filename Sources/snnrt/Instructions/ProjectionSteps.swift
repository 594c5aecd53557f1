import SNNRuntime

func steps(of projection: Projection, _ op: Op) -> OpSteps {
    let isSaturating = op.header.target.kind == .synaptic
    let (groups, count) = (projection.groupCount(op.source), projection.groupOutputCount)
    // Eights of packed weights at multiples of their size are read in one piece.
    let bits = projection.encoding.bits
    let isAligned = bits == 1 || bits >= 8 || projection.encoding.runByteCount(count) % bits == 0
    var steps = OpSteps(
        [
            isSaturating ? "saturate" : "projection", "\(projection.encoding)", op.source.storage,
            isAligned || isSaturating ? "" : "at odd places",
        ], mostEvents: op.source.count)
    steps.scan(op.source)
    steps.row(count)
    if isSaturating { return steps }
    // The events of a group go through the columns together.
    steps.list(count, groups: groups)
    steps.join(projection.synapses, op.source, count: count * groups, groups: groups)
    return steps
}

func steps(of sparse: Sparse, _ op: Op, synapses: UInt64) -> OpSteps {
    let (delays, targets) = (UInt32(sparse.delayCount), op.header.target.count)
    let encoding = "\(sparse.synapses.encoding)"
    var steps = OpSteps(
        ["sparse", encoding, op.source.storage, targets > 65536 ? "32-bit targets" : ""], mostEvents: synapses)
    steps.tick("delay", delays)
    steps.scan(op.source, times: delays)
    if delays > 1 { steps.tick("frame", frameWordCount(op.source)) }
    steps.event("synapse", 1)
    // An event goes through a run: as many of them as synapses are in one.
    let runs = Double(op.source.count) * Double(delays)
    if synapses > 0 { steps.event("run", runs / Double(synapses)) } else { steps.tick("run", UInt64(runs)) }
    steps.join(sparse.synapses, op.source, count: targets)
    return steps
}

func steps(of convolution: Convolution, _ op: Op, _ file: FileView) -> OpSteps {
    let shape = convolution.shape(file.base)
    let channels = shape.channels
    let rows = Spatial.taps(
        shape.height, shape.outputHeight, shape.kernelHeight, shape.strideY, shape.dilationY, shape.above)
    let taps = shape.tapCount * UInt64(channels)
    let count = UInt32(convolution.outputChannels) / UInt32(convolution.groupCount)
    var steps = OpSteps(
        ["convolution", "\(convolution.synapses.encoding)", op.source.storage], mostEvents: taps)
    steps.scan(op.source)
    // Of all source elements: rows and columns of the kernel that are tried. Its events are taps.
    let elements = UInt64(op.source.count)
    let rowTries = elements * UInt64(shape.kernelHeight)
    let columnTries = UInt64(rows) * UInt64(shape.width) * UInt64(channels) * UInt64(shape.kernelWidth)
    func each(_ name: String, _ all: UInt64) {
        if taps > 0 { steps.event(name, Double(all) / Double(taps)) } else { steps.tick(name, all) }
    }
    each("element", elements)
    each("try", rowTries + columnTries)
    each("division", (shape.strideY > 1 ? rowTries : 0) + (shape.strideX > 1 ? columnTries : 0))
    if convolution.groupCount > 1 { each("group", elements) }
    steps.row(count)
    steps.join(convolution.synapses, op.source, count: op.header.target.count)
    return steps
}

func steps(of pool: Pool, _ op: Op, _ file: FileView) -> OpSteps {
    let (shape, target) = (pool.shape(file.base), op.header.target)
    var steps = OpSteps(
        [
            "pool", "\(pool.function)", op.source.storage,
            target.kind == .current ? "into a current" : "into \(target.storage)",
        ],
        mostEvents: op.source.count)
    steps.tick("element", op.source.count)
    steps.tick("output", target.count)
    steps.tick("row", target.count * shape.kernelHeight)
    steps.tick("tap", UInt64(shape.channels) * shape.tapCount)
    steps.event("event", 1)
    if op.isLoop { steps.tick("copy", op.source.byteCount / 4) }
    return steps
}

func steps(of delay: Delay, _ op: Op) -> OpSteps {
    var steps = OpSteps(["delay", op.source.storage], mostEvents: op.source.count)
    steps.tick("element", op.source.count)
    steps.tick("frame", frameWordCount(op.source))
    steps.event("event", 1)
    return steps
}

/// Words of a frame kept of a slot.
private func frameWordCount(_ slot: Slot) -> UInt32 {
    slot.isOneBit ? (slot.count + 31) / 32 : slot.byteCount / 4
}
