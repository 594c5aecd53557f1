/// The bytes of a record are filled field by field, each at its offset; what is not filled is 0.
struct RecordBytes {
    private(set) var bytes: [UInt8]

    init(byteCount: UInt32) { bytes = Array(repeating: 0, count: Int(byteCount)) }

    /// Puts a number of any width at an offset, the least significant byte first.
    mutating func put(_ value: some FixedWidthInteger, at offset: UInt32) {
        for (i, byte) in value.littleEndianBytes.enumerated() { bytes[Int(offset) + i] = byte }
    }
}

extension RecordBytes {
    /// Puts bytes as they are at an offset.
    mutating func put(bytes: [UInt8], at offset: UInt32) {
        for (i, byte) in bytes.enumerated() { put(byte, at: offset + UInt32(i)) }
    }

    /// Puts fields of two bytes each, side by side.
    mutating func put(halves: [Int], at offset: UInt32) { put(bytes: halves.bytes(.two), at: offset) }
}

/// The data section holds arrays and tensors, each at a multiple of 4.
struct DataSection {
    private(set) var bytes: [UInt8] = []

    /// Returns the offset at which the content lies.
    mutating func add(_ content: [UInt8]) -> UInt32 {
        bytes.padToMultipleOf4()
        defer { bytes += content }
        return UInt32(bytes.count)
    }
}

/// A block writer fills the blocks of ops, one after the other, and stores what their fields refer to in the data section.
struct BlockWriter {
    private(set) var block = RecordBytes(byteCount: 0)
    private(set) var data = DataSection()
    /// One bit for each parameter of the block whose field refers to an array, and those of the op's own.
    private var flags: UInt8 = 0

    /// The block of an op.
    mutating func write(_ parameters: any OpParameters) -> [UInt8] {
        (block, flags) = (RecordBytes(byteCount: parameters.blockByteCount), 0)
        parameters.write(to: &self)
        return block.bytes
    }

    mutating func put(_ value: some FixedWidthInteger, at offset: UInt32) { block.put(value, at: offset) }

    /// A field that is 1 or 0.
    mutating func put(flag: Bool, at offset: UInt32) { put(UInt8(flag ? 1 : 0), at: offset) }

    /// Fields of a byte each, side by side: height then width, or above, below, left, right. What a byte does not hold, the
    /// reader refuses.
    mutating func put(sizes: [Int], at offset: UInt32) {
        block.put(bytes: sizes.map { UInt8(clamping: $0) }, at: offset)
    }

    /// A field that refers to a tensor.
    mutating func put(tensor: [UInt8], at offset: UInt32) { block.put(data.add(tensor), at: offset) }

    /// Sets a bit of the block's flags.
    mutating func raise(flag: Int) { flags |= 1 << UInt8(flag) }

    /// The field of the flags that were raised.
    mutating func putFlags(at offset: UInt32) { put(flags, at: offset) }

    /// A field that holds a parameter's value or refers to its array, and then sets a bit of the array flags.
    mutating func put(_ parameter: Parameter, at offset: UInt32, elements width: ElementWidth, flag: Int) {
        switch parameter {
        case .shared(let value): put(Int32(value), at: offset)
        case .array(let values):
            raise(flag: flag)
            put(tensor: values.bytes(width), at: offset)
        }
    }
}

extension FixedWidthInteger {
    fileprivate var littleEndianBytes: [UInt8] {
        (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
    }
}

extension [Int] {
    /// Elements of 16 bits, signed or not, or of 32.
    func bytes(_ width: ElementWidth) -> [UInt8] {
        switch width {
        case .two:
            flatMap { value in
                precondition(-32768...65535 ~= value)
                return UInt16(truncatingIfNeeded: value).littleEndianBytes
            }
        case .four: flatMap { Int32($0).littleEndianBytes }
        }
    }
}

extension [UInt8] {
    mutating func padToMultipleOf4() { while count % 4 != 0 { append(0) } }
}
