import Compiler
import SNNRuntime

/// All that a model says of itself, for people and for machines. JSON keys are these names.
struct ModelReport: Encodable {
    struct ChannelLine: Encodable {
        let name: String
        let unit: String
        let unitsPerCount: Double
    }
    struct OpLine: Encodable {
        let op: UInt32
        let kind: String
        /// The node of the network that it computes, or whose input it adds to; nil where the model names none.
        let node: String?
        let reads: String
        let writes: String
        let details: String
        let stateBytes: UInt32
    }
    struct SlotLine: Encodable {
        let slot: UInt32
        let type: String
        let elements: UInt32
        let persistent: Bool
        let bytes: UInt32
    }
    struct TensorLine: Encodable {
        let op: UInt32
        let encoding: String
        let shape: String
        let weights: UInt64
        let zeros: UInt64
        let bytes: UInt64
    }
    struct ArenaLine: Encodable {
        let part: String
        let offset: UInt32
        let bytes: UInt32
    }
    struct SectionLine: Encodable {
        let section: String
        let offset: UInt32
        let bytes: UInt32
    }

    let file: String
    let fileBytes: UInt32
    let checksum: String
    let stream: String
    let rateNumerator: UInt32
    let rateDenominator: UInt32
    let channels: [ChannelLine]
    let classes: [String]
    /// What one count of a score is worth in the network's own output, where scores are no counts, and the unit of that.
    let scoreScale: Double?
    let scoreUnit: String?
    /// A result comes every `hopTicks` and is about `windowTicks`.
    let hopTicks: UInt32
    let windowTicks: UInt32
    let selfTestFrames: UInt32
    /// The outcome of those frames: none, passed, failed or not run.
    let selfTest: String
    let metadata: [String]
    let program: [OpLine]
    let slots: [SlotLine]
    let tensors: [TensorLine]
    let sections: [SectionLine]
    /// Bytes of the file that are neither weights and per-neuron parameters (the data section) nor names,
    /// self-test and metadata.
    let overheadBytes: UInt32
    let accounting: String
    let arena: [ArenaLine]
    let arenaBytes: UInt32
    let stateBytes: UInt32
    let sAcePerResult: UInt64
    let footprintBits: UInt64
    /// docs/format.md, "Operations at worst".
    let operationsPerTick: UInt64
    let operationsToOpen: UInt64

    init(_ loaded: LoadedModel, _ accounting: Network.Accounting, _ selfTest: SelfTestOutcome) throws {
        let model = loaded.model
        file = loaded.name
        fileBytes = model.byteCount
        checksum = loaded.checksum
        stream = String(cString: model.streamName)
        (rateNumerator, rateDenominator) = (model.rateNumerator, model.rateDenominator)
        channels = (0..<model.channelCount).map {
            let channel = model.channel($0)
            return ChannelLine(
                name: String(cString: channel.name), unit: String(cString: channel.unit),
                unitsPerCount: Double(channel.scaleNumerator) / Double(channel.scaleDenominator))
        }
        classes = loaded.classNames
        (scoreScale, scoreUnit) = (ScoreScale.of(model), ScoreScale.unit(of: model))
        (hopTicks, windowTicks) = (model.ticksPerResult, model.windowTickCount)
        selfTestFrames = model.selfTest?.frameCount ?? 0
        self.selfTest = selfTest.name
        metadata = String(decoding: model.metadata, as: UTF8.self).split(separator: "\n").map(String.init)
        let ops = (0..<model.opCount).map { model.file.op($0) }
        let nodes = ModelNodes(model)
        program = ops.enumerated().map { number, op in
            let number = UInt32(number)
            let writes =
                op.target.map { "slot \(model.file.targetSlot(ofOp: number)) \($0.typeName)[\($0.count)]" } ?? "result"
            return OpLine(
                op: number, kind: "\(model.file.opKind(number)!)", node: nodes.ofOp[number],
                reads: "slot \(model.file.sourceSlot(ofOp: number)) \(op.source.typeName)[\(op.source.count)]",
                writes: writes, details: op.details(model.file), stateBytes: model.file.stateByteCount(ofOp: number))
        }
        slots = (0..<model.slotCount).map {
            let slot = model.file.slot($0)
            return SlotLine(
                slot: $0, type: slot.typeName, elements: slot.count, persistent: slot.isPersistent,
                bytes: slot.byteCount)
        }
        tensors = ops.enumerated().compactMap { number, op in
            guard let stored = op.storedTensor(model.file, UInt32(number)) else { return nil }
            let zeros = model.cost(ofOp: UInt32(number)).zeroWeights / UInt64(stored.copies)
            return TensorLine(
                op: UInt32(number), encoding: stored.encoding, shape: stored.shape, weights: stored.weights,
                zeros: zeros,
                bytes: stored.byteCount)
        }
        let names: [(String, SectionType)] = [
            ("streams", .streams), ("channels", .channels), ("slots", .slots), ("ops", .ops),
            ("parameters", .parameters), ("data", .data), ("outputs", .outputs), ("names", .names),
            ("self-test", .selfTest), ("metadata", .metadata),
        ]
        sections = names.compactMap { name, type in
            let extent = model.file.section(type)
            return extent.isPresent ? SectionLine(section: name, offset: extent.offset, bytes: extent.byteCount) : nil
        }.sorted { $0.offset < $1.offset }
        overheadBytes = sections.filter { ["data", "names", "self-test", "metadata"].contains($0.section) }
            .reduce(model.byteCount) { $0 - ($1.bytes + 3) / 4 * 4 }
        let layout = try Network.layout(of: model, accounting: accounting)
        self.accounting = accounting == .full ? "full" : "basic"
        arena = [
            ("control block", layout.control), ("program, \(model.opCount) ops", layout.program),
            ("slot table", layout.slotTable), ("current slots", layout.currents),
            ("other transient slots", layout.transients), ("working memory", layout.scratch),
            ("latest result", layout.result), ("state: slots, membranes, scores", layout.state),
            ("state: usage counters", layout.usage),
        ].map { ArenaLine(part: $0.0, offset: $0.1.offset, bytes: $0.1.byteCount) }
        arenaBytes = layout.byteCount
        stateBytes = layout.stateBlock.byteCount
        sAcePerResult = model.totalCost().sAcePerResult
        footprintBits = try model.footprintBits()
        (operationsPerTick, operationsToOpen) = (model.operationsPerTick, model.operationsToOpen)
    }

