// Slots: format.md section 6.

/// A slot as an op sees it.
package struct Slot {
    package enum Kind: UInt8 { case samples = 1, current, spikes, analog, synaptic }

    package internal(set) var kind: Kind
    /// Declared width of an element.
    package internal(set) var bits: UInt8
    package internal(set) var isPersistent: Bool
    /// Element count.
    package internal(set) var count: UInt32
    /// Where the elements lie in the arena; 0 until the network is laid out.
    var place: UInt32 = 0

    /// What projections add to, and one op below them reads.
    var isSum: Bool { kind == .current || kind == .synaptic }

    /// Spikes of one bit, stored as a count and 32 to a word.
    var isBitmap: Bool { kind == .spikes && bits == 1 }

    /// Arena offset of the elements, behind the number of ones.
    var elements: UInt32 { place &+ (isBitmap ? 4 : 0) }

    /// Bytes of the stored elements, padded to a multiple of 4.
    package var byteCount: UInt32 {
        switch kind {
        case .current: return 4 &* count
        case .spikes where isBitmap: return 4 &+ 4 &* spikeWordCount(count)
        case .samples, .spikes, .analog, .synaptic: return paddedByteCount(count, isWide: bits == 32)
        }
    }

    /// Largest magnitude of an element; not meaningful for currents, which have a proof instead.
    var limit: Int32 {
        switch kind {
        case .samples: return 32768
        case .current: return Int32.max
        case .spikes: return (1 &<< Int32(truncatingIfNeeded: bits)) &- 1
        case .synaptic: return 32767
        case .analog: return bits == 32 ? (1 &<< 30) &- 1 : (1 &<< (Int32(truncatingIfNeeded: bits) &- 1)) &- 1
        }
    }

    var bitCount: UInt32 { UInt32(truncatingIfNeeded: bits) &* count }  // ≤ 2^5 · 2^24
}

/// Words that hold `count` spikes, 32 to a word.
@inline(__always)
func spikeWordCount(_ count: UInt32) -> UInt32 { (count &+ 31) &>> 5 }

/// Bytes of `count` values of 32 or 16 bits, padded to a multiple of 4. count ≤ 2^24.
func paddedByteCount(_ count: UInt32, isWide: Bool) -> UInt32 { isWide ? 4 &* count : (2 &* count &+ 3) & ~3 }

extension Model {
    func slotRecord(_ number: UInt32) -> UInt32 { section(.slots).offset &+ 12 &* number }

    /// A slot of a checked table.
    package func slot(_ number: UInt32) -> Slot {
        let record = slotRecord(number)
        return Slot(
            kind: Slot.Kind(rawValue: u8(record))!, bits: u8(record &+ 1), isPersistent: u8(record &+ 2) == 1,
            count: u32(record &+ 8))
    }

    func initialValue(ofSlot number: UInt32) -> Int32 { i16(slotRecord(number) &+ 6) }

    /// Returns the slot count.
    func checkSlots() throws(Refusal) -> UInt32 {
        let count = try recordCount(.slots, 12, atMost: 4096)
        for number in 0..<count {
            let record = slotRecord(number)
            guard let kind = Slot.Kind(rawValue: u8(record)) else { throw Refusal(.unsupported, at: record) }
            let bits = u8(record &+ 1)
            switch kind {
            case .samples, .synaptic: if bits != 16 { throw Refusal(.badValue, at: record &+ 1) }
            case .current: if bits != 32 { throw Refusal(.badValue, at: record &+ 1) }
            case .spikes:
                if bits < 1 || bits > 8 {
                    throw Refusal(bits >= 9 && bits <= 16 ? .unsupported : .badValue, at: record &+ 1)
                }
            case .analog:
                if (bits < 2 || bits > 16) && bits != 32 { throw Refusal(.badValue, at: record &+ 1) }
            }
            let lifetime = u8(record &+ 2)
            let mustPersist = kind == .synaptic
            let mayPersist = kind == .spikes || kind == .analog || mustPersist
            if lifetime > (mayPersist ? 1 : 0) || (mustPersist && lifetime == 0) {
                throw Refusal(.badValue, at: record &+ 2)
            }
            try requireZero(record &+ 3, 1)
            if u16(record &+ 4) != 1 { throw Refusal(.unsupported, at: record &+ 4) }
            let initial = i16(record &+ 6)
            let largest = kind == .analog && lifetime == 1 ? slot(number).limit : 0
            if initial > largest || initial < 0 &- largest { throw Refusal(.badValue, at: record &+ 6) }
            try require(u32(record &+ 8), in: 1...0x100_0000, at: record &+ 8)
        }
        return count
    }
}
