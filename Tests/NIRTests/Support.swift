import Foundation
import SNNRuntime
import Testing

@testable import NIR

/// What lies beside the project: SNNRT_SHARED, or ../shared. Tests that need it are disabled, loudly, without.
let shared = ProcessInfo.processInfo.environment["SNNRT_SHARED"] ?? "../shared"
let hasShared: Bool = {
    let found = FileManager.default.fileExists(atPath: "\(shared)/models/nir/lif_norse.nir")
    if !found { print("SKIPPED: all tests of NIR files need \(shared)/models/nir (set SNNRT_SHARED)") }
    return found
}()

/// Networks that Tests/fixtures/nir/make.py wrote.
func fixture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
        + "/fixtures/nir/\(name).nir"
}

func nir(_ name: String) -> String { "\(shared)/models/nir/\(name)" }

/// Columns of a table of numbers with commas.
func columns(_ path: String) throws -> [[Double]] {
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
        $0.split(separator: ",").map { Double($0)! }
    }
    return rows[0].indices.map { column in rows.map { $0[column] } }
}

/// A NumPy array of little-endian numbers, as doubles.
struct Array2: Equatable {
    let shape: [Int]
    let values: [Double]

    init(npy path: String) throws {
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
        default: throw NIRError(path, nil, "is of type \(type)")
        }
    }
}

/// Runs a model file tick by tick; `look` sees the network after each.
func forEachTick(of bytes: [UInt8], _ frames: [[Int16]], _ look: (Int, Network) -> Void) throws {
    let file = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
    defer { file.deallocate() }
    file.copyBytes(from: bytes)
    let model = try Model(validating: UnsafeRawBufferPointer(file))
    let arena = UnsafeMutableRawBufferPointer.allocate(
        byteCount: Int(try Network.layout(of: model).byteCount), alignment: 8)
    defer { arena.deallocate() }
    let network = try Network(model, in: arena)
    for (tick, frame) in frames.enumerated() {
        _ = network.push(frame, frameCount: 1)
        look(tick, network)
    }
}
