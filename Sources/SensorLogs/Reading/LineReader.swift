import Glibc

/// Lines of a byte source, without their ends (LF, CRLF, or CR where the log's beginning has no LF), or bytes by number,
/// through one buffer of fixed size: a line longer than `longestLine` is refused as soon as that many bytes of it have
/// been seen.
final class LineReader {
    static let longestLine = 1 << 20
    private static let chunk = 1 << 18

    let source: ByteSource
    /// The number of the line last handed out, from 1; 0 before the first.
    private(set) var line = 0
    /// How the bytes of the log became lines, where that is worth a word.
    private(set) var remarks: [String]

    private let isLive: Bool
    private var isSettled = false
    private var lineEnd = CInt(UInt8(ascii: "\n"))
    private let buffer: UnsafeMutableRawBufferPointer
    /// Unread bytes are buffer[start ..< end]; none of buffer[start ..< searched] ends a line.
    private var start = 0
    private var searched = 0
    private var end = 0
    private var ended = false

    /// Live, no more is read ahead than it takes to go on.
    init(_ source: ByteSource, isLive: Bool = false) {
        self.isLive = isLive
        self.source = source
        remarks = source.remarks
        buffer = .allocate(byteCount: LineReader.longestLine + LineReader.chunk, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// Hands the next line to `body`; nil after the last one. The bytes live as long as the call.
    func withNextLine<Result>(
        _ body: (Span<UInt8>) throws(LogError) -> Result
    ) throws(LogError) -> Result? {
        if !isSettled { try settle() }
        guard let stop = try findLineEnd() else { return nil }
        var last = stop
        if last > start, buffer[last - 1] == UInt8(ascii: "\r") { last -= 1 }
        let bytes = UnsafeBufferPointer(rebasing: buffer.bindMemory(to: UInt8.self)[start..<last])
        line += 1
        start = min(stop + 1, end)
        searched = start
        return try body(bytes.span)
    }

    /// Shows the next lines, one after the other, without consuming them, until `body` gives false, the log ends or cannot
    /// be read on, or `longestLine` bytes have been shown. What it meets it leaves to be met again.
    func lookAhead(_ body: (Span<UInt8>) -> Bool) {
        if !isSettled { guard (try? settle()) != nil else { return } }
        var offset = 0
        while true {
            var from = start + offset
            var found = memchr(buffer.baseAddress! + from, lineEnd, end - from)
            while found == nil, !ended, end - start < LineReader.longestLine {
                guard (try? read()) != nil else { return }
                from = start + offset
                found = memchr(buffer.baseAddress! + from, lineEnd, end - from)
            }
            let stop = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(buffer.baseAddress!) } ?? end
            guard found != nil || ended, from < stop || found != nil else { return }
            let last = stop > from && buffer[stop - 1] == UInt8(ascii: "\r") ? stop - 1 : stop
            let bytes = UnsafeBufferPointer(rebasing: buffer.bindMemory(to: UInt8.self)[from..<last])
            guard body(bytes.span), found != nil, stop + 1 - start < LineReader.longestLine else { return }
            offset = stop + 1 - start
        }
    }

    /// Shows the first bytes without consuming them: 4096, fewer where the log ends or cannot be read on, and live only as
    /// many as it takes to see the first line end. A byte order mark of UTF-8 is left out, and consumed. Only before the
    /// first line.
    func withFirstBytes<Result>(
        _ body: (Span<UInt8>) throws(LogError) -> Result
    ) throws(LogError) -> Result {
        precondition(line == 0)
        if !isSettled { try settle() }
        let bytes = UnsafeBufferPointer(
            rebasing: buffer.bindMemory(to: UInt8.self)[start..<min(end, 4096)])
        return try body(bytes.span)
    }

    /// Reads the first bytes, passes over a byte order mark and settles how lines end.
    private func settle() throws(LogError) {
        isSettled = true
        while end < 4096, !ended, !isLive || firstLineEnd == nil {
            do throws(LogError) {
                try read()
            } catch {
                // It is met again, behind the rows before it.
                if end == 0 { throw error }
                break
            }
        }
        if endsLinesInCR {
            lineEnd = 0x0D
            remarks.append("its lines end in CR alone")
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if start == 0, end >= 3, buffer[..<3].elementsEqual(mark) {
            start = 3
            searched = 3
        }
    }

    /// The first byte that ends a line, if it is known: a LF, or a CR with neither of the two behind it.
    private var firstLineEnd: Int? {
        (0..<end).first { i in
            buffer[i] == 0x0A || buffer[i] == 0x0D && i + 1 < end && buffer[i + 1] != 0x0A && buffer[i + 1] != 0x0D
        }
    }

    /// There is a CR among the first bytes, or live at the end of the first line, and no LF.
    private var endsLinesInCR: Bool {
        guard let first = firstLineEnd, first < 4096, buffer[first] == 0x0D else { return false }
        return isLive || memchr(buffer.baseAddress!, 0x0A, min(end, 4096)) == nil
    }

    /// Hands the next `count` bytes to `body`, fewer at the end; nil when none are left. At most `longestLine`. The
    /// bytes live as long as the call.
    func withNextBytes<Result>(
        _ count: Int, _ body: (Span<UInt8>) throws(LogError) -> Result
    ) throws(LogError) -> Result? {
        precondition(count <= LineReader.longestLine)
        while end - start < count, !ended { try read() }
        let stop = min(start + count, end)
        guard start < stop else { return nil }
        let bytes = UnsafeBufferPointer(rebasing: buffer.bindMemory(to: UInt8.self)[start..<stop])
        start = stop
        searched = stop
        return try body(bytes.span)
    }

    /// The next bytes are these. Nothing is consumed, and no more is waited for than it takes to tell.
    func begins(with bytes: [UInt8]) throws(LogError) -> Bool {
        for i in bytes.indices {
            while end - start <= i {
                if ended { return false }
                try read()
            }
            if buffer[start + i] != bytes[i] { return false }
        }
        return true
    }

    /// The index of the byte that ends the line, or of the end of the last line; nil when nothing is left.
    private func findLineEnd() throws(LogError) -> Int? {
        while true {
            if searched < end {
                let from = buffer.baseAddress! + searched
                if let found = memchr(from, lineEnd, end - searched) {
                    let stop = UnsafeRawPointer(found) - UnsafeRawPointer(buffer.baseAddress!)
                    if stop - start > LineReader.longestLine { throw tooLong() }
                    return stop
                }
            }
            searched = end
            if end - start > LineReader.longestLine { throw tooLong() }
            if ended { return start < end ? end : nil }
            try read()
        }
    }

    private func read() throws(LogError) {
        if buffer.count - end < LineReader.chunk {
            let unread = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
            buffer.copyMemory(from: unread)
            searched -= start
            end = unread.count
            start = 0
        }
        let room = UnsafeMutableRawBufferPointer(rebasing: buffer[end..<end + LineReader.chunk])
        let count = try source.read(into: room)
        end += count
        ended = count == 0
    }

    private func tooLong() -> LogError {
        LogError(
            .lineTooLong, file: source.name, line: line + 1,
            "no end of line within \(LineReader.longestLine) bytes",
            hint: "is this a text log with one row per line?")
    }
}
