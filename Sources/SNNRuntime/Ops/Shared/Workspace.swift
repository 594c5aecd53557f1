#if arch(x86_64)
    import CKernels
#endif

// What an op gets to run with.

/// Which loops of CKernels/kernels.h run, in its numbers: each level has those of the one before it where it has none of its own.
enum Vectors: UInt8 {
    case none, avx2, avx512

    static var ofThisMachine: Vectors {
        #if arch(x86_64)
            return Vectors(rawValue: snnrt_vector_level()) ?? .none
        #else
            return .none
        #endif
    }
}

/// Where ops find their bytes while they run.
struct Workspace {
    /// First byte of the model file.
    let file: UnsafeRawPointer
    /// First byte of the arena.
    let arena: UnsafeMutableRawPointer
    /// A constant where there is no choice, so that nothing is left of the question.
    #if arch(x86_64)
        let vectors: Vectors
    #else
        var vectors: Vectors { .none }
    #endif
    var hasVectors: Bool { vectors != .none }

    @inline(__always)
    func int32s(_ place: UInt32) -> UnsafeMutablePointer<Int32> {
        (arena + index(place)).assumingMemoryBound(to: Int32.self)
    }
    @inline(__always)
    func int16s(_ place: UInt32) -> UnsafeMutablePointer<Int16> {
        (arena + index(place)).assumingMemoryBound(to: Int16.self)
    }
    @inline(__always)
    func words(_ place: UInt32) -> UnsafeMutablePointer<UInt32> {
        (arena + index(place)).assumingMemoryBound(to: UInt32.self)
    }
    /// A slot's element, of any type, as it stands.
    func value(_ slot: Slot, _ element: UInt32) -> Int32 {
        switch slot.kind {
        case .spikes where slot.isBitmap:
            let word = words(slot.place &+ 4)[index(element &>> 5)]
            return Int32(bitPattern: (word &>> (element & 31)) & 1)
        case .current: return int32s(slot.place)[index(element)]
        case .samples, .spikes, .analog, .synaptic:
            return slot.bits == 32
                ? int32s(slot.place)[index(element)]
                : Int32(truncatingIfNeeded: int16s(slot.place)[index(element)])
        }
    }
}

/// An op's counters in the state block (format.md section 13, part 4). The last three exist only under
/// full accounting.
struct Counters {
    let first: UnsafeMutablePointer<UInt64>
    let isFull: Bool

    @inline(__always)
    func add(events: UInt32) { first[0] &+= widen(events) }
    func add(_ tally: EffectiveTally) { first[tally.areBinary ? 1 : 2] &+= tally.operations }
    func add(membraneUpdates: UInt32) { first[3] &+= widen(membraneUpdates) }
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
