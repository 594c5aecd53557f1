/// What an op is to the rest of the runtime. An op is a header that all share and a body, and its one file states the body's block,
/// fields, wiring, relations, state and costs. Adding one: its file, and a case of `OpKind` and of `Op.Body`, whose exhaustive
/// switches, below and in Model/Proof.swift, name what is missing.
protocol OpBody {
    /// Refuses what docs/format.md does not allow: fields of the block, wiring, relations in the order of the fields they blame,
    /// then arrays and tensors, then their elements.
    static func check(_ record: OpRecord) throws(Refusal)
    /// State, costs, and what the proof of sums needs, of a checked op.
    static func declare(_ record: OpRecord) -> Declaration
    /// Reads a block whose fields are checked. Cheap, and checks nothing.
    init(_ record: OpRecord)
    /// Runs the op once, whose header lies in the arena. Total: cannot fail, and touches only its own slots, state and counters.
    /// A call, but where a kernel does it all: the loops of one inlined into `Network.push` would cost the others registers and stack.
    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters)
}

/// What every op has.
package struct OpHeader {
    package internal(set) var source: Slot
    /// A readout's is its source.
    package internal(set) var target: Slot
    /// Arena offset of the op's own state.
    var state: UInt32 = 0
}

/// One step of the program, decoded. Holds offsets into file and arena only, no pointers, so that its size is the same on every
/// target.
package struct Op {
    package internal(set) var header: OpHeader
    package internal(set) var body: Body

    package enum Body {
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

    package var source: Slot { header.source }
    /// Nil for a readout.
    package var target: Slot? {
        if case .readout = body { return nil }
        return header.target
    }

    /// Runs the op at `op` in the arena once.
    @inline(__always)
    static func tick(_ op: UnsafePointer<Op>, _ workspace: Workspace, _ counters: Counters) {
        // The header, then the body, each read where it lies: through the whole record they would be read byte by byte on a
        // Cortex-M0+, whose loads are to be aligned.
        let header = UnsafeRawPointer(op).assumingMemoryBound(to: OpHeader.self)
        let body = (UnsafeRawPointer(op) + MemoryLayout<OpHeader>.stride).assumingMemoryBound(to: Body.self)
        switch body.pointee {
        case .input(let body): body.tick(header, workspace, counters)
        case .projection(let body): body.tick(header, workspace, counters)
        case .lif(let body): body.tick(header, workspace, counters)
        case .memory(let body): body.tick(header, workspace, counters)
        case .readout(let body): body.tick(header, workspace, counters)
        case .sparse(let body): body.tick(header, workspace, counters)
        case .delay(let body): body.tick(header, workspace, counters)
        case .convolution(let body): body.tick(header, workspace, counters)
        case .pool(let body): body.tick(header, workspace, counters)
        case .activation(let body): body.tick(header, workspace, counters)
        case .loihi(let body): body.tick(header, workspace, counters)
        case .xylo(let body): body.tick(header, workspace, counters)
        case .recurrence(let body): body.tick(header, workspace, counters)
        }
    }
}

extension FileView {
    package func opRecord(_ number: UInt32) -> UInt32 { section(.ops).offset &+ Record.Op.byteCount &* number }
    package func opKind(_ number: UInt32) -> OpKind? { OpKind(rawValue: u8(opRecord(number) &+ Record.Op.kind)) }
    /// Slot numbers; `noSlot` where there is none. The format has no op with a second input or output.
    package func sourceSlot(ofOp number: UInt32) -> UInt32 { u16(opRecord(number) &+ Record.Op.inputs) }
    package func targetSlot(ofOp number: UInt32) -> UInt32 { u16(opRecord(number) &+ Record.Op.outputs) }

    package func record(ofOp number: UInt32) -> OpRecord { OpRecord(file: self, offset: opRecord(number)) }

    /// A checked op, decoded.
    package func op(_ number: UInt32) -> Op {
        let record = record(ofOp: number)
        let body: Op.Body
        switch record.kind ?? .readout {
        case .input: body = .input(Input(record))
        case .dense, .block: body = .projection(Projection(record))
        case .lif: body = .lif(LIF(record))
        case .memory: body = .memory(Memory(record))
        case .readout: body = .readout(Readout(record))
        case .sparse: body = .sparse(Sparse(record))
        case .delay: body = .delay(Delay(record))
        case .convolution: body = .convolution(Convolution(record))
        case .pool: body = .pool(Pool(record))
        case .activation: body = .activation(Activation(record))
        case .loihi: body = .loihi(Loihi(record))
        case .xylo: body = .xylo(Xylo(record))
        case .recurrence: body = .recurrence(Recurrence(record))
        }
        return Op(header: OpHeader(source: record.source, target: record.target), body: body)
    }

    /// What a checked op declares.
    @inline(never)
    func declaration(ofOp number: UInt32) -> Declaration {
        let record = record(ofOp: number)
        switch record.kind ?? .readout {
        case .input: return Input.declare(record)
        case .dense, .block: return Projection.declare(record)
        case .lif: return LIF.declare(record)
        case .memory: return Memory.declare(record)
        case .readout: return Readout.declare(record)
        case .sparse: return Sparse.declare(record)
        case .delay: return Delay.declare(record)
        case .convolution: return Convolution.declare(record)
        case .pool: return Pool.declare(record)
        case .activation: return Activation.declare(record)
        case .loihi: return Loihi.declare(record)
        case .xylo: return Xylo.declare(record)
        case .recurrence: return Recurrence.declare(record)
        }
    }

    /// Refuses an op whose record, parameters, slots or tensors are not what docs/format.md allows.
    func checkOp(_ number: UInt32) throws(Refusal) {
        let record = record(ofOp: number)
        guard let kind = record.kind else { throw Refusal(.unsupported, at: record.offset) }
        try check(Record.Op.fields.span, at: record.offset)
        for place in 0..<6 as Range<UInt32> {
            // Four inputs, then two outputs: the first of each is in use, but for a readout's output.
            let field = record.offset &+ Record.Op.inputs &+ 2 &* place
            let isUsed = place == 0 || (place == 4 && kind != .readout)
            if isUsed ? u16(field) >= slotCount : u16(field) != Record.Op.noSlot {
                throw Refusal(isUsed ? .malformed : .badWiring, at: field)
            }
        }
        switch kind {
        case .input: try Input.check(record)
        case .dense, .block: try Projection.check(record)
        case .lif: try LIF.check(record)
        case .memory: try Memory.check(record)
        case .readout: try Readout.check(record)
        case .sparse: try Sparse.check(record)
        case .delay: try Delay.check(record)
        case .convolution: try Convolution.check(record)
        case .pool: try Pool.check(record)
        case .activation: try Activation.check(record)
        case .loihi: try Loihi.check(record)
        case .xylo: try Xylo.check(record)
        case .recurrence: try Recurrence.check(record)
        }
    }
}

#if !hasFeature(Embedded)
    extension Op {
        /// The parameters in a few words, for people.
        package func details(_ file: FileView) -> String {
            switch body {
            case .input(let body): body.details(header, file)
            case .projection(let body): body.details(header, file)
            case .lif(let body): body.details(header, file)
            case .memory(let body): body.details(header, file)
            case .readout(let body): body.details(header, file)
            case .sparse(let body): body.details(header, file)
            case .delay(let body): body.details(header, file)
            case .convolution(let body): body.details(header, file)
            case .pool(let body): body.details(header, file)
            case .activation(let body): body.details(header, file)
            case .loihi(let body): body.details(header, file)
            case .xylo(let body): body.details(header, file)
            case .recurrence(let body): body.details(header, file)
            }
        }

        /// An op's weights as they are stored: of `copies` groups or units each. Nil where it has none.
        package struct StoredTensor {
            package let encoding: String
            package let shape: String
            package let weights: UInt64
            package let copies: UInt32
            package let byteCount: UInt64
        }

        package func storedTensor(_ file: FileView, _ number: UInt32) -> StoredTensor? {
            let declaration = file.declaration(ofOp: number)
            let tensors = [declaration.weights[0], declaration.weights[1]].filter { $0.weightCount > 0 }
            if tensors.isEmpty && declaration.factorBits == 0 { return nil }
            var shape = tensors.map { $0.runCount == 1 ? "\($0.runLength)" : "\($0.runLength)x\($0.runCount)" }
                .joined(separator: " + ")
            switch body {
            case .sparse: shape = "\(declaration.synapses) synapses"
            case .convolution(let body):
                let kernel = body.shape(file.base)
                shape = "\(tensors[0].runLength)x\(kernel.channels)x\(kernel.kernelHeight)x\(kernel.kernelWidth)"
            case .recurrence(let body): shape = "\(declaration.factorBits / 32 / UInt64(body.order))x\(body.order)"
            default: break
            }
            return StoredTensor(
                encoding: tensors.first.map { "\($0.encoding)" } ?? "int32", shape: shape,
                weights: tensors.reduce(declaration.factorBits / 32) { $0 + $1.weightCount },
                copies: declaration.weightCopies,
                byteCount: tensors.reduce(declaration.factorBits / 8) {
                    $0 + UInt64($1.runByteCount) * UInt64($1.runCount)
                })
        }
    }

    extension FileView {
        /// Bytes of an op's own state, beyond its slots.
        package func stateByteCount(ofOp number: UInt32) -> UInt32 { declaration(ofOp: number).stateByteCount }
    }
#endif
