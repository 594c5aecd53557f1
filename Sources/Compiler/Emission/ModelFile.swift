import SNNRuntime

/// A model file is the bytes of a program (format.md).
struct ModelFile {
    private(set) var bytes: [UInt8] = []
    private var names = NameTable()

    /// - Parameter storesInputFirst: the table of the input op lies before all other arrays.
    /// - Throws: names and parameters that do not fit the file.
    init(_ program: Program, storesInputFirst: Bool = false) throws(CompileError) {
        let streams = try record(of: program.stream)
        var channels: [UInt8] = []
        for channel in program.stream.channels { channels += try record(of: channel) }
        let outputs = try record(of: program.output!)
        let ops = try OpSections(program, storesInputFirst: storesInputFirst)
        let text = Array((program.metadata.joined(separator: "\n") + "\n").utf8)
        let sections: [(type: SectionType, isCritical: Bool, bytes: [UInt8])] = [
            (.streams, true, streams), (.channels, true, channels),
            (.slots, true, program.slots.flatMap(ModelFile.record)), (.ops, true, ops.records),
            (.parameters, true, ops.parameters), (.data, true, ops.data.bytes), (.outputs, true, outputs),
            (.names, true, names.bytes), (.metadata, false, text),
        ]
        var (table, contents): ([UInt8], [UInt8]) = ([], [])
        let start = Int(Offsets.Header.recordByteCount) + Int(Offsets.Section.recordByteCount) * sections.count
        for section in sections {
            var entry = RecordBytes(byteCount: Offsets.Section.recordByteCount)
            entry.put(UInt16(section.type.rawValue), at: Offsets.Section.type)
            entry.put(UInt16(section.isCritical ? 1 : 0), at: Offsets.Section.flags)
            entry.put(UInt32(start + contents.count), at: Offsets.Section.offset)
            entry.put(UInt32(section.bytes.count), at: Offsets.Section.byteCount)
            table += entry.bytes
            contents += section.bytes
            contents.padToMultipleOf4()
        }
        let trailerByteCount = 4
        var header = RecordBytes(byteCount: Offsets.Header.recordByteCount)
        header.put(bytes: Offsets.Header.magic, at: 0)
        header.put(UInt16(1), at: Offsets.Header.majorVersion)
        header.put(program.minorVersion, at: Offsets.Header.minorVersion)
        header.put(UInt32(start + contents.count + trailerByteCount), at: Offsets.Header.byteCount)
        header.put(bytes: Offsets.Header.arithmeticName, at: Offsets.Header.arithmetic)
        header.put(UInt16(1), at: Offsets.Header.arithmeticVersion)
        header.put(UInt16(sections.count), at: Offsets.Header.sectionCount)
        bytes = header.bytes + table + contents
        var trailer = RecordBytes(byteCount: UInt32(trailerByteCount))
        trailer.put(bytes.withUnsafeBytes { crc32c($0) }, at: 0)
        bytes += trailer.bytes
    }

    private mutating func record(of stream: Program.Stream) throws(CompileError) -> [UInt8] {
        var record = RecordBytes(byteCount: Offsets.Stream.recordByteCount)
        record.put(try names.reference(to: stream.name), at: Offsets.Stream.name)
        record.put(UInt16(stream.channels.count), at: Offsets.Stream.channelCount)
        record.put(stream.rate.numerator, at: Offsets.Stream.rateNumerator)
        record.put(stream.rate.denominator, at: Offsets.Stream.rateDenominator)
        record.put(UInt16(stream.slot), at: Offsets.Stream.slot)
        return record.bytes
    }

    private mutating func record(of channel: Program.Channel) throws(CompileError) -> [UInt8] {
        var record = RecordBytes(byteCount: Offsets.Channel.recordByteCount)
        record.put(try names.reference(to: channel.name), at: Offsets.Channel.name)
        record.put(try names.reference(to: channel.unit), at: Offsets.Channel.unit)
        record.put(channel.scale.numerator, at: Offsets.Channel.scaleNumerator)
        record.put(channel.scale.denominator, at: Offsets.Channel.scaleDenominator)
        return record.bytes
    }

