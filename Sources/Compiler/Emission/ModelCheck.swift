import SNNRuntime

extension ModelFile {
    /// Opens the bytes as a reader does, which the compiler answers for: what a reader refuses is said of the population at fault.
    ///
    /// - Throws: sums that may overflow, and what else no setting avoided.
    func check(_ program: Program) throws(CompileError) {
        var limits = Model.Limits()
        limits.operationsToOpen = 0
        // Readers want an address that is a multiple of 8.
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        defer { copy.deallocate() }
        copy.copyBytes(from: bytes)
        do throws(Refusal) { _ = try Model(validating: UnsafeRawBufferPointer(copy), limits: limits) } catch {
            let node = op(atByte: error.offset).flatMap { program.node(ofOp: $0) }
            let place = node.map { "\($0): " } ?? ""
            if error.status == .mayOverflow {
                throw CompileError(
                    "\(place)its sums may overflow 32 bits: fewer bits for its weights or for what it reads (--weights, --input-bits) leave them room",
                    node: node)
            }
            throw CompileError("\(place)cannot be put into a file: status \(error.status)", node: node)
        }
    }

    /// The op whose record or block holds a byte.
    private func op(atByte offset: UInt32) -> Int? {
        let place = Int(offset)
        if let start = starts[.ops], blockPlaces.count > 0, place >= start,
            place < start + blockPlaces.count * Int(Record.Op.byteCount)
        {
            return (place - start) / Int(Record.Op.byteCount)
        }
        guard let start = starts[.parameters], place >= start else { return nil }
        return blockPlaces.lastIndex { start + $0 <= place }
    }
}

extension Program {
    /// The node whose population an op computes, or whose current it adds to.
    fileprivate func node(ofOp number: Int) -> String? {
        guard ops.indices.contains(number) else { return nil }
        return populations.first { $0.op == number || $0.current == ops[number].target }?.name
    }
}
