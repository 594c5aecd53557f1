/// Where ops find their bytes while they run.
struct Workspace {
    /// First byte of the model file.
    let file: UnsafeRawPointer
    /// First byte of its data section, where arrays lie.
    let data: UnsafeRawPointer
    /// First byte of the arena.
    let arena: UnsafeMutableRawPointer
    /// Arena offset of the working memory that ops share, one after the other.
    let scratch: UInt32
    /// What the kernels may use.
    let level: ProcessorLevel

    @inline(__always)
    func int32s(_ offset: UInt32) -> UnsafeMutablePointer<Int32> {
        (arena + index(offset)).assumingMemoryBound(to: Int32.self)
    }
    @inline(__always)
    func int16s(_ offset: UInt32) -> UnsafeMutablePointer<Int16> {
        (arena + index(offset)).assumingMemoryBound(to: Int16.self)
    }
    @inline(__always)
    func words(_ offset: UInt32) -> UnsafeMutablePointer<UInt32> {
        (arena + index(offset)).assumingMemoryBound(to: UInt32.self)
    }

    /// A parameter in the file: its array, where `isArray`, else the field itself.
    @inline(__always)
    func parameter<Element>(_ field: UInt32, isArray: Bool) -> UnsafePointer<Element> {
        let at = file + index(field)
        let start = isArray ? data + index(at.load(as: UInt32.self)) : at
        return start.assumingMemoryBound(to: Element.self)
    }
    /// An array in the file that the field at `field` refers to.
    @inline(__always)
    func tensor(_ field: UInt32) -> UnsafeRawPointer { data + index((file + index(field)).load(as: UInt32.self)) }

    /// A slot's element, of any type, as it stands.
    func value(_ slot: Slot, _ element: UInt32) -> Int32 {
        if slot.isBitmap {
            let word = words(slot.elements)[index(element &>> 5)]
            return Int32(bitPattern: (word &>> (element & 31)) & 1)
        }
        return slot.isWide
            ? int32s(slot.offset)[index(element)] : Int32(truncatingIfNeeded: int16s(slot.offset)[index(element)])
    }

    /// How many elements of a slot are not 0.
    @inline(never)
    func eventCount(_ slot: Slot) -> UInt32 {
        if slot.isBitmap { return words(slot.offset)[0] }
        var events: UInt32 = 0
        for i in 0..<slot.count { events &+= value(slot, i) != 0 ? 1 : 0 }
        return events
    }
}

/// An op's counters in the state block (docs/format.md, "The state block"). The last three exist only under full accounting.
struct Counters {
    let first: UnsafeMutablePointer<UInt64>
    let isFull: Bool

    @inline(__always)
    func add(events: UInt32) { first[0] &+= widen(events) }
    func add(_ tally: EffectiveTally) { first[tally.areBinary ? 1 : 2] &+= tally.operations }
    @inline(__always)
    func add(_ counts: NeuronCounts) {
        add(events: counts.events)
        if isFull { first[3] &+= widen(counts.changes) }
    }
}

/// Effective operations of one op in one tick, and whether all its source values were −1, 0 or 1.
struct EffectiveTally {
    var operations: UInt64 = 0
    var areBinary = true

    mutating func add(value: Int32, operations count: UInt32) {
        operations &+= widen(count)
        areBinary = areBinary && value >= -1 && value <= 1
    }
}
