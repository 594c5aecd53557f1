/// What an op is to the rest of the runtime. An op is a header that all share and a body, and its one file states the body's block,
/// fields, wiring, relations, state and costs. Adding one: its file, and a case of `OpKind` and of `Op.Body`, whose exhaustive
/// switches below name what is missing.
protocol OpBody {
    /// Bytes of the parameter block.
    static var blockByteCount: UInt32 { get }
    /// Refuses fields of the block that hold what they may not.
    static func checkFields(_ file: FileView, _ block: UInt32) throws(Refusal)
    /// Reads a block whose fields are checked. Cheap, and checks nothing.
    init(_ record: OpRecord)
    /// Refuses slots that the op cannot read or write, the input first.
    func checkWiring(_ record: OpRecord) throws(Refusal)
    /// Relations in the order of the fields they blame, then arrays and tensors, then their elements.
    func check(_ record: OpRecord) throws(Refusal)
    /// State, costs, and what the proof of sums needs.
    func declare(_ header: OpHeader, _ file: FileView) -> Declaration
    /// Runs the op once. Total: cannot fail, and touches only its own slots, state and counters.
    func tick(_ header: OpHeader, _ workspace: Workspace, _ counters: Counters)
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

    @inline(__always)
    func tick(_ workspace: Workspace, _ counters: Counters) {
        switch body {
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

    @inline(never)
    func declare(_ file: FileView) -> Declaration {
        switch body {
        case .input(let body): return body.declare(header, file)
        case .projection(let body): return body.declare(header, file)
        case .lif(let body): return body.declare(header, file)
        case .memory(let body): return body.declare(header, file)
        case .readout(let body): return body.declare(header, file)
        case .sparse(let body): return body.declare(header, file)
        case .delay(let body): return body.declare(header, file)
        case .convolution(let body): return body.declare(header, file)
        case .pool(let body): return body.declare(header, file)
        case .activation(let body): return body.declare(header, file)
        case .loihi(let body): return body.declare(header, file)
        case .xylo(let body): return body.declare(header, file)
        case .recurrence(let body): return body.declare(header, file)
        }
    }
}

extension FileView {
    package func opRecord(_ number: UInt32) -> UInt32 { section(.ops).offset &+ Record.Op.byteCount &* number }
    package func opKind(_ number: UInt32) -> OpKind? { OpKind(rawValue: u8(opRecord(number) &+ Record.Op.kind)) }
    /// Slot numbers; `noSlot` where there is none. The format has no op with a second input or output.
    package func sourceSlot(ofOp number: UInt32) -> UInt32 { u16(opRecord(number) &+ Record.Op.inputs) }
    package func targetSlot(ofOp number: UInt32) -> UInt32 { u16(opRecord(number) &+ Record.Op.outputs) }

    /// A checked op, decoded.
    package func op(_ number: UInt32) -> Op {
        let at = opRecord(number)
        let kind = opKind(number) ?? .readout
        let record = opRecord(at, kind)
        let header = OpHeader(source: record.source, target: record.target)
        let body: Op.Body
        switch kind {
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
        return Op(header: header, body: body)
    }

    /// Refuses an op whose record, parameters, slots or tensors are not what docs/format.md allows.
    func checkOp(_ number: UInt32) throws(Refusal) {
        let at = opRecord(number)
        guard let kind = opKind(number) else { throw Refusal(.unsupported, at: at) }
        try check(Record.Op.fields.span, at: at)
        for place in 0..<6 as Range<UInt32> {
            // Four inputs, then two outputs: the first of each is in use, but for a readout's output.
            let (field, slot) = (at &+ Record.Op.inputs &+ 2 &* place, u16(at &+ Record.Op.inputs &+ 2 &* place))
            if place == 0 || (place == 4 && kind != .readout) {
                if slot >= slotCount { throw Refusal(.malformed, at: field) }
            } else if slot != Record.Op.noSlot {
                throw Refusal(.badWiring, at: field)
            }
        }
        let record = opRecord(at, kind)
        switch kind {
        case .input: try check(Input.self, record)
        case .dense, .block: try check(Projection.self, record)
        case .lif: try check(LIF.self, record)
        case .memory: try check(Memory.self, record)
        case .readout: try check(Readout.self, record)
        case .sparse: try check(Sparse.self, record)
        case .delay: try check(Delay.self, record)
        case .convolution: try check(Convolution.self, record)
        case .pool: try check(Pool.self, record)
        case .activation: try check(Activation.self, record)
        case .loihi: try check(Loihi.self, record)
        case .xylo: try check(Xylo.self, record)
        case .recurrence: try check(Recurrence.self, record)
        }
    }

    private func check<Body: OpBody>(_: Body.Type, _ record: OpRecord) throws(Refusal) {
        let (parameters, offset) = (section(.parameters), 4 &* u16(record.offset &+ Record.Op.parameters))
        if parameters.byteCount < Body.blockByteCount || offset > parameters.byteCount &- Body.blockByteCount {
            throw Refusal(.malformed, at: record.offset &+ Record.Op.parameters)
        }
        try Body.checkFields(self, record.block)
        let body = Body(record)
        try body.checkWiring(record)
        try body.check(record)
    }

    /// The record of an op whose slot fields are checked.
    private func opRecord(_ at: UInt32, _ kind: OpKind) -> OpRecord {
        let source = slot(u16(at &+ Record.Op.inputs))
        return OpRecord(
            file: self, offset: at, block: section(.parameters).offset &+ 4 &* u16(at &+ Record.Op.parameters),
            source: source, target: kind == .readout ? source : slot(u16(at &+ Record.Op.outputs)))
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

        package func storedTensor(_ file: FileView) -> StoredTensor? {
            let declaration = declare(file)
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

        /// Bytes of the op's own state, beyond its slots.
        package func stateByteCount(_ file: FileView) -> UInt32 { declare(file).stateByteCount }
    }
#endif
