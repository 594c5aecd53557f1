/// Makes UTF-8 out of UTF-16, without its byte order mark. Refused, behind the text before it: half a surrogate pair, and
/// half a unit at the end.
final class UTF16Decoder: ByteDecoder {
    enum Order { case littleEndian, bigEndian }

    var failure: LogError?
    private let source: ByteSource
    private let order: Order
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    private var position = 0
    private var end = 0
    private var isAtStart = true
    /// Bytes of the source before `input`.
    private var offset = 0

    init(_ source: ByteSource, _ order: Order) {
        self.source = source
        self.order = order
    }

    deinit { input.deallocate() }

    /// The order of a text's bytes by its mark or, without one, where every second byte is 0 and the others are ASCII text;
    /// nil where it is not UTF-16.
    static func order(of source: ByteSource, isLive: Bool) throws(LogError) -> Order? {
        var start = try source.peek(1)
        guard let byte = start.first, byte == 0 || byte >= 0xFE || isText(byte) else { return nil }
        for count in isLive ? [2, 4] : [64] {
            start = try source.peek(count)
            // UTF-32 has the same mark, with two zeros behind it.
            let isUTF32 = start.count >= 4 && start[2] == 0 && start[3] == 0
            if start.starts(with: [0xFF, 0xFE]), count > 2 { return isUTF32 ? nil : .littleEndian }
            if start.starts(with: [0xFE, 0xFF]) { return .bigEndian }
            guard start.count >= 2, start[0] == 0xFF || (start[0] == 0) != (start[1] == 0) else { return nil }
        }
        let zero = start[0] == 0 ? 0 : 1
        let pairs = min(start.count, 64) / 2
        let plain = (0..<pairs).count { start[2 * $0 + zero] == 0 && isText(start[2 * $0 + 1 - zero]) }
        let hasOther = (0..<pairs).contains { start[2 * $0 + 1 - zero] == 0 }
        return pairs >= 2 && plain * 4 >= pairs * 3 && !hasOther ? (zero == 0 ? .bigEndian : .littleEndian) : nil
    }

    private static func isText(_ byte: UInt8) -> Bool { 0x20...0x7E ~= byte || 9...13 ~= byte }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
        precondition(buffer.count >= 4)
        var count = 0
        while count == 0 {
            if end - position < 2 || wantsPartner { guard try fill() else { return 0 } }
            while end - position >= 2, count + 4 <= buffer.count, failure == nil {
                guard let scalar = next() else { break }
                if isAtStart {
                    isAtStart = false
                    if scalar.value == 0xFEFF { continue }
                }
                for unit in UTF8.encode(scalar)! {
                    buffer[count] = unit
                    count += 1
                }
            }
            if count == 0, let failure { throw failure }
        }
        return count
    }

    private func unit(at index: Int) -> UInt16 {
        let (first, second) = (UInt16(input[index]), UInt16(input[index + 1]))
        return order == .littleEndian ? first | second << 8 : first << 8 | second
    }

    /// The first half of a pair is at hand, and nothing behind it.
    private var wantsPartner: Bool { end - position < 4 && UTF16.isLeadSurrogate(unit(at: position)) }

    /// The next character; nil where it is not whole yet, or is none.
    private func next() -> Unicode.Scalar? {
        let first = unit(at: position)
        if let scalar = Unicode.Scalar(first) {
            position += 2
            return scalar
        }
        guard UTF16.isLeadSurrogate(first), end - position < 4 || UTF16.isTrailSurrogate(unit(at: position + 2)) else {
            failure = fault("half a surrogate pair")
            return nil
        }
        guard end - position >= 4 else { return nil }
        let low = UInt32(unit(at: position + 2)) & 0x3FF
        position += 4
        return Unicode.Scalar(0x1_0000 + (UInt32(first) & 0x3FF) << 10 + low)
    }

    /// Reads on behind what is left; false at the end.
    private func fill() throws(LogError) -> Bool {
        offset += position
        let left = end - position
        for i in 0..<left { input[i] = input[position + i] }
        let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: input[left...]))
        (position, end) = (0, left + count)
        if count > 0 { return true }
        if left > 0 { throw fault(left == 1 ? "a single byte at its end" : "half a surrogate pair at its end") }
        return false
    }

    private func fault(_ what: String) -> LogError {
        LogError(
            .notText, file: source.name, "is UTF-16 text with \(what), at byte \(offset + position)",
            hint: "what stands before is used; save the log as UTF-8")
    }
}
