import SNNRuntime

/// Writes a model file (format.md): slots and ops are numbered as they are declared, ops run in that order.
struct ModelFile {
    enum SlotKind: UInt8 { case samples = 1, current, spikes, analog, synaptic }
    static let noSlot = 65535

    private var names: [UInt8] = [0]
    private var references: [String: Int] = ["": 0]
    private var streams: [UInt8] = []
    private var channels: [UInt8] = []
    private var slots: [UInt8] = []
    private(set) var slotCount = 0
    private var ops: [UInt8] = []
    private(set) var opCount = 0
    private var parameters: [UInt8] = []
    private var data: [UInt8] = []
    private var outputs: [UInt8] = []
    /// Minor version of the format: that of the latest addition in use.
    private var minor = 2
    /// Lines `key: value` for people.
    var metadata: [String] = []

    mutating func name(_ text: String) throws(CompileError) -> Int {
        if let known = references[text] { return known }
        let bytes = Array(text.utf8)
        guard !bytes.contains(where: { $0 < 32 || $0 == 127 }), names.count + bytes.count < 65535 else {
            throw CompileError(
                "the name \"\(text)\" does not fit the file: control characters, or 65,535 bytes of names in all")
        }
        references[text] = names.count
        defer { names += bytes + [0] }
        return names.count
    }

    /// The one stream. Returns its samples slot.
    mutating func stream(
        _ title: String, rate: (UInt32, UInt32), channels list: [(name: String, unit: String, scale: (UInt32, UInt32))]
    ) throws(CompileError) -> Int {
        let slot = self.slot(.samples, bits: 16, count: list.count)
        streams = u16(try name(title)) + u16(list.count) + u32(rate.0) + u32(rate.1) + u16(slot) + u16(0)
        for channel in list {
            channels +=
                u16(try name(channel.name)) + u16(try name(channel.unit)) + u32(channel.scale.0) + u32(channel.scale.1)
        }
        return slot
    }

    mutating func slot(_ kind: SlotKind, bits: UInt8, count: Int, isPersistent: Bool = false) -> Int {
        slots += [kind.rawValue, bits, isPersistent ? 1 : 0, 0] + u16(1) + u16(0) + u32(UInt32(count))
        slotCount += 1
        return slotCount - 1
    }

    /// Offset in the data section of an array, at a multiple of 4.
    mutating func tensor(_ bytes: [UInt8]) -> UInt32 {
        while data.count % 4 != 0 { data.append(0) }
        defer { data += bytes }
        return UInt32(data.count)
    }

    /// Returns the op's number.
    @discardableResult
    mutating func op(_ kind: OpKind, _ source: Int, _ target: Int, _ block: [UInt8]) -> Int {
        if kind == .loihi || kind == .xylo { minor = max(minor, 3) }
        if kind == .recurrence { minor = 5 }
        ops += [kind.rawValue, 1] + u16(1) + u16(0) + u16(source)
        for _ in 0..<3 { ops += u16(ModelFile.noSlot) }
        ops += u16(target) + u16(ModelFile.noSlot) + u16(parameters.count / 4)
        parameters += block
        opCount += 1
        return opCount - 1
    }

    mutating func output(_ title: String, op: Int, classes: [String]) throws(CompileError) {
        outputs = u16(1) + u16(0) + u16(try name(title)) + u16(op) + u16(classes.count) + u16(0)
        for label in classes { outputs += u16(try name(label)) }
    }

    func bytes() throws(CompileError) -> [UInt8] {
        if parameters.count / 4 > 65535 { throw CompileError("has more than 262,140 bytes of op parameters") }
        let text = Array((metadata.joined(separator: "\n") + "\n").utf8)
        let sections: [(type: Int, isCritical: Bool, bytes: [UInt8])] = [
            (1, true, streams), (2, true, channels), (3, true, slots), (4, true, ops), (5, true, parameters),
            (6, true, data),
            (7, true, outputs), (8, true, names), (10, false, text),
        ]
        var table: [UInt8] = []
        var content: [UInt8] = []
        let start = 32 + 12 * sections.count
        for section in sections {
            table +=
                u16(section.type) + u16(section.isCritical ? 1 : 0) + u32(UInt32(start + content.count))
                + u32(UInt32(section.bytes.count))
            content += section.bytes
            while content.count % 4 != 0 { content.append(0) }
        }
        let magic: [UInt8] = [0x89, 0x53, 0x4e, 0x4e, 0x0d, 0x0a, 0x1a, 0x0a]
        let header =
            magic + u16(1) + u16(minor) + u32(UInt32(start + content.count + 4)) + Array("snn-tz".utf8) + u16(1)
            + u16(sections.count) + u16(0) + u32(0)
        let body = header + table + content
        return body + u32(body.withUnsafeBytes { crc32c($0) })
    }
}

/// Weights from the least significant bit upward, padded to a whole byte.
func packedWeights(_ weights: [Int], bits: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (weights.count * bits + 7) / 8)
    for (i, weight) in weights.enumerated() {
        let pattern = bits == 1 ? (weight > 0 ? 1 : 0) : weight & (1 << bits - 1)
        for bit in 0..<bits where pattern >> bit & 1 == 1 {
            let at = i * bits + bit
            bytes[at / 8] |= 1 << UInt8(at % 8)
        }
    }
    return bytes
}

func u16(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }
func u32(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * UInt32($0)) & 255) } }
func i32(_ value: Int) -> [UInt8] { u32(UInt32(bitPattern: Int32(value))) }

/// Why a network cannot be compiled.
public struct CompileError: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
