/// Refuses what is plainly no text log, from its first bytes, before any line is read.
func refuseBinary(_ bytes: Span<UInt8>, file: String) throws(LogError) {
    let known: [(start: [UInt8], what: String, hint: String)] = [
        ([0x1F, 0x8B], "gzip data", "unpack it, e.g. gunzip -c FILE | snnrt infer MODEL -"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz data", "unpack it first"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd data", "unpack it first"),
        ([0x50, 0x4B, 0x03, 0x04], "a zip archive", "unpack it first"),
        ([0xFF, 0xFE], "UTF-16 text", "save the log as UTF-8"),
        ([0xFE, 0xFF], "UTF-16 text", "save the log as UTF-8"),
        (NPYHeader.magic, "a NumPy array", "--log-format auto reads it"),
    ]
    for (start, what, hint) in known where bytes.count >= start.count {
        if start.indices.allSatisfy({ bytes[$0] == start[$0] }) {
            throw LogError(.notText, file: file, "holds \(what), expected a text log", hint: hint)
        }
    }
    // Only the first line tells: a log whose rows end in zeros after a power cut is a log with bad rows.
    for i in bytes.indices {
        if bytes[i] == 0x0A { return }
        guard bytes[i] == 0 else { continue }
        throw LogError(
            .notText, file: file, "is binary (a zero byte at offset \(i)), expected a text log",
            hint: "a log is CSV with a header row, WISDM raw text or a NumPy array; with --raw, int16 frames")
    }
}
