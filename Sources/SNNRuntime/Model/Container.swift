// Header, trailer and section table: docs/format.md, "Header" and "Sections".

/// Checks everything before the section table. Returns a view that knows no sections yet.
@inline(never)
func checkHeader(_ bytes: UnsafeRawBufferPointer, _ byteLimit: UInt64, _ level: ProcessorLevel) throws(Refusal)
    -> FileView
{
    typealias Header = Record.Header
    guard let base = bytes.baseAddress else { throw Refusal(.badArgument) }
    if UInt(bitPattern: base) & 3 != 0 { throw Refusal(.misaligned) }
    for at in 0..<min(8, bytes.count) where bytes[at] != Header.magic[at] { throw Refusal(.notAModel) }
    let given = saturatedCount(bytes.count)
    let least = Header.byteCount &+ Header.trailerByteCount
    if given < least { throw Refusal(.truncated, at: given) }

    let file = FileView(base: base)
    if file.u16(Header.majorVersion) != Header.formatMajor { throw Refusal(.newerVersion, at: Header.majorVersion) }
    let minor = file.u16(Header.minorVersion)
    if minor > Header.formatMinor { throw Refusal(.newerVersion, at: Header.minorVersion) }
    if minor < Header.firstMinor { throw Refusal(.unsupported, at: Header.minorVersion) }
    let byteCount = file.byteCount
    if byteCount & 3 != 0 || byteCount < least { throw Refusal(.damaged, at: Header.fileByteCount) }
    if byteCount > given { throw Refusal(.truncated, at: Header.fileByteCount) }
    if byteLimit != 0 && widen(byteCount) > byteLimit { throw Refusal(.overBudget) }
    if crc32c(base, index(file.trailer), after: 0, level) != file.u32(file.trailer) {
        throw Refusal(.damaged, at: file.trailer)
    }
    for at in 0..<6 where bytes[index(Header.arithmetic) &+ at] != Header.arithmeticName[at] {
        throw Refusal(.unsupportedArithmetic, at: Header.arithmetic)
    }
    if file.u16(Header.arithmeticVersion) != Header.arithmeticNumber {
        throw Refusal(.unsupportedArithmetic, at: Header.arithmeticVersion)
    }
    try file.check(Header.fields.span, at: 0)
    return file
}

extension FileView {
    /// Holds the section table of a file whose header was checked: the required sections first, in the order of their types,
    /// every type once, and all of them one behind the other.
    @inline(never)
    func checkSectionTable() throws(Refusal) {
        let trailer = trailer
        let count = u16(Record.Header.sectionCount)
        var expected = FileView.entry(count)
        if expected > trailer { throw Refusal(.malformed, at: Record.Header.sectionCount) }
        for number in 0..<count {
            let entry = FileView.entry(number)
            try checkEntry(number)
            let (offset, length) = (u32(entry &+ Record.Section.offset), u32(entry &+ Record.Section.length))
            if offset != expected { throw Refusal(.malformed, at: entry &+ Record.Section.offset) }
            let end = offset &+ length
            expected = (end &+ 3) & ~3  // ≤ trailer, which is a multiple of 4, unless the length is at fault
            if length > trailer &- offset || (number == count &- 1 && expected != trailer) {
                throw Refusal(.malformed, at: entry &+ Record.Section.length)
            }
            for at in end..<expected where u8(at) != 0 { throw Refusal(.malformed, at: at) }
        }
    }

    /// Type and flags of section table entry `number`.
    @inline(never)
    private func checkEntry(_ number: UInt32) throws(Refusal) {
        let entry = FileView.entry(number)
        let (type, flags) = (u16(entry &+ Record.Section.type), u16(entry &+ Record.Section.flags))
        let isRequired = number < SectionType.requiredCount
        let isRequiredType = type >= 1 && type <= SectionType.requiredCount
        if isRequired != isRequiredType || (isRequired && type != number &+ 1) {
            throw Refusal(.malformed, at: entry)
        }
        for earlier in 0..<number where u16(FileView.entry(earlier) &+ Record.Section.type) == type {
            throw Refusal(.malformed, at: entry)
        }
        let isKnown = type >= 1 && type <= UInt32(truncatingIfNeeded: SectionType.metadata.rawValue)
        let isCritical = flags & Record.Section.criticalFlag != 0
        if !isKnown && isCritical { throw Refusal(.unsupported, at: entry) }
        if flags & ~Record.Section.criticalFlag != 0 { throw Refusal(.unsupported, at: entry &+ Record.Section.flags) }
        if isKnown && isCritical != isRequired { throw Refusal(.badValue, at: entry &+ Record.Section.flags) }
    }
}
