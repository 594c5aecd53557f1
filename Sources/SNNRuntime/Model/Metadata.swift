// Metadata of a file (docs/format.md, "Metadata"): lines `key: value`, of which opening checks nothing.

extension Model {
    /// The value of `key` in the last line that has it: what stands between `: ` and the line's end. Nil if none has.
    ///
    /// - Parameter key: bytes of UTF-8, ended by NUL.
    public func metadataValue(of key: UnsafePointer<UInt8>) -> UnsafeRawBufferPointer? {
        let text = metadata
        var (found, start) = (UnsafeRawBufferPointer?.none, 0)
        while start < text.count {
            var end = start
            while end < text.count && text[end] != Model.lineFeed && text[end] != Model.carriageReturn { end &+= 1 }
            var at = 0
            while key[at] != 0 && start &+ at < end && key[at] == text[start &+ at] { at &+= 1 }
            let value = start &+ at &+ 2
            if key[at] == 0 && value <= end && text[value &- 2] == Model.colon && text[value &- 1] == Model.blank {
                found = UnsafeRawBufferPointer(rebasing: text[value..<end])
            }
            start = end &+ 1
        }
        return found
    }

    private static var lineFeed: UInt8 { 0x0a }
    private static var carriageReturn: UInt8 { 0x0d }
    private static var colon: UInt8 { 0x3a }
    private static var blank: UInt8 { 0x20 }
}
