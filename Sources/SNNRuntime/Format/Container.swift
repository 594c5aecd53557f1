// Header, trailer and section table: format.md sections 2 and 3.

let headerByteCount: UInt32 = 32
let trailerByteCount: UInt32 = 4
private let magic: InlineArray<8, UInt8> = [0x89, 0x53, 0x4e, 0x4e, 0x0d, 0x0a, 0x1a, 0x0a]
private let arithmeticName: InlineArray<6, UInt8> = [0x73, 0x6e, 0x6e, 0x2d, 0x74, 0x7a]  // snn-tz

/// Checks everything before the section table. Returns the file's first byte and its own length.
func checkHeader(_ bytes: UnsafeRawBufferPointer, _ byteLimit: UInt64) throws(Refusal) -> (UnsafeRawPointer, UInt32) {
    guard let base = bytes.baseAddress else { throw Refusal(.badArgument) }
    if UInt(bitPattern: base) & 3 != 0 { throw Refusal(.misaligned) }
    for at in 0..<min(8, bytes.count) where bytes[at] != magic[at] { throw Refusal(.notAModel) }
    if bytes.count < 36 { throw Refusal(.truncated, at: UInt32(truncatingIfNeeded: bytes.count)) }

    func u16(_ at: Int) -> UInt16 { (base + at).load(as: UInt16.self) }
    if u16(8) != 1 { throw Refusal(.newerVersion, at: 8) }
    if u16(10) > 5 { throw Refusal(.newerVersion, at: 10) }
    let byteCount = (base + 12).load(as: UInt32.self)
    if byteCount & 3 != 0 || byteCount < 36 { throw Refusal(.damaged, at: 12) }
    if byteCount > saturatedCount(bytes.count) { throw Refusal(.truncated, at: 12) }
    if byteLimit != 0 && widen(byteCount) > byteLimit { throw Refusal(.overBudget) }
    let trailer = byteCount &- trailerByteCount
    if crc32c(base, index(trailer), after: 0) != (base + index(trailer)).load(as: UInt32.self) {
        throw Refusal(.damaged, at: trailer)
    }
    for at in 0..<6 where bytes[16 &+ at] != arithmeticName[at] { throw Refusal(.unsupportedArithmetic, at: 16) }
    if u16(22) != 1 { throw Refusal(.unsupportedArithmetic, at: 22) }
    if u16(24) == 0 || u16(24) > 64 { throw Refusal(.badValue, at: 24) }
    if u16(26) != 0 { throw Refusal(.unsupported, at: 26) }
    if (base + 28).load(as: UInt32.self) != 0 { throw Refusal(.unsupported, at: 28) }
    return (base, byteCount)
}

/// Reads the section table of a file whose header was checked: sections lie one behind the other,
/// each type once, all required ones present.
func readSectionTable(_ base: UnsafeRawPointer, _ byteCount: UInt32) throws(Refusal) -> InlineArray<11, Extent> {
    var sections = InlineArray<11, Extent>(repeating: Extent())
    func u16(_ at: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: (base + index(at)).load(as: UInt16.self))
    }
    let trailer = byteCount &- trailerByteCount
    let count = u16(24)
    var expected = headerByteCount &+ 12 &* count  // count ≤ 64
    if expected > trailer { throw Refusal(.malformed, at: 24) }

    for number in 0..<count {
        let entry = headerByteCount &+ 12 &* number
        let type = u16(entry)
        let flags = u16(entry &+ 2)
        let offset = (base + index(entry &+ 4)).load(as: UInt32.self)
        let length = (base + index(entry &+ 8)).load(as: UInt32.self)

        let isKnown = type >= 1 && type <= 10
        for earlier in 0..<number where u16(headerByteCount &+ 12 &* earlier) == type {
            throw Refusal(.malformed, at: entry)
        }
        if !isKnown && flags & 1 != 0 { throw Refusal(.unsupported, at: entry) }
        if flags & ~1 != 0 { throw Refusal(.unsupported, at: entry &+ 2) }
        if isKnown && flags != (type <= 8 ? 1 : 0) { throw Refusal(.badValue, at: entry &+ 2) }
        if offset != expected { throw Refusal(.malformed, at: entry &+ 4) }
        if length > trailer &- offset { throw Refusal(.malformed, at: entry &+ 8) }
        let end = offset &+ length
        expected = (end &+ 3) & ~3  // ≤ trailer, which is a multiple of 4
        if number == count &- 1 && expected != trailer { throw Refusal(.malformed, at: entry &+ 8) }
        for at in end..<expected where (base + index(at)).load(as: UInt8.self) != 0 {
            throw Refusal(.malformed, at: at)
        }
        if isKnown {
            sections[index(type)] = Extent(offset: offset, byteCount: length, entry: entry)
        }
    }
    for type in 1...8 where !sections[type].isPresent { throw Refusal(.malformed, at: 24) }
    return sections
}
