/// activation: populations without spikes (docs/format.md, "activation"), y = f( rnd( (c + b)·m, s ) ) with f = clip, tanh or sigmoid;
/// the equations stand by the kernel.
package struct Activation: OpBody {
    package typealias Function = ActivationFunction

    package enum Block {
        package static let byteCount: UInt32 = 20
        package static let function: UInt32 = 0
        package static let shift: UInt32 = 1
        package static let arrayFlags: UInt32 = 2
        package static let reserved: UInt32 = 3
        package static let multiplier: UInt32 = 4
        package static let bias: UInt32 = 8
        package static let lowerBound: UInt32 = 12
        package static let upperBound: UInt32 = 14
        package static let period: UInt32 = 16
    }

    static let fields: InlineArray<7, Field> = [
        .code(Block.function, .u8, 1, 3), .number(Block.shift, .u8, 0, 47), .flags(Block.arrayFlags, 3),
        .reserved(Block.reserved, .u8), .parameter(Block.multiplier, 0, .i32, Int32.min, Int32.max),
        .parameter(Block.bias, 1, .i32, Int32.min, Int32.max), .number(Block.period, .u32, 0, 1 << 24),
    ]

    /// File offset of the parameter block.
    private let block: UInt32
    /// Elements of an array: element i mod period is neuron i's.
    package let period: UInt32
    package let lowerBound: Int16
    package let upperBound: Int16
    package let function: Function
    package let shift: UInt8
    /// Bit 0 multipliers, bit 1 biases.
    package let arrayFlags: UInt8

    init(_ record: OpRecord) {
        let file = record.file
        block = record.block
        function = Function(rawValue: file.u8(block &+ Block.function)) ?? .clip
        shift = file.u8(block &+ Block.shift)
        arrayFlags = file.u8(block &+ Block.arrayFlags)
        lowerBound = Int16(truncatingIfNeeded: file.i16(block &+ Block.lowerBound))
        upperBound = Int16(truncatingIfNeeded: file.i16(block &+ Block.upperBound))
        let stated = file.u32(block &+ Block.period)
        period = stated == 0 ? record.source.count : stated
    }

    @inline(never)
    static func check(_ record: OpRecord) throws(Refusal) {
        try record.check(fields.span, byteCount: Block.byteCount)
        try Activation(record).check(record)
    }

    /// Wiring, relations, arrays and tensors, elements.
    private func check(_ record: OpRecord) throws(Refusal) {
        try record.requireSource(.current)
        try record.requireTarget(.narrowAnalog, count: record.source.count)
        let limit = function == .clip ? record.target.limit : 0
        let (low, high) = (lowerBound.value, upperBound.value)
        try record.require(low <= limit && low >= 0 &- limit, Block.lowerBound)
        try record.require(high <= limit && high >= low, Block.upperBound)
        try record.requirePeriod(Block.period, of: record.source.count)
        try record.requireArrays(Activation.fields.span, arrayFlags, count: period)
    }

    @inline(never)
    static func declare(_ record: OpRecord, in declaration: inout Declaration) {
        Activation(record).declare(record, in: &declaration)
    }

    private func declare(_ record: OpRecord, in declaration: inout Declaration) {
        declaration.loop = function == .clip ? .clip : .table
        declaration.neurons = widen(record.source.count)
        declaration.parameterBits = record.file.parameterBits(Activation.fields.span, arrayFlags, count: period)
        let hasBiases = arrayFlags & 2 != 0
        declaration.reading = SumReading(
            biases: record.file.parameter(block &+ Block.bias, isArray: hasBiases), count: hasBiases ? period : 1)
    }

    @inline(never)
    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        tick(header.pointee, workspace, counters, function)
    }

    /// A tick by the loop of clip, or by that of the others.
    @inline(__always)
    static func tick(
        _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32,
        as function: Function?
    ) {
        let body = (step + MemoryLayout<OpHeader>.stride).assumingMemoryBound(to: Activation.self)
        body.pointee.tick(
            step.assumingMemoryBound(to: OpHeader.self).pointee,
            workspace.assumingMemoryBound(to: Workspace.self).pointee,
            Counters(first: counters.assumingMemoryBound(to: UInt64.self), isFull: isFull != 0),
            function ?? body.pointee.function)
    }

    /// A tick whose function is known where it is called.
    @inline(__always)
    func tick(_ header: OpHeader, _ workspace: Workspace, _ counters: Counters, _ function: Function) {
        let operands = ActivationOperands(
            input: workspace.int32s(header.source.offset), outputs: workspace.int16s(header.target.offset),
            multipliers: workspace.parameter(block &+ Block.multiplier, isArray: arrayFlags & 1 != 0),
            biases: workspace.parameter(block &+ Block.bias, isArray: arrayFlags & 2 != 0), count: header.source.count,
            period: period, function: function,
            arrays: arrayFlags, shift: shift, bits: header.target.bits, limit: header.target.limit,
            lowerBound: lowerBound.value, upperBound: upperBound.value)
        counters.add(events: Kernels.activate(operands, workspace.level))
    }
}

#if !hasFeature(Embedded)
    extension Activation {
        /// The parameters in a few words, for people.
        package func details(_: OpHeader, _: FileView) -> String {
            switch function {
            case .clip: "limited to \(lowerBound) ... \(upperBound), >> \(shift)"
            case .tanh: "tanh, >> \(shift)"
            case .sigmoid: "sigmoid, >> \(shift)"
            }
        }
    }
#endif
