// Ops: format.md section 7. Adding one: its file, a case here, its section and its golden trace; the
// exhaustive switches name what is missing.

/// Kinds as the file numbers them.
package enum OpKind: UInt8 {
    case input = 1, dense, block, lif, memory, readout, sparse, delay, convolution, pool, activation, loihi, xylo,
        recurrence

    /// Version of the kind, which the file states (format.md section 6).
    package var version: UInt8 { self == .recurrence ? 2 : 1 }
}

/// One step of the program, decoded. Holds offsets into file and arena only, no pointers, so that its
/// size is the same on every target.
package enum Op {
    case input(Input)
    case projection(Projection)
    case lif(LIF)
    case memory(Memory)
    case readout(Readout)
    case sparse(Sparse)
    case delay(Delay)
    case convolution(Convolution)
    case pool(Pool)
    case activation(Activation)
    case loihi(Loihi)
    case xylo(Xylo)
    case recurrence(Recurrence)
}

extension Op {
    /// Runs the op once. Total: cannot fail, and touches only its own slots, state and counters.
    @inline(__always)
    func tick(_ workspace: Workspace, _ counters: Counters) {
        switch self {
        case .input(let op): op.tick(workspace, counters)
        case .projection(let op): op.tick(workspace, counters)
        case .lif(let op): op.tick(workspace, counters)
        case .memory(let op): op.tick(workspace, counters)
        case .readout(let op): op.tick(workspace, counters)
        case .sparse(let op): op.tick(workspace, counters)
        case .delay(let op): op.tick(workspace, counters)
        case .convolution(let op): op.tick(workspace, counters)
        case .pool(let op): op.tick(workspace, counters)
        case .activation(let op): op.tick(workspace, counters)
        case .loihi(let op): op.tick(workspace, counters)
        case .xylo(let op): op.tick(workspace, counters)
        case .recurrence(let op): op.tick(workspace, counters)
        }
    }

    /// Bytes of the op's own state, beyond its slots.
    package var stateByteCount: UInt32 {
        switch self {
        case .lif(let op): return op.stateByteCount
        case .readout(let op): return op.stateByteCount
        case .sparse(let op): return op.stateByteCount
        case .delay(let op): return op.ring.byteCount
        case .loihi(let op): return op.stateByteCount
        case .xylo(let op): return op.stateByteCount
        case .input, .projection, .memory, .recurrence, .convolution, .pool, .activation: return 0
        }
    }

    /// Bytes of working memory, needed only while the op runs.
    package var scratchByteCount: UInt32 {
        switch self {
        case .projection(let op): return op.synapses.scratchByteCount
        case .sparse(let op): return op.synapses.scratchByteCount
        case .convolution(let op): return op.synapses.scratchByteCount
        case .memory(let op): return 4 &* op.order
        case .recurrence(let op): return op.scratchByteCount
        case .pool(let op): return op.scratchByteCount
        case .input, .lif, .readout, .delay, .activation, .loihi, .xylo: return 0
        }
    }

    /// Tells the op where its slots, its state and its working memory lie.
    mutating func place(source: UInt32, target: UInt32, state: UInt32, scratch: UInt32) {
        switch self {
        case .input(var op):
            (op.source.place, op.target.place) = (source, target)
            self = .input(op)
        case .projection(var op):
            op.synapses.place(source: source, target: target, scratch: scratch)
            self = .projection(op)
        case .lif(var op):
            (op.source.place, op.target.place, op.state) = (source, target, state)
            self = .lif(op)
        case .memory(var op):
            (op.source.place, op.target.place, op.scratch) = (source, target, scratch)
            self = .memory(op)
        case .recurrence(var op):
            (op.source.place, op.target.place, op.scratch) = (source, target, scratch)
            self = .recurrence(op)
        case .readout(var op):
            (op.source.place, op.state) = (source, state)
            self = .readout(op)
        case .sparse(var op):
            op.synapses.place(source: source, target: target, scratch: scratch)
            op.state = state
            self = .sparse(op)
        case .delay(var op):
            (op.source.place, op.target.place, op.state) = (source, target, state)
            self = .delay(op)
        case .convolution(var op):
            op.synapses.place(source: source, target: target, scratch: scratch)
            self = .convolution(op)
        case .pool(var op):
            (op.source.place, op.target.place, op.scratch) = (source, target, scratch)
            self = .pool(op)
        case .activation(var op):
            (op.source.place, op.target.place) = (source, target)
            self = .activation(op)
        case .loihi(var op):
            (op.source.place, op.target.place, op.state) = (source, target, state)
            self = .loihi(op)
        case .xylo(var op):
            (op.source.place, op.target.place, op.state) = (source, target, state)
            self = .xylo(op)
        }
    }

