/// The type of a NumPy array's elements, as its `descr` spells it: little-endian, of 1 to 8 bytes.
enum NumberType: String {
    case bool = "b1"
    case int8 = "i1"
    case uint8 = "u1"
    case int16 = "i2"
    case uint16 = "u2"
    case int32 = "i4"
    case uint32 = "u4"
    case int64 = "i8"
    case uint64 = "u8"
    case float32 = "f4"
    case float64 = "f8"

    var byteCount: Int { Int(rawValue.utf8.last! - 48) }
    var isInteger: Bool { rawValue.first == "i" || rawValue.first == "u" }

    /// The nearest double.
    func value(_ bytes: Span<UInt8>, at start: Int) -> Double {
        var bits: UInt64 = 0
        for i in 0..<byteCount { bits |= UInt64(bytes[start + i]) << UInt64(8 * i) }
        switch self {
        case .bool: return bits == 0 ? 0 : 1
        case .int8: return Double(Int8(truncatingIfNeeded: bits))
        case .int16: return Double(Int16(truncatingIfNeeded: bits))
        case .int32: return Double(Int32(truncatingIfNeeded: bits))
        case .int64: return Double(Int64(bitPattern: bits))
        case .uint8, .uint16, .uint32, .uint64: return Double(bits)
        case .float32: return Double(Float(bitPattern: UInt32(bits)))
        case .float64: return Double(bitPattern: bits)
        }
    }
}

/// The header of a NumPy array file, versions 1 to 3, as the documentation of numpy.lib.format has them.
struct NPYHeader {
    enum Element {
        case number(NumberType)
        /// UTF-32, padded with zeros to this many characters.
        case text(characterCount: Int)
    }

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    let element: Element
    let shape: [Int]

    var elementByteCount: Int {
        switch element {
        case .number(let type): type.byteCount
        case .text(let characterCount): 4 * characterCount
        }
    }

    /// `(3, 40, 6)`
    var shapeText: String { "(" + shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? ",)" : ")") }

    /// Reads the header; elements follow. Refused: another file, versions and types this does not know, Fortran order,
    /// an array without elements.
    init(_ reader: LineReader) throws(LogError) {
        let file = reader.source.name
        func refuse(_ message: String, hint: String? = nil) -> LogError {
            LogError(.header, file: file, message, hint: hint)
        }
        /// The next bytes as numbers.
        func take(_ count: Int) throws(LogError) -> [UInt8] {
            let bytes = try reader.withNextBytes(count) { bytes in bytes.indices.map { bytes[$0] } } ?? []
            guard bytes.count == count else {
                throw LogError(.length, file: file, "ends within the header of its NumPy array")
            }
            return bytes
        }
        guard try reader.begins(with: NPYHeader.magic) else {
            throw refuse("is no NumPy array", hint: "numpy.save writes one")
        }
        let version = try take(8)[6]
        guard 1...3 ~= version else { throw refuse("is a NumPy array of version \(version), which is not known") }
        let lengthBytes = try take(version == 1 ? 2 : 4)
        let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard 1...65535 ~= length else { throw refuse("has a header of \(length) bytes, expected up to 65,535") }
        guard let text = String(validating: try take(length), as: UTF8.self),
            let fields = NPYHeader.fields(text), let descr = fields["descr"], let order = fields["fortran_order"],
            let shapeText = fields["shape"], let shape = NPYHeader.tuple(shapeText)
        else { throw refuse("has a damaged header: it does not give descr, fortran_order and shape") }
        guard order == "False" else {
            throw refuse("is stored in Fortran order", hint: "save numpy.ascontiguousarray(array)")
        }
        guard let element = NPYHeader.element(descr) else {
            let hint: String? =
                if descr.hasPrefix("'>") {
                    "save array.astype(\"<\(descr.dropFirst(2).dropLast())\")"
                } else if descr.hasPrefix("'<f") { "save array.astype(numpy.float64)" } else if descr.hasPrefix("'|S") {
                    "save array.astype(str)"
                } else { nil }
            throw refuse(
                "holds elements of type \(descr.prefix(60)), expected bool, integers of up to 64 bits, float32 or "
                    + "float64, little-endian", hint: hint)
        }
        self.element = element
        self.shape = shape
        guard shape.allSatisfy({ $0 > 0 }) else {
            throw LogError(.empty, file: file, "holds an array of shape \(self.shapeText), in which there is nothing")
        }
    }

    private static func element(_ descr: String) -> Element? {
        let quoted = descr.dropFirst().dropLast()
        guard descr.first == "'", let mark = quoted.first, "<|".contains(mark) else { return nil }
        let type = String(quoted.dropFirst())
        if let number = NumberType(rawValue: type) {
            return mark == "|" && number.byteCount > 1 ? nil : .number(number)
        }
        guard mark != "|", type.first == "U", let count = Int(type.dropFirst()), 1...4096 ~= count else { return nil }
        return .text(characterCount: count)
    }

    /// The entries of a Python dictionary whose keys are strings, values as written: `{'descr': '<f8', …}`.
    private static func fields(_ text: String) -> [String: String]? {
        var fields: [String: String] = [:]
        var (depth, key, current) = (0, "", "")
        var quote: Character?
        func trimmed(_ text: String) -> String {
            var text = text[...]
            while let first = text.first, first.isWhitespace { text.removeFirst() }
            while let last = text.last, last.isWhitespace { text.removeLast() }
            return String(text)
        }
        for character in text {
            if quote == nil, depth == 1, character == ":" {
                key = trimmed(current)
                current = ""
                continue
            }
            if quote == nil, depth == 1, character == "," || character == "}" {
                if !key.isEmpty { fields[String(key.dropFirst().dropLast())] = trimmed(current) }
                (key, current) = ("", "")
                if character == "," { continue }
            }
            switch character {
            case "'", "\"": quote = quote == nil ? character : quote == character ? nil : quote
            case "{", "[", "(": if quote == nil { depth += 1 }
            case "}", "]", ")": if quote == nil { depth -= 1 }
            default: break
            }
            if depth > 1 || depth == 1 && character != "{" { current.append(character) }
        }
        return depth == 0 ? fields : nil
    }

    /// `(3, 40, 6)`, of integers from 0.
    private static func tuple(_ text: String) -> [Int]? {
        guard text.first == "(", text.last == ")" else { return nil }
        var numbers: [Int] = []
        for part in text.dropFirst().dropLast().split(separator: ",") {
            guard let number = Int(part.filter { $0 != " " }), number >= 0 else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}
