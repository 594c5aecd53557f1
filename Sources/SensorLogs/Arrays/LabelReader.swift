/// The labels of a NumPy log, from an array beside it: one per window or one per tick, class indices or names.
final class LabelReader {
    let isPerTick: Bool
    private let reader: LineReader
    private let header: NPYHeader
    private let classNames: [String]
    private let classes: ClassMatcher
    private var count = 0

    /// Refused: what `NPYHeader` refuses, and a shape that does not go with the log's.
    init(
        _ reader: LineReader, windowCount: Int?, tickCount: Int, classNames: [String], _ classes: ClassMatcher
    ) throws(LogError) {
        header = try NPYHeader(reader)
        let perTick = (windowCount.map { [$0] } ?? []) + [tickCount]
        isPerTick = header.shape == perTick
        guard isPerTick || header.shape == windowCount.map({ [$0] }) else {
            let expected = windowCount.map { "(\($0),), one per window, or (\($0), \(tickCount))" } ?? "(\(tickCount),)"
            throw LogError(
                .header, file: reader.source.name,
                "holds labels of shape \(header.shapeText), expected \(expected), one per tick")
        }
        self.reader = reader
        self.classNames = classNames
        self.classes = classes
    }

    /// The next label as an index into `labels`; −1 for an empty name and for the number −1.
    func next(_ labels: inout Labels) throws(LogError) -> Int32 {
        let byteCount = header.elementByteCount
        let name = try reader.withNextBytes(byteCount) { (bytes) throws(LogError) -> String? in
            guard bytes.count == byteCount else { return nil }
            switch header.element {
            case .number(let type):
                let value = type.value(bytes, at: 0)
                guard let number = Int64(exactly: value) else {
                    throw fault("\(value)", "a class index, a whole number")
                }
                if number == -1 { return "" }
                if classNames.isEmpty || classes.isMapped("\(number)") { return "\(number)" }
                guard classNames.indices ~= Int(number) else {
                    throw fault(
                        "\(number)", "a class index, 0 to \(classNames.count - 1), or -1 for no label",
                        hint: "class indices count from 0; do these count from 1?")
                }
                return classNames[Int(number)]
            case .text(let characterCount):
                var text = ""
                for i in 0..<characterCount {
                    let code = UInt32(NumberType.uint32.value(bytes, at: 4 * i))
                    if code == 0 { break }
                    guard let scalar = Unicode.Scalar(code) else { throw fault("\(code)", "a character") }
                    text.unicodeScalars.append(scalar)
                }
                return text
            }
        }
        guard let name = name ?? nil else {
            throw LogError(.length, file: reader.source.name, index: index, "the file ends here")
        }
        count += 1
        return name.isEmpty ? -1 : labels.index(of: name)
    }

    func expectEnd() throws(LogError) { try reader.expectEnd() }

    private var index: [Int] {
        header.shape.count == 1 ? [count] : [count / header.shape[1], count % header.shape[1]]
    }

    private func fault(_ found: String, _ expected: String, hint: String? = nil) -> LogError {
        LogError(.header, file: reader.source.name, index: index, "found \(found), expected \(expected)", hint: hint)
    }
}
