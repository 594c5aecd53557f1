/// Typed reads over the bytes of a model file, and where its sections lie. The view knows nothing of ops: what it reads
/// has been checked by others, or is being checked. The bytes stay the caller's and are used in place.
package struct FileView {
    /// First byte of the file, 4-byte aligned.
    package let base: UnsafeRawPointer

    static func entry(_ number: UInt32) -> UInt32 {
        Record.Header.byteCount &+ Record.Section.byteCount &* number  // number ≤ 64
    }

    /// Length of the file in bytes as its header states it, trailer included.
    package var byteCount: UInt32 { u32(Record.Header.fileByteCount) }
    /// Offset of the trailer, the checksum of all before it.
    package var trailer: UInt32 { byteCount &- Record.Header.trailerByteCount }

    // Offsets below come from checked ranges; every field is naturally aligned in the file.
    @inline(__always)
    package func u8(_ offset: UInt32) -> UInt8 { (base + index(offset)).load(as: UInt8.self) }
    @inline(__always)
    package func u16(_ offset: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: (base + index(offset)).load(as: UInt16.self))
    }
    @inline(__always)
    package func u32(_ offset: UInt32) -> UInt32 { (base + index(offset)).load(as: UInt32.self) }
    @inline(__always)
    package func i16(_ offset: UInt32) -> Int32 {
        Int32(truncatingIfNeeded: (base + index(offset)).load(as: Int16.self))
    }
    @inline(__always)
    package func i32(_ offset: UInt32) -> Int32 { (base + index(offset)).load(as: Int32.self) }

    /// Where a section lies; empty, with an entry of 0, where the file has none. Required sections stand first in the
    /// table, in the order of their types.
    @inline(__always)
    package func section(_ type: SectionType) -> FileRange {
        let number = UInt32(truncatingIfNeeded: type.rawValue) &- 1
        return type.isRequired ? FileRange(self, number) : optionalSection(number)
    }

    @inline(never)
    private func optionalSection(_ type: UInt32) -> FileRange {
        var number = SectionType.requiredCount
        while number < u16(Record.Header.sectionCount) {
            if u16(FileView.entry(number) &+ Record.Section.type) == type &+ 1 { return FileRange(self, number) }
            number = number &+ 1
        }
        return FileRange()
    }

    package var slotCount: UInt32 { quotient(section(.slots).byteCount, Record.Slot.byteCount).quotient }
    package var opCount: UInt32 { quotient(section(.ops).byteCount, Record.Op.byteCount).quotient }

    /// Refuses a section that is not made of 1 … `limit` records of `recordByteCount` bytes. Returns their number.
    @discardableResult
    func recordCount(_ type: SectionType, _ recordByteCount: UInt32, atMost limit: UInt32) throws(Refusal) -> UInt32 {
        let range = section(type)
        let (count, rest) = quotient(range.byteCount, recordByteCount)
        if rest != 0 || count == 0 || count > limit { throw Refusal(.malformed, at: range.lengthField) }
        return count
    }

    /// Offset in the file of the array of `byteCount` bytes that the field at `field` refers to; malformed unless it lies
    /// in data, aligned.
    @inline(never)
    func tensor(_ field: UInt32, _ byteCount: UInt32, alignment: UInt32) throws(Refusal) -> UInt32 {
        let data = section(.data)
        let offset = u32(field)
        if offset & (alignment &- 1) != 0 || offset > data.byteCount || byteCount > data.byteCount &- offset {
            throw Refusal(.malformed, at: field)
        }
        return data.offset &+ offset
    }
}

/// A run of bytes of the file. `entry` is where the section table describes it.
package struct FileRange {
    package var offset: UInt32 = 0
    package var byteCount: UInt32 = 0
    var entry: UInt32 = 0
    package var isPresent: Bool { entry != 0 }
    /// Where the section table states the length.
    var lengthField: UInt32 { entry &+ Record.Section.length }
}

extension FileRange {
    /// Entry `number` of the section table.
    @inline(__always)
    fileprivate init(_ file: FileView, _ number: UInt32) {
        entry = FileView.entry(number)
        offset = file.u32(entry &+ Record.Section.offset)
        byteCount = file.u32(entry &+ Record.Section.length)
    }
}
