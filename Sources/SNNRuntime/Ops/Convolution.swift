/// convolution over channel-last slots (format.md section 9.9), one-dimensional where H = 1:
///
///     acc[y′, x′, g·r + i] = Σ_{c, ky, kx} w[i][c, ky, kx]·x[ sy·y′ + dy·ky − above, sx·x′ + dx·kx − left, c ]
///
/// Every source element that is not zero adds one run of r weights per kernel position that it meets (a tap).
package struct Convolution {
    package internal(set) var synapses: Synapses
    /// File offset of run 0.
    let weights: UInt32
    /// File offset of the parameter block, where the shape stays.
    private let block: UInt32
    /// C′.
    package let outputChannels: UInt16
    /// G.
    package let groupCount: UInt16

    init(_ model: Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        var synapses = try Synapses(model, wires, block)
        self.block = block
        try model.requireShape(block &+ 4)
        let outputs = try model.require(model.u16(block &+ 10), in: 1...65535, at: block &+ 10)
        outputChannels = UInt16(truncatingIfNeeded: outputs)
        try model.requirePositive(block &+ 12, 4)
        try model.requirePositive(block &+ 20, 2)
        let shape = Convolution.shape(model.base, block)
        try model.requireWindow(shape, at: block &+ 12)
        let groups = model.u16(block &+ 22)
        groupCount = UInt16(truncatingIfNeeded: groups)
        if groups == 0 || quotient(shape.channels, groups).remainder != 0 || quotient(outputs, groups).remainder != 0 {
            throw Refusal(.badValue, at: block &+ 22)
        }
        let (runCount, overflow) = shape.channels.multipliedReportingOverflow(
            by: shape.kernelHeight &* shape.kernelWidth)
        if overflow { throw Refusal(.malformed, at: block &+ 24) }
        weights = try model.runs(
            block &+ 24, synapses.encoding, count: runCount, length: quotient(outputs, groups).quotient)
        try synapses.locateMultipliers(model, block &+ 28, count: outputs)
        try wires.requireSource(widen(synapses.source.count) == shape.sourceCount)
        try wires.requireTarget(widen(synapses.target.count) == shape.targetCount(outputs))
        self.synapses = synapses
    }

    private static func shape(_ file: UnsafeRawPointer, _ block: UInt32) -> Spatial {
        var shape = Spatial(file, block &+ 4, block &+ 12)
        shape.dilationY = UInt32(truncatingIfNeeded: (file + index(block &+ 20)).load(as: UInt8.self))
        shape.dilationX = UInt32(truncatingIfNeeded: (file + index(block &+ 21)).load(as: UInt8.self))
        return shape
    }

    package func shape(_ file: UnsafeRawPointer) -> Spatial { Convolution.shape(file, block) }

    package var encoding: Encoding { synapses.encoding }
    /// r: destination channels of a group.
    package var runLength: UInt32 {
        quotient(UInt32(truncatingIfNeeded: outputChannels), UInt32(truncatingIfNeeded: groupCount)).quotient
    }
    package var runByteCount: UInt32 { encoding.runByteCount(runLength) }
    package func runCount(_ file: UnsafeRawPointer) -> UInt32 {
        let shape = shape(file)
        return shape.channels &* shape.kernelHeight &* shape.kernelWidth
    }

    func checkWeights(_ model: Model) throws(Refusal) {
        try model.checkRuns(weights, encoding, count: runCount(model.base), length: runLength)
    }

    func tick(_ workspace: Workspace, _ counters: Counters) {
        let shape = shape(workspace.file)
        var scatter = Scatter(
            shape: shape, encoding: encoding, runs: workspace.file + index(weights), runLength: runLength,
            channelsPerGroup: quotient(shape.channels, UInt32(truncatingIfNeeded: groupCount)).quotient,
            outputChannels: UInt32(truncatingIfNeeded: outputChannels), sums: synapses.beginSums(workspace),
            isFull: counters.isFull, hasVectors: workspace.hasVectors)
        let source = synapses.source
        let frame = Frame(slot: source, place: source.elements)
        _ = frame.forEachEvent(workspace, synapses) { element, value in
            scatter.add(UInt32(truncatingIfNeeded: element), value)
        }
        if scatter.taps > 0 {
            synapses.endSums(
                workspace, scatter.sums, count: synapses.target.count,
                period: UInt32(truncatingIfNeeded: outputChannels))
        }
        counters.add(events: scatter.taps)
        if counters.isFull { counters.add(scatter.tally) }
    }

    /// Σ|w| into `count` ≤ 64 destination channels from `row` on, over a whole kernel; above 2^31 clipped to it.
    func sumOfMagnitudes(_ model: Model, _ row: UInt32, _ count: UInt32) -> InlineArray<64, UInt32> {
        var sums = InlineArray<64, UInt32>(repeating: 0)
        let length = runLength
        let groupRunCount = quotient(runCount(model.base), UInt32(truncatingIfNeeded: groupCount)).quotient
        let stride = encoding.runByteCount(length)
        for i in 0..<count {
            let (group, place) = quotient(row &+ i, length)
            let first = weights &+ group &* groupRunCount &* stride
            for run in 0..<groupRunCount {
                let weight = encoding.weight(model.base + index(first &+ run &* stride), index(place)).magnitude
                sums[index(i)] = min(sums[index(i)] &+ weight, largestSum &+ 1)
            }
        }
        return sums
    }
}

