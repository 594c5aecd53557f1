/// An op's record in the file, and what it refers to: where its slots and its block are read, and where to report what does not
/// fit. Its slot fields are checked before it is used.
package struct OpRecord {
    let file: FileView
    /// File offset of the record.
    let offset: UInt32

    /// File offset of the parameter block.
    var block: UInt32 {
        file.section(.parameters).offset &+ 4 &* file.u16(offset &+ Record.Op.parameters)
    }
    var kind: OpKind? { OpKind(rawValue: file.u8(offset &+ Record.Op.kind)) }
    package var source: Slot {
        file.slot(file.u16(offset &+ Record.Op.inputs))
    }
    /// A readout's is its source.
    package var target: Slot {
        let slot = file.u16(offset &+ Record.Op.outputs)
        return slot == Record.Op.noSlot ? source : file.slot(slot)
    }

    /// Source and target are the same slot.
    var isLoop: Bool {
        file.u16(offset &+ Record.Op.inputs) == file.u16(offset &+ Record.Op.outputs)
    }

    /// Refuses unless `condition`, blaming the input slot.
    @inline(never)
    func requireSource(_ condition: Bool) throws(Refusal) {
        if !condition { throw Refusal(.badWiring, at: offset &+ Record.Op.inputs) }
    }
    func requireSource(_ types: SlotTypes) throws(Refusal) { try requireSource(types.contains(source.type)) }
    /// The same for the output slot.
    @inline(never)
    func requireTarget(_ condition: Bool) throws(Refusal) {
        if !condition { throw Refusal(.badWiring, at: offset &+ Record.Op.outputs) }
    }
    @inline(never)
    func requireTarget(_ types: SlotTypes, count: UInt32) throws(Refusal) {
        try requireTarget(types.contains(target.type) && target.count == count)
    }
    /// The output is that of `unitCount` memories of `order` elements each: persistent, of 16 or 32 bits.
    func requireMemories(ofOrder order: UInt32) throws(Refusal) {
        try requireSource(.current)
        let (elements, overflow) = source.count.multipliedReportingOverflow(by: order)
        try requireTarget(
            target.kind == .analog && target.isPersistent && target.bits >= 16 && !overflow && target.count == elements)
    }

    /// Refuses a block of `byteCount` that does not lie in its section, then the first of its fields that holds what it may not.
    @inline(never)
    func check(_ fields: Span<Field>, byteCount: UInt32) throws(Refusal) {
        try checkExtent(byteCount)
        try file.check(fields, at: block)
    }

    /// Refuses a block of `byteCount` that does not lie in its section.
    func checkExtent(_ byteCount: UInt32) throws(Refusal) {
        let (parameters, field) = (file.section(.parameters), offset &+ Record.Op.parameters)
        if parameters.byteCount < byteCount || 4 &* file.u16(field) > parameters.byteCount &- byteCount {
            throw Refusal(.malformed, at: field)
        }
    }

    /// Refuses as a bad value of the field at `field` of the block unless `condition`.
    func require(_ condition: Bool, _ field: UInt32) throws(Refusal) {
        if !condition { throw Refusal(.badValue, at: block &+ field) }
    }
    /// The same as unsupported: what may mean something some day.
    func requireReserved(_ condition: Bool, _ field: UInt32) throws(Refusal) {
        if !condition { throw Refusal(.unsupported, at: block &+ field) }
    }
    /// Refuses unless the field is 0 or its array flag set: a parameter, or a reference, that is not in use.
    func requireUnused(_ field: UInt32) throws(Refusal) { try require(file.u32(block &+ field) == 0, field) }

    /// Refuses a period that is neither 0 nor a divisor of `count`.
    @inline(never)
    func requirePeriod(_ field: UInt32, of count: UInt32) throws(Refusal) {
        let period = file.u32(block &+ field)
        try require(period == 0 || quotient(count, period).remainder == 0, field)
    }

    /// File offset of the array that a field of the block refers to.
    @discardableResult
    func tensor(_ field: UInt32, _ byteCount: UInt32, alignment: UInt32) throws(Refusal) -> UInt32 {
        try file.tensor(block &+ field, byteCount, alignment: alignment)
    }

    /// Refuses parameters whose arrays do not lie in data. `count` elements each, but `otherCount` where the flag is `other`.
    @inline(never)
    func requireArrays(
        _ fields: Span<Field>, _ arrays: UInt8, count: UInt32, other: UInt8 = 0, otherCount: UInt32 = 0,
        isWide: Bool = false
    ) throws(Refusal) {
        for i in 0..<fields.count where fields[i].kind == .parameter && fields[i].arrayFlag & arrays != 0 {
            let (field, width) = (
                UInt32(truncatingIfNeeded: fields[i].offset), fields[i].form.byteCount(isWide: isWide)
            )
            let elements = fields[i].arrayFlag == other ? otherCount : count
            try tensor(field, width &* elements, alignment: width)
        }
    }

    /// Refuses elements of parameters' arrays outside the fields' ranges. Elements of 2 bytes are read unsigned: decays reach 32768,
    /// and a negative threshold is above its range.
    @inline(never)
    func requireElements(
        _ fields: Span<Field>, _ arrays: UInt8, count: UInt32, other: UInt8 = 0, otherCount: UInt32 = 0,
        isWide: Bool = false
    ) throws(Refusal) {
        for i in 0..<fields.count where fields[i].kind == .parameter && fields[i].arrayFlag & arrays != 0 {
            let (field, width) = (fields[i], fields[i].form.byteCount(isWide: isWide))
            var at = file.section(.data).offset &+ file.u32(block &+ UInt32(truncatingIfNeeded: field.offset))
            for _ in 0..<(field.arrayFlag == other ? otherCount : count) {
                if !field.allows(width == 4 ? file.u32(at) : file.u16(at), isWide: isWide) {
                    throw Refusal(.badValue, at: at)
                }
                at = at &+ width
            }
        }
    }
}

extension FileView {
    /// Bits of the parameters in `fields` whose flags are in `present`: arrays of `count` elements, and one of each shared value.
    @inline(never)
    func parameterBits(
        _ fields: Span<Field>, _ arrays: UInt8, present: UInt8 = 255, count: UInt32, other: UInt8 = 0,
        otherCount: UInt32 = 0, isWide: Bool = false
    ) -> UInt64 {
        var bits: UInt64 = 0
        for i in 0..<fields.count where fields[i].kind == .parameter && fields[i].arrayFlag & present != 0 {
            let flag = fields[i].arrayFlag
            let elements = flag & arrays == 0 ? 1 : flag == other ? otherCount : count
            bits &+= widen(8 &* fields[i].form.byteCount(isWide: isWide)) &* widen(elements)
        }
        return bits
    }

    /// File offset of a checked parameter: its array, where `isArray`, else the field itself.
    func parameter(_ field: UInt32, isArray: Bool) -> UInt32 {
        isArray ? section(.data).offset &+ u32(field) : field
    }
}