    private mutating func record(of output: Program.Output) throws(CompileError) -> [UInt8] {
        var record = RecordBytes(byteCount: Offsets.Output.classNames)
        record.put(UInt16(1), at: Offsets.Output.count)
        record.put(try names.reference(to: output.name), at: Offsets.Output.name)
        record.put(UInt16(output.op), at: Offsets.Output.op)
        record.put(UInt16(output.classes.count), at: Offsets.Output.classCount)
        var classNames = RecordBytes(byteCount: UInt32(2 * output.classes.count))
        for (i, label) in output.classes.enumerated() {
            classNames.put(try names.reference(to: label), at: UInt32(2 * i))
        }
        return record.bytes + classNames.bytes
    }

    private static func record(of slot: Program.Slot) -> [UInt8] {
        var record = RecordBytes(byteCount: Offsets.Slot.recordByteCount)
        record.put(slot.kind.rawValue, at: Offsets.Slot.kind)
        record.put(slot.bits, at: Offsets.Slot.bits)
        record.put(UInt8(slot.isPersistent ? 1 : 0), at: Offsets.Slot.lifetime)
        record.put(UInt16(1), at: Offsets.Slot.ringDepth)
        record.put(UInt32(slot.count), at: Offsets.Slot.count)
        return record.bytes
    }
}

/// The name table holds each text once, by the reference that records hold.
private struct NameTable {
    private(set) var bytes: [UInt8] = [0]
    private var references: [String: UInt16] = ["": 0]

    mutating func reference(to text: String) throws(CompileError) -> UInt16 {
        if let known = references[text] { return known }
        let added = Array(text.utf8)
        guard !added.contains(where: { $0 < 32 || $0 == 127 }), bytes.count + added.count < 65535 else {
            throw CompileError(
                "the name \"\(text)\" does not fit the file: control characters, or 65,535 bytes of names in all")
        }
        let reference = UInt16(bytes.count)
        references[text] = reference
        bytes += added + [0]
        return reference
    }
}

/// The sections that hold a program's ops: their records, their blocks, and what blocks refer to.
private struct OpSections {
    private(set) var records: [UInt8] = []
    private(set) var parameters: [UInt8] = []
    private(set) var data = DataSection()

    init(_ program: Program, storesInputFirst: Bool) throws(CompileError) {
        var writer = BlockWriter()
        var blocks = program.ops.map { _ in [UInt8]() }
        let first = storesInputFirst ? program.ops.firstIndex { $0.parameters.kind == .input } : nil
        if let first { blocks[first] = writer.write(program.ops[first].parameters) }
        for (number, op) in program.ops.enumerated() where number != first {
            blocks[number] = writer.write(op.parameters)
        }
        data = writer.data
        for (op, block) in zip(program.ops, blocks) {
            guard let place = UInt16(exactly: parameters.count / 4) else {
                throw CompileError("has more than 262,140 bytes of op parameters")
            }
            parameters += block
            var record = RecordBytes(byteCount: Offsets.Op.recordByteCount)
            record.put(op.parameters.kind.rawValue, at: Offsets.Op.kind)
            record.put(op.parameters.kind.version, at: Offsets.Op.version)
            record.put(UInt16(1), at: Offsets.Op.period)
            record.put(UInt16(op.source), at: Offsets.Op.source)
            for offset in Offsets.Op.otherSources + [Offsets.Op.otherTarget] {
                record.put(UInt16(noSlot), at: offset)
            }
            record.put(UInt16(op.target ?? Int(noSlot)), at: Offsets.Op.target)
            record.put(place, at: Offsets.Op.parameters)
            records += record.bytes
        }
    }
}

extension Program {
    /// The minor version of the format: that of the latest addition in use.
    fileprivate var minorVersion: UInt16 {
        let kinds = Set(ops.map(\.parameters.kind))
        return kinds.contains(.recurrence) ? 5 : kinds.isDisjoint(with: [.loihi, .xylo]) ? 2 : 3
    }
}