    /// Inlined: as a function it loses r10 on a Cortex-M4 (Tests/check-archive.sh).
    @inline(__always)
    package var source: Slot {
        switch self {
        case .input(let op): return op.source
        case .projection(let op): return op.synapses.source
        case .sparse(let op): return op.synapses.source
        case .convolution(let op): return op.synapses.source
        case .delay(let op): return op.source
        case .pool(let op): return op.source
        case .activation(let op): return op.source
        case .loihi(let op): return op.source
        case .xylo(let op): return op.source
        case .lif(let op): return op.source
        case .memory(let op): return op.source
        case .recurrence(let op): return op.source
        case .readout(let op): return op.source
        }
    }

    /// Nil for a readout.
    package var target: Slot? {
        switch self {
        case .input(let op): return op.target
        case .projection(let op): return op.synapses.target
        case .sparse(let op): return op.synapses.target
        case .convolution(let op): return op.synapses.target
        case .delay(let op): return op.target
        case .pool(let op): return op.target
        case .activation(let op): return op.target
        case .loihi(let op): return op.target
        case .xylo(let op): return op.target
        case .lif(let op): return op.target
        case .memory(let op): return op.target
        case .recurrence(let op): return op.target
        case .readout: return nil
        }
    }
}

package let noSlot: UInt32 = 65535

extension Model {
    package func opRecord(_ number: UInt32) -> UInt32 { section(.ops).offset &+ 20 &* number }
    package func opKind(_ number: UInt32) -> OpKind? { OpKind(rawValue: u8(opRecord(number))) }
    /// Slot numbers; `noSlot` where there is none. Format 1 has no op with a second input or output.
    package func sourceSlot(ofOp number: UInt32) -> UInt32 { u16(opRecord(number) &+ 6) }
    package func targetSlot(ofOp number: UInt32) -> UInt32 { u16(opRecord(number) &+ 14) }

