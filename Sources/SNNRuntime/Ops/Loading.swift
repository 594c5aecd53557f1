import CKernels

// Ops of a file: their records, and what the loaders of their kinds say of them.

extension FileView {
    package func opRecord(_ number: UInt32) -> UInt32 { section(.ops).offset &+ Record.Op.byteCount &* number }
    package func opKind(_ number: UInt32) -> OpKind? { OpKind(rawValue: u8(opRecord(number) &+ Record.Op.kind)) }
    /// Slot numbers; `noSlot` where there is none. The format has no op with a second input or output.
    package func sourceSlot(ofOp number: UInt32) -> UInt32 { u16(opRecord(number) &+ Record.Op.inputs) }
    package func targetSlot(ofOp number: UInt32) -> UInt32 { u16(opRecord(number) &+ Record.Op.outputs) }

    package func record(ofOp number: UInt32) -> OpRecord { OpRecord(file: self, offset: opRecord(number)) }

    /// Asks the loader of an op, whose kind this program has.
    @discardableResult
    func ask(_ question: LoaderQuestion, ofOp number: UInt32, _ answer: UnsafeMutableRawPointer) -> UInt32 {
        let record = opRecord(number)
        guard let loader = snnrt_loader_at(UInt32(truncatingIfNeeded: u8(record &+ Record.Op.kind))) else { return 0 }
        return loader(question.rawValue, base, record, answer)
    }

    /// The program links the loader of the op; one that has attached an opened model need not.
    package func linksLoader(ofOp number: UInt32) -> Bool {
        snnrt_loader_at(UInt32(truncatingIfNeeded: u8(opRecord(number) &+ Record.Op.kind))) != nil
    }

    /// What a checked op declares. It lies on the stack but once, and no longer than `body` takes.
    @inline(__always)
    func withDeclaration<Result>(ofOp number: UInt32, _ body: (borrowing Declaration) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: Declaration.self, capacity: 1) { place in
            let declaration = place.baseAddress.unsafelyUnwrapped
            declare(number, at: declaration)
            return body(declaration.pointee)
        }
    }

    @inline(never)
    private func declare(_ number: UInt32, at declaration: UnsafeMutablePointer<Declaration>) {
        Declaration.begin(at: declaration)
        ask(.declaration, ofOp: number, declaration)
    }

    /// The same as a value.
    func declaration(ofOp number: UInt32) -> Declaration { withDeclaration(ofOp: number) { copy $0 } }

    // Parts of it, so that the whole lies on the stack no longer than it takes to read them.

    @inline(never)
    package func loop(ofOp number: UInt32) -> Loop { withDeclaration(ofOp: number) { $0.loop } }
    /// Bit i: it adds rows by function i of `snnrt_adders`.
    @inline(never)
    package func rows(ofOp number: UInt32) -> UInt32 { withDeclaration(ofOp: number) { $0.rows } }
    @inline(never)
    func reading(ofOp number: UInt32) -> SumReading? { withDeclaration(ofOp: number) { $0.reading } }
    /// Of a projection: destinations that differ in their weights, and how their sums join the current.
    @inline(never)
    func projection(ofOp number: UInt32) -> (rowCount: UInt32, synapses: Synapses)? {
        withDeclaration(ofOp: number) { declaration in
            declaration.projection.map { (declaration.rowCount, $0) }
        }
    }
    @inline(never)
    func runsPerRow(ofOp number: UInt32) -> UInt32 { withDeclaration(ofOp: number) { $0.runsPerRow } }
    @inline(never)
    func scratchByteCount(ofOp number: UInt32) -> UInt32 { withDeclaration(ofOp: number) { $0.scratchByteCount } }
    /// Bytes of an op's own state, beyond its slots.
    @inline(never)
    package func stateByteCount(ofOp number: UInt32) -> UInt32 { withDeclaration(ofOp: number) { $0.stateByteCount } }

    /// Steps of a tick at worst.
    @inline(never)
    func work(ofOp number: UInt32) -> UInt64 { withDeclaration(ofOp: number) { $0.work ?? $0.synapses } }
    /// Parameters and weights as stored.
    @inline(never)
    func footprintBits(ofOp number: UInt32) -> UInt64 {
        withDeclaration(ofOp: number) { $0.parameterBits &+ $0.storedWeightBits }
    }
    @inline(never)
    func sAce(ofOp number: UInt32, ticksPerResult: UInt32) -> UInt64 {
        withDeclaration(ofOp: number) { $0.sAce(ticksPerResult: ticksPerResult) }
    }

    /// Refuses an op whose record, parameters, slots or tensors are not what docs/format.md allows, and one of a kind, or in need
    /// of a tick, that the program does not link.
    @inline(never)
    func checkOp(_ number: UInt32) throws(Refusal) {
        let record = opRecord(number)
        guard let kind = opKind(number), snnrt_loader_at(UInt32(truncatingIfNeeded: kind.rawValue)) != nil else {
            throw Refusal(.unsupported, at: record)
        }
        try check(Record.Op.fields.span, at: record)
        for place in 0..<6 as Range<UInt32> {
            // Four inputs, then two outputs: the first of each is in use, but for a readout's output.
            let field = record &+ Record.Op.inputs &+ 2 &* place
            let isUsed = place == 0 || (place == 4 && kind != .readout)
            if isUsed ? u16(field) >= slotCount : u16(field) != Record.Op.noSlot {
                throw Refusal(isUsed ? .malformed : .badWiring, at: field)
            }
        }
        var refusal = Refusal(.unsupported, at: record)
        if ask(.check, ofOp: number, &refusal) != 0 { throw refusal }
        if snnrt_tick_at(loop(ofOp: number).rawValue) == nil || !hasRows(rows(ofOp: number)) {
            throw Refusal(.unsupported, at: record)
        }
    }
}

/// True if the program links the functions of `snnrt_adders` whose bits are set.
func hasRows(_ rows: UInt32) -> Bool {
    if !Kernels.linksRows { return true }
    var left = rows
    while left != 0 {
        if snnrt_adder_at(UInt32(truncatingIfNeeded: left.trailingZeroBitCount)) == nil { return false }
        left &= left &- 1
    }
    return true
}
