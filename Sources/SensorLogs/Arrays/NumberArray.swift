/// A number array is a NumPy array of numbers, as doubles, the last index fastest.
public struct NumberArray: Sendable {
    public let shape: [Int]
    public let values: [Double]
    /// The file holds integers.
    public let isInteger: Bool

    public init(shape: [Int], values: [Double], isInteger: Bool) {
        (self.shape, self.values, self.isInteger) = (shape, values, isInteger)
    }

    /// The values of one index of the first dimension.
    public func row(_ index: Int) -> ArraySlice<Double> {
        let size = values.count / shape[0]
        return values[index * size..<(index + 1) * size]
    }
}

extension NumberArray {
    /// Reads a `.npy` file's bytes. Refused: what `NPYHeader` refuses, text, and bytes that are missing or too many.
    init(npy bytes: [UInt8], name: String) throws(LogError) {
        var start = 0
        let source = ByteSource(name: name, byteCount: bytes.count) { (buffer) throws(LogError) in
            let count = min(buffer.count, bytes.count - start)
            buffer.copyBytes(from: bytes[start..<start + count])
            start += count
            return count
        }
        let reader = LineReader(source)
        let header = try NPYHeader(reader)
        guard case .number(let type) = header.element else {
            throw LogError(.header, file: name, "holds text, expected numbers")
        }
        let count = header.shape.reduce(1, *)
        guard count <= bytes.count / type.byteCount else {
            throw LogError(.length, file: name, "ends before its \(count) elements do")
        }
        var values: [Double] = []
        values.reserveCapacity(count)
        while values.count < count {
            let wanted = min(count - values.count, 1 << 16)
            let read = try reader.withNextBytes(wanted * type.byteCount) { span in
                if span.count == wanted * type.byteCount {
                    for i in 0..<wanted { values.append(type.value(span, at: i * type.byteCount)) }
                }
                return span.count
            }
            guard read == wanted * type.byteCount else {
                throw LogError(.length, file: name, "ends before its \(count) elements do")
            }
        }
        try reader.expectEnd()
        self.init(shape: header.shape, values: values, isInteger: type.isInteger || type == .bool)
    }
}
