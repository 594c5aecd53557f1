import SNNRuntime

/// A model file is the bytes of a program (format.md).
struct ModelFile {
    private(set) var bytes: [UInt8] = []
    /// Offsets of the sections.
    private(set) var starts: [SectionType: Int] = [:]
    /// Where each op's block lies in the parameters.
    private(set) var blockPlaces: [Int] = []
    private var names = NameTable()

    /// - Throws: names and parameters that do not fit the file.
    init(_ program: Program) throws(CompileError) {
        let streams = try record(of: program.stream)
        var channels: [UInt8] = []
        for channel in program.stream.channels { channels += try record(of: channel) }
        let outputs = try record(of: program.output!)
        let ops = try OpSections(program)
        blockPlaces = ops.blockPlaces
        let text = Array((program.metadata.joined(separator: "\n") + "\n").utf8)
        let sections: [(type: SectionType, bytes: [UInt8])] = [
            (.streams, streams), (.channels, channels), (.slots, program.slots.flatMap(ModelFile.record)),
            (.ops, ops.records), (.parameters, ops.parameters), (.data, ops.data.bytes), (.outputs, outputs),
            (.names, names.bytes), (.metadata, text),
        ]
        var (table, contents): ([UInt8], [UInt8]) = ([], [])
        let start = Int(Record.Header.byteCount) + Int(Record.Section.byteCount) * sections.count
        for section in sections {
            var entry = RecordBytes(byteCount: Record.Section.byteCount)
            entry.put(UInt16(section.type.rawValue), at: Record.Section.type)
            entry.put(UInt16(section.type.isRequired ? Record.Section.criticalFlag : 0), at: Record.Section.flags)
            starts[section.type] = start + contents.count
            entry.put(UInt32(start + contents.count), at: Record.Section.offset)
            entry.put(UInt32(section.bytes.count), at: Record.Section.length)
            table += entry.bytes
            contents += section.bytes
            contents.padToMultipleOf4()
        }
        var header = RecordBytes(byteCount: Record.Header.byteCount)
        let (magic, arithmetic) = (Record.Header.magic, Record.Header.arithmeticName)
        header.put(bytes: magic.indices.map { magic[$0] }, at: 0)
        header.put(UInt16(Record.Header.formatMajor), at: Record.Header.majorVersion)
        header.put(UInt16(program.ops.map(\.parameters.formatMinor).max()!), at: Record.Header.minorVersion)
        header.put(
            UInt32(start + contents.count + Int(Record.Header.trailerByteCount)), at: Record.Header.fileByteCount)
        header.put(bytes: arithmetic.indices.map { arithmetic[$0] }, at: Record.Header.arithmetic)
        header.put(UInt16(Record.Header.arithmeticNumber), at: Record.Header.arithmeticVersion)
        header.put(UInt16(sections.count), at: Record.Header.sectionCount)
        bytes = header.bytes + table + contents
        var trailer = RecordBytes(byteCount: Record.Header.trailerByteCount)
        trailer.put(bytes.withUnsafeBytes { crc32c($0) }, at: 0)
        bytes += trailer.bytes
    }

    private mutating func record(of stream: Program.Stream) throws(CompileError) -> [UInt8] {
        var record = RecordBytes(byteCount: Record.Stream.byteCount)
        record.put(try names.reference(to: stream.name), at: Record.Stream.name)
        record.put(UInt16(stream.channels.count), at: Record.Stream.channelCount)
        record.put(stream.rate.numerator, at: Record.Stream.rateNumerator)
        record.put(stream.rate.denominator, at: Record.Stream.rateDenominator)
        record.put(UInt16(stream.slot), at: Record.Stream.slot)
        return record.bytes
    }

    private mutating func record(of channel: Program.Channel) throws(CompileError) -> [UInt8] {
        var record = RecordBytes(byteCount: Record.Channel.byteCount)
        record.put(try names.reference(to: channel.name), at: Record.Channel.name)
        record.put(try names.reference(to: channel.unit), at: Record.Channel.unit)
        record.put(channel.scale.numerator, at: Record.Channel.scaleNumerator)
        record.put(channel.scale.denominator, at: Record.Channel.scaleDenominator)
        return record.bytes
    }

    private mutating func record(of output: Program.Output) throws(CompileError) -> [UInt8] {
        var record = RecordBytes(byteCount: Record.Outputs.classNames)
        record.put(UInt16(1), at: Record.Outputs.count)
        record.put(try names.reference(to: output.name), at: Record.Outputs.name)
        record.put(UInt16(output.op), at: Record.Outputs.op)
        record.put(UInt16(output.classes.count), at: Record.Outputs.classCount)
        var classNames = RecordBytes(byteCount: UInt32(2 * output.classes.count))
        for (i, label) in output.classes.enumerated() {
            classNames.put(try names.reference(to: label), at: UInt32(2 * i))
        }
        return record.bytes + classNames.bytes
    }

    private static func record(of slot: Program.Slot) -> [UInt8] {
        var record = RecordBytes(byteCount: Record.Slot.byteCount)
        record.put(slot.kind.rawValue, at: Record.Slot.type)
        record.put(slot.bits, at: Record.Slot.bits)
        record.put(UInt8(slot.isPersistent ? 1 : 0), at: Record.Slot.lifetime)
        record.put(UInt16(1), at: Record.Slot.ringDepth)
        record.put(slot.initialValue, at: Record.Slot.initialValue)
        record.put(UInt32(slot.count), at: Record.Slot.elementCount)
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
    private(set) var blockPlaces: [Int] = []

    init(_ program: Program) throws(CompileError) {
        var writer = BlockWriter()
        for op in program.ops {
            guard let place = UInt16(exactly: parameters.count / 4) else {
                throw CompileError("has more than 262,140 bytes of op parameters")
            }
            blockPlaces.append(parameters.count)
            parameters += writer.write(op.parameters)
            var record = RecordBytes(byteCount: Record.Op.byteCount)
            record.put(op.parameters.kind.rawValue, at: Record.Op.kind)
            record.put(UInt16(1), at: Record.Op.period)
            record.put(UInt8(1), at: Record.Op.version)
            let noSlot = Int(Record.Op.noSlot)
            record.put(halves: [op.source, noSlot, noSlot, noSlot], at: Record.Op.inputs)
            record.put(halves: [op.target ?? noSlot, noSlot], at: Record.Op.outputs)
            record.put(place, at: Record.Op.parameters)
            records += record.bytes
        }
        data = writer.data
    }
}
