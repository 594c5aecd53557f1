import CZstd

/// Unpacks zstd data (RFC 8878) through buffers of fixed size, one frame after the other. Memory is that of the window
/// that a frame asks for, at most 128 MiB. Refused, behind the bytes that were unpacked: a larger window, data that is
/// damaged or ends early, and anything else behind it.
final class ZstandardDecoder: ByteDecoder {
    /// Of a frame, and of one that holds no data, as packing in parallel puts in front.
    static let magics: [[UInt8]] =
        [[0x28, 0xB5, 0x2F, 0xFD]] + (UInt8(0x50)...0x5F).map { [$0, 0x2A, 0x4D, 0x18] }

    var failure: LogError?
    private let source: ByteSource
    private let stream: OpaquePointer
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    private var input: ZSTD_inBuffer
    private var isWithinFrame = true
    /// The output was full, so that more may come without input.
    private var holdsMore = false
    private var byteCount = 0

    init(_ source: ByteSource) {
        self.source = source
        stream = ZSTD_createDStream()
        input = ZSTD_inBuffer(src: buffer.baseAddress, size: 0, pos: 0)
    }

    deinit {
        ZSTD_freeDStream(stream)
        buffer.deallocate()
    }

    func read(into room: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
        while true {
            if input.pos == input.size, !holdsMore {
                input.size = try source.read(into: buffer)
                input.pos = 0
                if input.size == 0 {
                    if isWithinFrame { throw fault("its zstd data end early", .length) }
                    return 0
                }
            }
            var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
            let left = ZSTD_decompressStream(stream, &output, &input)
            holdsMore = output.pos == output.size
            byteCount += output.pos
            if ZSTD_isError(left) != 0 {
                failure =
                    ZSTD_getErrorCode(left) == ZSTD_error_frameParameter_windowTooLarge
                    ? fault(
                        "its zstd data need a window of more than 128 MiB", .unreadable,
                        hint: "zstd -dc --long=31 FILE | snnrt infer MODEL -")
                    : fault("its zstd data are damaged", .unreadable)
                return output.pos
            }
            isWithinFrame = left != 0
            if output.pos > 0 { return output.pos }
        }
    }

    private func fault(_ message: String, _ kind: LogError.Kind, hint: String? = nil) -> LogError {
        LogError(
            kind, file: source.name, "\(message), behind \(counted(byteCount, "unpacked byte"))",
            hint: hint ?? "what stands before is used; zstd -t FILE tells a damaged copy")
    }
}
