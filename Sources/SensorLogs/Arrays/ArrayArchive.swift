import CZlib

/// An array archive is what NumPy saved in one file: arrays by name (`.npz`), or one without a name (`.npy`).
public struct ArrayArchive {
    public let path: String
    private let bytes: [UInt8]
    /// Nil for a `.npy` file.
    private let entries: [String: Entry]?

    private struct Entry {
        let isDeflated: Bool
        let storedByteCount: Int
        let byteCount: Int
        /// Where its local header begins.
        let offset: Int
    }

    /// The most bytes that an array may have.
    private static let greatestByteCount = 1 << 32

    /// Names of the arrays, in ascending order; one empty name for a `.npy` file.
    public var names: [String] { entries.map { $0.keys.sorted() } ?? [""] }

    /// Reads a file whole. Refused: what cannot be read, and what is neither of the two.
    public init(path: String) throws(LogError) {
        self.path = path
        let source = try ByteSource(path: path)
        var bytes: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { chunk.deallocate() }
        while true {
            let count = try source.read(into: chunk)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        self.bytes = bytes
        entries = bytes.starts(with: [0x50, 0x4B]) ? try ArrayArchive.directory(bytes, path) : nil
    }

    /// The array of a name. Refused: a name that there is not, compression other than deflate, damage, and what is no array of numbers.
    public func array(_ name: String) throws(LogError) -> NumberArray {
        guard let entries else {
            guard name.isEmpty else { throw fault("holds one array without a name, expected \"\(name)\"") }
            return try NumberArray(npy: bytes, name: path)
        }
        guard let entry = entries[name] else {
            throw fault("has no array \"\(name)\"; it has \(names.joined(separator: ", "))")
        }
        return try NumberArray(npy: try unpacked(entry, name), name: "\(path): \(name)")
    }

    public func has(_ name: String) -> Bool { entries?[name] != nil }

    /// The central directory of a zip file (APPNOTE 6.3.10, 4.3.12 and 4.3.16), which numpy.savez writes without encryption.
    private static func directory(_ bytes: [UInt8], _ path: String) throws(LogError) -> [String: Entry] {
        func damaged(_ what: String) -> LogError {
            LogError(.header, file: path, "is a damaged .npz: \(what)", hint: "numpy.savez writes one")
        }
        func number(_ at: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
        }
        // The end record, with a comment of at most 65,535 bytes behind it.
        let least = max(0, bytes.count - 22 - 65535)
        guard bytes.count >= 22,
            let end = stride(from: bytes.count - 22, through: least, by: -1).first(where: {
                bytes[$0...].starts(with: [0x50, 0x4B, 5, 6])
            })
        else { throw damaged("its directory is missing") }
        var (entries, at): ([String: Entry], Int) = ([:], number(end + 16, 4))
        for _ in 0..<number(end + 10, 2) {
            guard at + 46 <= end, bytes[at...].starts(with: [0x50, 0x4B, 1, 2]) else {
                throw damaged("its directory is cut off, or larger than 4 GB")
            }
            let (nameCount, extraCount, commentCount) = (number(at + 28, 2), number(at + 30, 2), number(at + 32, 2))
            guard at + 46 + nameCount <= end else { throw damaged("a name is cut off") }
            var name = String(decoding: bytes[at + 46..<at + 46 + nameCount], as: UTF8.self)
            if name.hasSuffix(".npy") { name.removeLast(4) }
            let method = number(at + 10, 2)
            guard method == 0 || method == 8 else { throw damaged("\(name) is packed by method \(method)") }
            entries[name] = Entry(
                isDeflated: method == 8, storedByteCount: number(at + 20, 4), byteCount: number(at + 24, 4),
                offset: number(at + 42, 4))
            at += 46 + nameCount + extraCount + commentCount
        }
        return entries
    }

    private func unpacked(_ entry: Entry, _ name: String) throws(LogError) -> [UInt8] {
        let at = entry.offset
        guard at + 30 <= bytes.count, bytes[at...].starts(with: [0x50, 0x4B, 3, 4]) else {
            throw fault("\(name) is not where the directory says")
        }
        let start =
            at + 30 + Int(bytes[at + 26]) + Int(bytes[at + 27]) << 8 + Int(bytes[at + 28]) + Int(bytes[at + 29]) << 8
        guard start + entry.storedByteCount <= bytes.count, entry.byteCount < ArrayArchive.greatestByteCount else {
            throw fault("\(name) is cut off, or larger than 4 GB")
        }
        let stored = bytes[start..<start + entry.storedByteCount]
        if !entry.isDeflated { return Array(stored) }
        // Deflate makes at most 1,032 bytes of one.
        guard entry.byteCount <= 1032 * (stored.count + 1) else { throw fault("\(name) is damaged") }
        var unpacked = [UInt8](repeating: 0, count: entry.byteCount)
        var stream = z_stream()
        guard inflate_raw(&stream) == Z_OK else { throw fault("\(name) cannot be unpacked") }
        defer { inflateEnd(&stream) }
        let status = stored.withUnsafeBufferPointer { source in
            unpacked.withUnsafeMutableBufferPointer { target in
                stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END, stream.avail_out == 0 else { throw fault("\(name) is damaged") }
        return unpacked
    }

    private func fault(_ message: String) -> LogError { LogError(.header, file: path, message) }
}
