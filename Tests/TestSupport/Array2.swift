import Foundation

/// A NumPy array of little-endian numbers, as doubles.
package struct Array2: Equatable {
    package let shape: [Int]
    package let values: [Double]

    package init(npy path: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let headerEnd = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        let header = String(decoding: bytes[10..<headerEnd], as: UTF8.self)
        let inside = header[header.range(of: "(")!.upperBound...].prefix { $0 != ")" }
        shape = inside.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        let type = header[header.range(of: "descr': '")!.upperBound...].prefix { $0 != "'" }
        let body = Array(bytes[headerEnd...])
        func read<Number>(_: Number.Type) -> [Number] {
            body.withUnsafeBytes { raw in
                (0..<raw.count / MemoryLayout<Number>.size).map {
                    raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: Number.self)
                }
            }
        }
        switch type {
        case "|u1", "|b1": values = read(UInt8.self).map(Double.init)
        case "<f4": values = read(Float.self).map(Double.init)
        case "<f8": values = read(Double.self)
        case "<i8": values = read(Int64.self).map(Double.init)
        default: throw UnknownType(path: path, type: String(type))
        }
    }
}

private struct UnknownType: Error {
    let path: String
    let type: String
}