    var lines: [String] {
        let rate = fixed(Double(rateNumerator) / Double(rateDenominator), 3)
        func seconds(_ ticks: UInt32) -> String {
            fixed(Double(ticks) * Double(rateDenominator) / Double(rateNumerator), 3) + " s"
        }
        let window = windowTicks == hopTicks ? "" : ", about the latest \(windowTicks) = \(seconds(windowTicks))"
        var lines = [
            "model      \(file), \(fileBytes.grouped) bytes, checksum \(checksum)",
            "input      \(stream.isEmpty ? "stream" : stream): \(channels.count) channels at \(rate) Hz",
        ]
        lines += channels.map { "             \($0.name)  \($0.unitsPerCount) \($0.unit) per count" }
        lines += [
            "output     \(classes.count) classes: \(classes.joined(separator: ", "))"
                + (scoreScale.map { "; one count of a score is \($0) \(scoreUnit ?? "of the network's own output")" }
                    ?? ""),
            "result     every \(hopTicks) ticks = \(seconds(hopTicks))\(window)",
            "self-test  \(selfTestFrames == 0 ? "" : "\(selfTestFrames) frames: ")\(selfTest)",
        ]
        lines += metadata.map { "             \($0)" }
        lines += ["", "program, once per tick"]
        // A model that names no nodes has no column of them.
        let named: [(String, Table.Alignment)] = program.contains { $0.node != nil } ? [("node", .left)] : []
        var table = Table(
            [("op", .right), ("kind", .left)] + named + [("reads", .left), ("writes", .left), ("what", .left)])
        for op in program {
            table.add(
                ["\(op.op)", op.kind] + named.map { _ in op.node ?? "" } + [op.reads, op.writes, op.details])
        }
        lines += table.lines() + ["", "tensors"]
        table = Table([
            ("op", .right), ("encoding", .left), ("shape", .left), ("weights", .right), ("zeros", .right),
            ("bytes", .right),
        ])
        for tensor in tensors {
            table.add([
                "\(tensor.op)", tensor.encoding, tensor.shape, tensor.weights.grouped,
                percent(Double(tensor.zeros), of: Double(tensor.weights)), tensor.bytes.grouped,
            ])
        }
        lines += table.lines() + ["", "slots"]
        table = Table([("slot", .right), ("type", .left), ("elements", .right), ("lifetime", .left), ("bytes", .right)])
        for slot in slots {
            table.add([
                "\(slot.slot)", slot.type, slot.elements.grouped, slot.persistent ? "persistent" : "tick",
                slot.bytes.grouped,
            ])
        }
        lines += table.lines() + ["", "file"]
        table = Table([("section", .left), ("offset", .right), ("bytes", .right)])
        table.add(["header and section table", "0", (sections.first?.offset ?? 0).grouped])
        for section in sections { table.add([section.section, section.offset.grouped, section.bytes.grouped]) }
        table.add(["overhead (all but data, names, self-test, metadata)", "", overheadBytes.grouped])
        lines += table.lines() + ["", "arena, \(accounting) accounting"]
        table = Table([("part", .left), ("offset", .right), ("bytes", .right)])
        for part in arena { table.add([part.part, part.offset.grouped, part.bytes.grouped]) }
        table.add(["total", "", arenaBytes.grouped])
        lines += table.lines()
        lines += [
            "",
            "state block \(stateBytes.grouped) bytes; footprint \(footprintBits.grouped) bits; S-ACE \(sAcePerResult.grouped) per result",
            "operations at worst: \(operationsPerTick.grouped) a tick, \(operationsToOpen.grouped) to open",
        ]
        lines += operationWarning(operationsPerTick, fileBytes: fileBytes)
        return lines
    }
}