    /// Decodes an op and checks its record and parameters, not its packed weights nor its place in the
    /// program.
    package func parseOp(_ number: UInt32) throws(Refusal) -> Op {
        let record = opRecord(number)
        guard let kind = opKind(number) else { throw Refusal(.unsupported, at: record) }
        if u8(record &+ 1) != kind.version { throw Refusal(.unsupported, at: record &+ 1) }
        if u16(record &+ 2) != 1 { throw Refusal(.unsupported, at: record &+ 2) }
        if u16(record &+ 4) != 0 { throw Refusal(.unsupported, at: record &+ 4) }
        let source = try opSlot(record &+ 6)
        for unused in 1..<4 as Range<UInt32> { try requireNoSlot(record &+ 6 &+ 2 &* unused) }
        if kind == .readout { try requireNoSlot(record &+ 14) }
        let target = kind == .readout ? source : try opSlot(record &+ 14)
        try requireNoSlot(record &+ 16)

        let wires = Wires(
            record: record, source: source, target: target, isLoop: u16(record &+ 6) == u16(record &+ 14))
        switch kind {
        case .input: return .input(try Input(self, wires, try parameterBlock(record, 8)))
        case .dense, .block:
            return .projection(try Projection(self, wires, try projectionBlock(record, 12), isBlock: kind == .block))
        case .lif:
            let block = try parameterBlock(record, 24)
            _ = try parameterBlock(record, LIF.blockByteCount(u8(block), u8(block &+ 5)))
            return .lif(try LIF(self, wires, block))
        case .memory: return .memory(try Memory(self, wires, try parameterBlock(record, 20)))
        case .readout: return .readout(try Readout(self, wires, try parameterBlock(record, 16)))
        case .sparse: return .sparse(try Sparse(self, wires, try projectionBlock(record, 20)))
        case .delay: return .delay(try Delay(self, wires, try parameterBlock(record, 8)))
        case .convolution: return .convolution(try Convolution(self, wires, try projectionBlock(record, 28)))
        case .pool: return .pool(try Pool(self, wires, try parameterBlock(record, 20)))
        case .activation: return .activation(try Activation(self, wires, try parameterBlock(record, 20)))
        case .loihi: return .loihi(try Loihi(self, wires, try parameterBlock(record, 24)))
        case .xylo: return .xylo(try Xylo(self, wires, try parameterBlock(record, 24)))
        case .recurrence: return .recurrence(try Recurrence(self, wires, try parameterBlock(record, 20)))
        }
    }

    private func opSlot(_ field: UInt32) throws(Refusal) -> Slot {
        let number = u16(field)
        if number >= slotCount { throw Refusal(.malformed, at: field) }
        return slot(number)
    }

    private func requireNoSlot(_ field: UInt32) throws(Refusal) {
        if u16(field) != noSlot { throw Refusal(.badWiring, at: field) }
    }

    /// Offset in the file of an op's parameter block.
    private func parameterBlock(_ record: UInt32, _ byteCount: UInt32) throws(Refusal) -> UInt32 {
        let extent = section(.parameters)
        let offset = 4 &* u16(record &+ 18)
        if extent.byteCount < byteCount || offset > extent.byteCount &- byteCount {
            throw Refusal(.malformed, at: record &+ 18)
        }
        return extent.offset &+ offset
    }

    /// The same for a projection, which has 4 bytes more where its join byte says so.
    private func projectionBlock(_ record: UInt32, _ byteCount: UInt32) throws(Refusal) -> UInt32 {
        let block = try parameterBlock(record, byteCount)
        return try parameterBlock(record, Synapses.blockByteCount(byteCount, join: u8(block &+ 1)))
    }

    /// Offset in the file of the array that the field at `field` refers to.
    func tensor(_ field: UInt32, _ byteCount: UInt32, alignment: UInt32) throws(Refusal) -> UInt32 {
        let extent = section(.data)
        let offset = u32(field)
        if offset & (alignment &- 1) != 0 || offset > extent.byteCount || byteCount > extent.byteCount &- offset {
            throw Refusal(.malformed, at: field)
        }
        return extent.offset &+ offset
    }
}

/// An op record's slots, and where to report them.
struct Wires {
    let record: UInt32
    let source: Slot
    let target: Slot
    /// Source and target are the same slot.
    let isLoop: Bool

    /// Refuses unless `condition`, blaming the input slot.
    func requireSource(_ condition: Bool) throws(Refusal) {
        if !condition { throw Refusal(.badWiring, at: record &+ 6) }
    }
    /// The same for the output slot.
    func requireTarget(_ condition: Bool) throws(Refusal) {
        if !condition { throw Refusal(.badWiring, at: record &+ 14) }
    }
    /// Refuses unless currents enter memories of `order` elements each.
    func requireMemories(ofOrder order: UInt32) throws(Refusal) {
        try requireSource(source.kind == .current)
        let (elements, overflow) = source.count.multipliedReportingOverflow(by: order)
        try requireTarget(
            target.kind == .analog && target.isPersistent && target.bits >= 16 && !overflow && target.count == elements)
    }
}
