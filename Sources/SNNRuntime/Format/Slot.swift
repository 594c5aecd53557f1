/// A typed vector that ops write and read, as an op sees it (docs/format.md, "Slots").
package struct Slot {
    package enum Kind: UInt8 { case samples = 1, current, spikes, analog, synaptic }

    package internal(set) var kind: Kind
    /// Declared width of an element.
    package internal(set) var bits: UInt8
    package internal(set) var isPersistent: Bool
    /// Element count.
    package internal(set) var count: UInt32
    /// Where the elements lie in the arena; 0 until the network is laid out.
    var offset: UInt32 = 0

    /// What projections add to, and one op below them reads.
    var isSum: Bool { kind == .current || kind == .synaptic }

    /// Spikes of one bit, stored as a count and 32 to a word.
    @inline(__always)
    var isBitmap: Bool { kind == .spikes && bits == 1 }

    /// Elements of 32 bits; else of 16, or a bitmap.
    @inline(__always)
    var isWide: Bool { bits == 32 }

    /// Arena offset of the elements, behind the number of ones.
    @inline(__always)
    var elements: UInt32 { offset &+ (isBitmap ? 4 : 0) }

    /// Bytes of the stored elements, padded to a multiple of 4.
    package var byteCount: UInt32 {
        isBitmap ? 4 &+ 4 &* spikeWordCount(count) : paddedByteCount(count, isWide: isWide)
    }

    /// Largest magnitude of an element; not meaningful for currents, which have a proof instead.
    var limit: Int32 {
        switch kind {
        case .samples: return 32768
        case .current: return Int32.max
        case .spikes: return (1 &<< Int32(truncatingIfNeeded: bits)) &- 1
        case .synaptic: return 32767
        case .analog: return isWide ? Int32.wideLimit : (1 &<< (Int32(truncatingIfNeeded: bits) &- 1)) &- 1
        }
    }

    var bitCount: UInt32 { UInt32(truncatingIfNeeded: bits) &* count }  // ≤ 2^5 · 2^24

    /// The slot's type and width as one bit.
    var type: SlotTypes {
        switch kind {
        case .samples: return .samples
        case .current: return .current
        case .spikes: return bits == 1 ? .bitmap : .graded
        case .analog: return isWide ? .wideAnalog : .narrowAnalog
        case .synaptic: return .synaptic
        }
    }
}

/// A set of slot types, which an op states for its input and its output.
struct SlotTypes: Equatable {
    let rawValue: UInt8

    static let samples = SlotTypes(rawValue: 1)
    static let current = SlotTypes(rawValue: 2)
    /// Spikes of 1 bit, and of more.
    static let bitmap = SlotTypes(rawValue: 4)
    static let graded = SlotTypes(rawValue: 8)
    /// Analog of up to 16 bits, and of 32.
    static let narrowAnalog = SlotTypes(rawValue: 16)
    static let wideAnalog = SlotTypes(rawValue: 32)
    static let synaptic = SlotTypes(rawValue: 64)

    static let spikes = SlotTypes(rawValue: 4 | 8)
    /// What projections, delays and readouts read.
    static let signals = SlotTypes(rawValue: 4 | 8 | 16 | 32)

    @inline(__always)
    func contains(_ other: SlotTypes) -> Bool { rawValue & other.rawValue == other.rawValue }
}

/// Words that hold `count` spikes, 32 to a word.
@inline(__always)
func spikeWordCount(_ count: UInt32) -> UInt32 { (count &+ 31) &>> 5 }

/// Bytes of `count` values of 32 or 16 bits, padded to a multiple of 4. count ≤ 2^24.
func paddedByteCount(_ count: UInt32, isWide: Bool) -> UInt32 { isWide ? 4 &* count : (2 &* count &+ 3) & ~3 }

extension FileView {
    func slotRecord(_ number: UInt32) -> UInt32 { section(.slots).offset &+ Record.Slot.byteCount &* number }

    /// A slot of a table whose fields have been checked.
    @inline(never)
    package func slot(_ number: UInt32) -> Slot {
        let record = slotRecord(number)
        return Slot(
            kind: Slot.Kind(rawValue: u8(record &+ Record.Slot.type)) ?? .samples, bits: u8(record &+ Record.Slot.bits),
            isPersistent: u8(record &+ Record.Slot.lifetime) == 1, count: u32(record &+ Record.Slot.elementCount))
    }

    package func initialValue(ofSlot number: UInt32) -> Int32 { i16(slotRecord(number) &+ Record.Slot.initialValue) }

    @inline(never)
    func checkSlots() throws(Refusal) {
        for number in 0..<(try recordCount(.slots, Record.Slot.byteCount, atMost: Record.Slot.maximumCount)) {
            let record = slotRecord(number)
            try check(Record.Slot.typeField.span, at: record)
            let slot = slot(number)
            let isKnown: Bool
            switch slot.kind {
            case .samples, .synaptic: isKnown = slot.bits == 16
            case .current: isKnown = slot.bits == 32
            case .spikes: isKnown = slot.bits &- 1 < 8
            case .analog: isKnown = slot.bits &- 2 < 15 || slot.isWide
            }
            if !isKnown { throw Refusal(.unsupported, at: record &+ Record.Slot.bits) }
            try check(Record.Slot.lifetimeField.span, at: record)
            let hasChoice = slot.kind == .spikes || slot.kind == .analog
            if !hasChoice && slot.isPersistent != (slot.kind == .synaptic) {
                throw Refusal(.badValue, at: record &+ Record.Slot.lifetime)
            }
            try check(Record.Slot.ringFields.span, at: record)
            let largest = slot.kind == .analog && slot.isPersistent ? slot.limit : 0
            let initial = initialValue(ofSlot: number)
            if initial > largest || initial < 0 &- largest {
                throw Refusal(.badValue, at: record &+ Record.Slot.initialValue)
            }
            try check(Record.Slot.countField.span, at: record)
        }
    }
}
