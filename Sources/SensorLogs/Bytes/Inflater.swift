import CZlib

/// Unpacks gzip data (RFC 1952) through buffers of fixed size, one member after the other. Refused, behind the bytes that
/// were unpacked: data that is damaged or ends early, and anything but zeros behind it.
final class Inflater: ByteDecoder {
    /// The identification and the only method there is.
    static let magic: [UInt8] = [0x1F, 0x8B, 8]

    var failure: LogError?
    private let source: ByteSource
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    private var isWithinMember = true
    private var byteCount = 0

    init(_ source: ByteSource) {
        self.source = source
        stream.initialize(to: z_stream())
        precondition(inflate_gzip(stream) == Z_OK, "no memory for zlib")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
        stream.pointee.next_out = buffer.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(buffer.count)
        while true {
            if stream.pointee.avail_in == 0 {
                let count = try source.read(into: input)
                if count == 0 {
                    if isWithinMember { throw fault("its gzip data end early", .length) }
                    return 0
                }
                stream.pointee.next_in = input.bindMemory(to: UInt8.self).baseAddress
                stream.pointee.avail_in = UInt32(count)
            }
            if !isWithinMember { guard try beginMember() else { continue } }
            let status = inflate(stream, Z_NO_FLUSH)
            let count = buffer.count - Int(stream.pointee.avail_out)
            if status == Z_STREAM_END {
                isWithinMember = false
            } else if status != Z_OK, status != Z_BUF_ERROR {
                let reason = stream.pointee.msg.map { ": \(String(cString: $0))" } ?? ""
                failure = fault("its gzip data are damaged\(reason)", .unreadable, made: count)
            }
            byteCount += count
            if count > 0 || failure != nil { return count }
        }
    }

    /// Behind a member: passes over zeros; false where there is nothing else yet.
    private func beginMember() throws(LogError) -> Bool {
        while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
        }
        guard stream.pointee.avail_in > 0 else { return false }
        guard stream.pointee.next_in.pointee == Inflater.magic[0] else {
            throw fault("goes on behind the end of its gzip data", .length)
        }
        inflateReset(stream)
        isWithinMember = true
        return true
    }

    private func fault(_ message: String, _ kind: LogError.Kind, made: Int = 0) -> LogError {
        LogError(
            kind, file: source.name, "\(message), behind \(counted(byteCount + made, "unpacked byte"))",
            hint: "what stands before is used; gzip -t FILE tells a damaged copy")
    }
}