/// Adds the runs of source elements, in ascending order, to the sums.
private struct Scatter {
    let shape: Spatial
    let encoding: Encoding
    let runs: UnsafeRawPointer
    let runLength: UInt32
    let channelsPerGroup: UInt32
    let outputHeight: UInt32
    let outputWidth: UInt32
    let outputChannels: UInt32
    let sums: UnsafeMutablePointer<Int32>
    let isFull: Bool
    let hasVectors: Bool
    var taps: UInt32 = 0
    var tally = EffectiveTally()
    // Position of the latest element, and the first element there.
    private var y: UInt32 = 0
    private var x: UInt32 = 0
    private var first: UInt32 = 0

    init(
        shape: Spatial, encoding: Encoding, runs: UnsafeRawPointer, runLength: UInt32, channelsPerGroup: UInt32,
        outputChannels: UInt32, sums: UnsafeMutablePointer<Int32>, isFull: Bool, hasVectors: Bool
    ) {
        (self.shape, self.encoding, self.runs, self.runLength) = (shape, encoding, runs, runLength)
        (self.channelsPerGroup, self.outputChannels) = (channelsPerGroup, outputChannels)
        (outputHeight, outputWidth) = (shape.outputHeight, shape.outputWidth)
        (self.sums, self.isFull, self.hasVectors) = (sums, isFull, hasVectors)
    }

    @inline(never)
    mutating func add(_ element: UInt32, _ value: Int32) {
        while element &- first >= shape.channels {
            first = first &+ shape.channels
            x = x &+ 1
            if x == shape.width { (y, x) = (y &+ 1, 0) }
        }
        let channel = element &- first
        let place = channelsPerGroup == shape.channels ? 0 : quotient(channel, channelsPerGroup).quotient &* runLength
        for ky in 0..<shape.kernelHeight {
            guard let row = Spatial.output(y, ky, shape.strideY, shape.dilationY, shape.above, outputHeight) else {
                continue
            }
            for kx in 0..<shape.kernelWidth {
                guard let column = Spatial.output(x, kx, shape.strideX, shape.dilationX, shape.left, outputWidth) else {
                    continue
                }
                let number = (channel &* shape.kernelHeight &+ ky) &* shape.kernelWidth &+ kx
                let run = runs + index(number &* encoding.runByteCount(runLength))
                let at = (row &* outputWidth &+ column) &* outputChannels &+ place
                encoding.addRun(
                    run, times: value, to: sums + index(at), count: index(runLength), hasVectors: hasVectors)
                taps = taps &+ 1
                if isFull { tally.add(value: value, operations: encoding.nonzeroCount(run, count: index(runLength))) }
            }
        }
    }
}
