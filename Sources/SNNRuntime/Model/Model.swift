/// A validated view over the bytes of a model file (format.md). The bytes stay the caller's: they must
/// neither move nor change while the model or a network of it is in use. Nothing is copied, so a model
/// may be shared by any number of networks.
public struct Model {
    /// First byte of the file, 4-byte aligned.
    package let base: UnsafeRawPointer
    /// The file's own length in bytes, trailer included.
    public let byteCount: UInt32
    /// Where each section lies, by type 0 … 10; absent ones are empty.
    private(set) var sections: InlineArray<11, Extent>

    public private(set) var slotCount: UInt32 = 0
    public private(set) var opCount: UInt32 = 0
    public private(set) var channelCount: UInt32 = 0
    public private(set) var classCount: UInt32 = 0
    /// Index of the readout op, the one output of format 1.
    public private(set) var readoutIndex: UInt32 = 0

    /// Checks everything that format.md section 16 lists, in its order.
    ///
    /// - Parameters:
    ///   - bytes: the file; bytes beyond its own length are not looked at.
    ///   - byteLimit: refuses a longer file as over budget before looking into it; 0 = no limit.
    public init(validating bytes: UnsafeRawBufferPointer, byteLimit: UInt64 = 0) throws(Refusal) {
        (base, byteCount) = try checkHeader(bytes, byteLimit)
        sections = try readSectionTable(base, byteCount)
        try checkNames()
        channelCount = try checkStreams()
        slotCount = try checkSlots()
        opCount = try recordCount(.ops, 20, atMost: 4096)
        for op in 0..<opCount {
            switch try parseOp(op) {
            case .projection(let op): try op.checkWeights(self)
            case .convolution(let op): try op.checkWeights(self)
            case .sparse(let op): try op.checkTensors(self)
            case .input, .lif, .memory, .readout, .delay, .pool, .activation, .loihi, .xylo, .recurrence: break
            }
        }
        try checkSynapseCount()
        try checkWiring()
        (readoutIndex, classCount) = try checkOutputs()
        try checkSelfTest()
        try proveSums()
    }

    /// A view over a file that `init(validating:)` accepted before and that has not changed since.
    init(trusting base: UnsafeRawPointer) {
        self.base = base
        byteCount = (base + 12).load(as: UInt32.self)
        sections = InlineArray<11, Extent>(repeating: Extent())
        for number in 0..<u16(24) {
            let entry = headerByteCount &+ 12 &* number
            if u16(entry) <= 10 {
                sections[index(u16(entry))] = Extent(offset: u32(entry &+ 4), byteCount: u32(entry &+ 8), entry: entry)
            }
        }
        channelCount = u16(section(.streams).offset &+ 2)
        slotCount = quotient(section(.slots).byteCount, 12).quotient
        opCount = quotient(section(.ops).byteCount, 20).quotient
        readoutIndex = u16(section(.outputs).offset &+ 6)
        classCount = u16(section(.outputs).offset &+ 8)
    }

    /// The trailer, which identifies the model.
    public var checksum: UInt32 { u32(byteCount &- 4) }

    // MARK: Reading

    // Offsets below come from checked extents; every field is naturally aligned in the file.
    func u8(_ offset: UInt32) -> UInt8 { (base + index(offset)).load(as: UInt8.self) }
    func u16(_ offset: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: (base + index(offset)).load(as: UInt16.self))
    }
    func u32(_ offset: UInt32) -> UInt32 { (base + index(offset)).load(as: UInt32.self) }
    func i16(_ offset: UInt32) -> Int32 {
        Int32(truncatingIfNeeded: (base + index(offset)).load(as: Int16.self))
    }
    func i32(_ offset: UInt32) -> Int32 { (base + index(offset)).load(as: Int32.self) }

    package func section(_ type: SectionType) -> Extent { sections[type.rawValue] }

    /// Number of fixed-size records in a section that holds nothing else.
    func recordCount(_ type: SectionType, _ recordByteCount: UInt32, atMost limit: UInt32) throws(Refusal) -> UInt32 {
        let extent = section(type)
        let (count, rest) = quotient(extent.byteCount, recordByteCount)
        if rest != 0 || count == 0 || count > limit { throw Refusal(.malformed, at: extent.entry &+ 8) }
        return count
    }

    /// Refuses unless `byteCount` zero bytes lie at `offset`: reserved fields.
    func requireZero(_ offset: UInt32, _ byteCount: UInt32) throws(Refusal) {
        for at in offset..<offset &+ byteCount where u8(at) != 0 { throw Refusal(.unsupported, at: offset) }
    }

    /// Refuses unless the field at `offset`, read as `value`, lies in `range`.
    @discardableResult
    func require(_ value: UInt32, in range: ClosedRange<UInt32>, at offset: UInt32) throws(Refusal) -> UInt32 {
        if value < range.lowerBound || value > range.upperBound { throw Refusal(.badValue, at: offset) }
        return value
    }
}

/// A run of bytes of the file. `entry` is where the section table describes it.
package struct Extent {
    package internal(set) var offset: UInt32 = 0
    package internal(set) var byteCount: UInt32 = 0
    var entry: UInt32 = 0
    package var isPresent: Bool { entry != 0 }
}

/// Section types 1 … 10; the raw value doubles as the index in `Model.sections`.
package struct SectionType {
    package let rawValue: Int
    package static let streams = SectionType(rawValue: 1)
    package static let channels = SectionType(rawValue: 2)
    package static let slots = SectionType(rawValue: 3)
    package static let ops = SectionType(rawValue: 4)
    package static let parameters = SectionType(rawValue: 5)
    package static let data = SectionType(rawValue: 6)
    package static let outputs = SectionType(rawValue: 7)
    package static let names = SectionType(rawValue: 8)
    package static let selfTest = SectionType(rawValue: 9)
    package static let metadata = SectionType(rawValue: 10)
}
