/// A validated view over the bytes of a model file (docs/format.md). The bytes stay the caller's: they must
/// neither move nor change while the model or a network of it is in use. Nothing is copied, so a model
/// may be shared by any number of networks.
public struct Model {
    package let file: FileView
    /// Asked once, since the question is slow in a virtual machine.
    let level: ProcessorLevel

    /// Checks everything that docs/format.md lists under "The order of checks", in that order.
    ///
    /// - Parameters:
    ///   - bytes: the file; bytes beyond its own length are not looked at.
    ///   - limits: refused as over budget, a longer file before looking into it, the rest before the proof of sums.
    public init(validating bytes: UnsafeRawBufferPointer, limits: Limits = Limits()) throws(Refusal) {
        try self.init(unproved: bytes, limits)
        try proveSums()
    }

    /// The same but for the proof of sums, which takes the most stack and follows.
    @inline(never)
    public init(unproved bytes: UnsafeRawBufferPointer, _ limits: Limits) throws(Refusal) {
        level = .ofThisMachine
        file = try checkHeader(bytes, limits.byteCount, level)
        try file.checkSectionTable()
        try file.checkNames()
        try file.checkStreams()
        try file.checkSlots()
        for op in 0..<(try file.recordCount(.ops, Record.Op.byteCount, atMost: Record.Op.maximumCount)) {
            try file.checkOp(op)
        }
        try checkWork()
        try checkWiring()
        try checkOutputs()
        try file.checkSelfTest()
        try check(limits)
    }

    /// A view over a file that `init(validating:)` accepted before and that has not changed since.
    init(trusting base: UnsafeRawPointer, _ level: ProcessorLevel) {
        (file, self.level) = (FileView(base: base), level)
    }

    /// The file's own length in bytes, trailer included.
    public var byteCount: UInt32 { file.byteCount }
    /// The trailer, which identifies the model.
    public var checksum: UInt32 { file.u32(file.trailer) }
    public var slotCount: UInt32 { file.slotCount }
    public var opCount: UInt32 { file.opCount }
    public var channelCount: UInt32 { file.channelCount }
    public var classCount: UInt32 { file.classCount }
    /// Index of the readout op, the one output of the format.
    public var readoutIndex: UInt32 { file.readoutIndex }

    // MARK: What it says to the world

    /// - Parameter number: 0 … channelCount − 1.
    public func channel(_ number: UInt32) -> Channel { file.channel(number) }
    public var streamName: UnsafePointer<UInt8> { file.name(at: file.section(.streams).offset &+ Record.Stream.name) }
    /// Frames (= ticks) per second: numerator / denominator.
    public var rateNumerator: UInt32 { file.u32(file.section(.streams).offset &+ Record.Stream.rateNumerator) }
    public var rateDenominator: UInt32 { file.u32(file.section(.streams).offset &+ Record.Stream.rateDenominator) }
    public var outputName: UnsafePointer<UInt8> { file.name(at: file.section(.outputs).offset &+ Record.Outputs.name) }

    /// - Parameter number: 0 … classCount − 1.
    public func className(_ number: UInt32) -> UnsafePointer<UInt8> {
        file.name(at: file.section(.outputs).offset &+ Record.Outputs.classNames &+ 2 &* number)
    }

    /// Nil where the file carries none.
    public var selfTest: SelfTest? { file.selfTest }

    /// UTF-8 lines `key: value`; empty where the file carries none.
    public var metadata: UnsafeRawBufferPointer {
        let range = file.section(.metadata)
        return UnsafeRawBufferPointer(start: file.base + index(range.offset), count: index(range.byteCount))
    }

    // MARK: Results

    /// The one readout of a checked model.
    package var readout: Readout {
        Readout(file.record(ofOp: readoutIndex))
    }

    /// Ticks from result to result, T: the readout's hop.
    public var ticksPerResult: UInt32 { readout.hop }
    /// Ticks that a result is about.
    public var windowTickCount: UInt32 { readout.window }
    /// Ticks that a fresh network takes to its first result.
    public var ticksToFirstResult: UInt32 { readout.ticksToFirstResult }
}
