/// convolution over channel-last slots (docs/format.md, "convolution"), one-dimensional where H = 1:
///
///     acc[y′, x′, g·r + i] = Σ_{c, ky, kx} w[i][c, ky, kx]·x[ sy·y′ + dy·ky − above, sx·x′ + dx·kx − left, c ]
///
/// Every source element that is not zero adds one run of r weights per kernel position that it meets (a tap).
package struct Convolution: OpBody {
    package enum Block {
        package static let byteCount: UInt32 = 32
        // 0 … 3: Synapses.Block.
        package static let height: UInt32 = 4
        package static let width: UInt32 = 6
        package static let channels: UInt32 = 8
        package static let outputChannels: UInt32 = 10
        package static let kernelHeight: UInt32 = 12
        package static let kernelWidth: UInt32 = 13
        package static let strideY: UInt32 = 14
        package static let strideX: UInt32 = 15
        /// Above, below, left, right.
        package static let padding: UInt32 = 16
        package static let dilationY: UInt32 = 20
        package static let dilationX: UInt32 = 21
        package static let groupCount: UInt32 = 22
        package static let weights: UInt32 = 24
        package static let multipliers: UInt32 = 28
    }

    static let fields: InlineArray<11, Field> = [
        .number(Block.height, .u16, 1, 65535), .number(Block.width, .u16, 1, 65535),
        .number(Block.channels, .u16, 1, 65535), .number(Block.outputChannels, .u16, 1, 65535),
        .number(Block.kernelHeight, .u8, 1, 255), .number(Block.kernelWidth, .u8, 1, 255),
        .number(Block.strideY, .u8, 1, 255), .number(Block.strideX, .u8, 1, 255), .number(Block.dilationY, .u8, 1, 255),
        .number(Block.dilationX, .u8, 1, 255),
        .number(Block.groupCount, .u16, 1, 65535),
    ]

    package let synapses: Synapses
    /// File offset of run 0.
    private let weights: UInt32
    /// File offset of the parameter block, where the shape stays.
    private let block: UInt32
    /// C′.
    package let outputChannels: UInt16
    /// G.
    package let groupCount: UInt16

    init(_ record: OpRecord) {
        let file = record.file
        synapses = Synapses(record, multipliers: Block.multipliers)
        block = record.block
        weights = file.section(.data).offset &+ file.u32(block &+ Block.weights)
        outputChannels = UInt16(truncatingIfNeeded: file.u16(block &+ Block.outputChannels))
        groupCount = UInt16(truncatingIfNeeded: file.u16(block &+ Block.groupCount))
    }

    package func shape(_ file: UnsafeRawPointer) -> Spatial {
        var shape = Spatial(file, block &+ Block.height, block &+ Block.kernelHeight)
        shape.dilationY = UInt32(truncatingIfNeeded: (file + index(block &+ Block.dilationY)).load(as: UInt8.self))
        shape.dilationX = UInt32(truncatingIfNeeded: (file + index(block &+ Block.dilationX)).load(as: UInt8.self))
        return shape
    }

    private var outputs: UInt32 { UInt32(truncatingIfNeeded: outputChannels) }
    private var groups: UInt32 { UInt32(truncatingIfNeeded: groupCount) }
    /// r: destination channels of a group.
    private var runLength: UInt32 { quotient(outputs, groups).quotient }

    @inline(never)
    static func check(_ record: OpRecord) throws(Refusal) {
        try checkFields(record)
        try Convolution(record).check(record)
    }

    /// In a frame of its own, which the tables fill.
    @inline(never)
    private static func checkFields(_ record: OpRecord) throws(Refusal) {
        try record.check(Synapses.fields.span, byteCount: Block.byteCount)
        try record.file.check(fields.span, at: record.block)
    }

    /// Wiring, relations, arrays and tensors, elements.
    private func check(_ record: OpRecord) throws(Refusal) {
        try record.requireSource(SlotTypes.signals.contains(record.source.type))
        try record.requireTarget(record.target.kind == .current)
        try shape(record.file.base).checkCounts(record, outputChannels: outputs)
        try synapses.check(record)
        let channels = shape(record.file.base).channels
        try record.require(
            quotient(channels, groups).remainder == 0 && quotient(outputs, groups).remainder == 0, Block.groupCount)
        try synapses.checkUnusedMultipliers(record, Block.multipliers)
        // At most 2^16·2^16 runs: those that do not fit 32 bits do not fit data.
        let tensor = tensor(record.file)
        let kernel = shape(record.file.base)
        let (_, overflow) = channels.multipliedReportingOverflow(by: kernel.kernelHeight &* kernel.kernelWidth)
        if overflow { throw Refusal(.malformed, at: block &+ Block.weights) }
        try record.file.checkExtent(tensor, block &+ Block.weights)
        try synapses.checkMultipliers(record, Block.multipliers, count: outputs)
        try record.file.checkRuns(tensor)
    }

    private func tensor(_ file: FileView) -> WeightTensor {
        let shape = shape(file.base)
        return WeightTensor(
            offset: weights, encoding: synapses.encoding,
            runCount: shape.channels &* (shape.kernelHeight &* shape.kernelWidth), runLength: runLength)
    }

    @inline(never)
    static func declare(_ record: OpRecord, in declaration: inout Declaration) {
        Convolution(record).declare(record, in: &declaration)
    }

    private func declare(_ record: OpRecord, in declaration: inout Declaration) {
        declaration.loop = .convolution
        (declaration.rowCount, declaration.projection) = (outputs, synapses)
        let (shape, length) = (shape(record.file.base), runLength)
        declaration.scratchByteCount = synapses.scratchByteCount(record.target)
        declaration.weights[0] = tensor(record.file)
        declaration.runsPerRow = quotient(declaration.weights[0].runCount, groups).quotient
        declaration.passes = 2 &+ shape.kernelHeight &* (1 &+ shape.kernelWidth)  // < 2^17
        // Taps are below 2^50: whatever does not fit 64 bits is more than the limit of work lets pass.
        declaration.synapses = saturatingProduct(saturatingProduct(shape.tapCount, shape.channels), length)
        (declaration.weightBits, declaration.sourceBits) = (synapses.encoding.bits, synapses.sourceBits(record.source))
        declaration.operationsPerEvent = length
        declaration.parameterBits = synapses.parameterBits(outputs)
    }

    @inline(never)
    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        let header = header.pointee
        let shape = shape(workspace.file)
        var scatter = Scatter(
            shape: shape, encoding: synapses.encoding, runs: workspace.file + index(weights), runLength: runLength,
            channelsPerGroup: quotient(shape.channels, groups).quotient, outputHeight: shape.outputHeight,
            outputWidth: shape.outputWidth, outputChannels: outputs, sums: synapses.beginSums(header.target, workspace),
            isFull: counters.isFull, level: workspace.level)
        let source = synapses.elements(of: header.source, at: header.source.elements, workspace)
        _ = source.forEachEvent { element, value in scatter.add(UInt32(truncatingIfNeeded: element), value) }
        if scatter.taps > 0 { synapses.endSums(header.target, workspace, period: outputs) }
        counters.add(events: scatter.taps)
        if counters.isFull { counters.add(scatter.tally) }
    }

    /// Σ|w| into `count` destination channels from `row` on, over a whole kernel.
    @inline(never)
    static func addMagnitudes(_ record: OpRecord, _ row: UInt32, _ count: UInt32, to sums: inout MagnitudeSums) {
        Convolution(record).addMagnitudes(record.file, row, count, to: &sums)
    }

    private func addMagnitudes(_ file: FileView, _ row: UInt32, _ count: UInt32, to sums: inout MagnitudeSums) {
        var tensor = tensor(file)
        let length = runLength
        tensor.runCount = quotient(tensor.runCount, groups).quotient
        for i in 0..<count {
            let (group, place) = quotient(row &+ i, length)
            tensor.offset = weights &+ group &* tensor.runCount &* tensor.runByteCount
            sums.add(tensor, file, from: place, count: 1, to: i)
        }
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
    let level: ProcessorLevel
    var taps: UInt32 = 0
    var tally = EffectiveTally()
    // Position of the latest element, and the first element there.
    var y: UInt32 = 0
    var x: UInt32 = 0
    var first: UInt32 = 0

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
                Kernels.addRun(encoding, run, times: value, to: sums + index(at), count: index(runLength), level)
                taps = taps &+ 1
                if isFull { tally.add(value: value, operations: encoding.nonzeroCount(run, count: index(runLength))) }
            }
        }
    }
}

#if !hasFeature(Embedded)
    extension Convolution {
        /// The parameters in a few words, for people.
        package func details(_: OpHeader, _ file: FileView) -> String {
            let groups = groupCount > 1 ? " in \(groupCount) groups" : ""
            let kernel = "\(shape(file.base).details), \(synapses.encoding) to \(outputChannels) channels"
            return kernel + groups + synapses.joinDetails
        }
    }
#endif
