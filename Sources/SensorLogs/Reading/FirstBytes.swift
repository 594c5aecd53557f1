/// Refuses what is plainly no text log, from its first bytes, before any line is read, and says what it is and how a log
/// is made of it.
func refuseBinary(_ bytes: Span<UInt8>, file: String) throws(LogError) {
    if let known = KnownFile(bytes) {
        throw LogError(.notText, file: file, "holds \(known.what), expected a text log", hint: known.hint)
    }
    // Only the first line tells: a log whose rows end in zeros after a power cut is a log with bad rows.
    for i in bytes.indices {
        if bytes[i] == 0x0A || bytes[i] == 0x0D { return }
        guard bytes[i] == 0 else { continue }
        throw LogError(
            .notText, file: file, "is binary (a zero byte at offset \(i)), expected a text log",
            hint: "a log is CSV with a header row, WISDM raw text or a NumPy array; with --raw, int16 frames")
    }
}
