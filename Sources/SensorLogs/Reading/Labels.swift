/// The labels of a log, each stored once; a row holds its index. −1 is no label.
struct Labels {
    private(set) var names: [String] = []
    /// Cell -> label, as the layout has it; an empty label is none.
    var renamed: [String: String] = [:]
    private var indices: [String: Int32] = [:]
    /// The bytes of the label met last: rows of one label stand together.
    private var lastBytes: [UInt8] = []
    private var last: Int32 = -1

    /// The most labels that are told apart; further ones are none.
    static let limit = 10_000
    /// The most bytes of one.
    static let byteLimit = 256
    /// There were more.
    private(set) var isFull = false

    /// The index of a label; −1 for an empty one; nil where it is not UTF-8, or longer than `byteLimit`.
    mutating func index(of bytes: Span<UInt8>) -> Int32? {
        if bytes.isEmpty { return -1 }
        if bytes.count == lastBytes.count {
            var equal = true
            for i in bytes.indices where bytes[i] != lastBytes[i] {
                equal = false
                break
            }
            if equal { return last }
        }
        guard bytes.count <= Labels.byteLimit, let cell = string(bytes) else { return nil }
        let name = renamed[cell] ?? cell
        last = name.isEmpty ? -1 : index(of: name)
        lastBytes = bytes.withUnsafeBufferPointer { Array($0) }
        return last
    }

    mutating func index(of name: String) -> Int32 {
        if let known = indices[name] { return known }
        guard names.count < Labels.limit else {
            isFull = true
            return -1
        }
        let index = Int32(names.count)
        names.append(name)
        indices[name] = index
        return index
    }
}
