import Foundation
import Testing

@testable import SNNRuntime

/// Memory with poison on both sides of the usable part, freed with the object.
final class Memory8 {
    static let margin = 64
    static let poison: UInt8 = 0xa5
    private let whole: UnsafeMutableRawBufferPointer
    let bytes: UnsafeMutableRawBufferPointer

    /// - Parameter shift: moves the usable part off its 8-byte alignment.
    init(_ byteCount: Int, shift: Int = 0) {
        whole = .allocate(byteCount: byteCount + 2 * Memory8.margin + shift, alignment: 8)
        whole.initializeMemory(as: UInt8.self, repeating: Memory8.poison)
        let start = Memory8.margin + shift
        bytes = UnsafeMutableRawBufferPointer(rebasing: whole[start..<start + byteCount])
    }
    convenience init(_ data: [UInt8], shift: Int = 0) {
        self.init(data.count, shift: shift)
        bytes.copyBytes(from: data)
    }
    deinit { whole.deallocate() }

    var isPoisonIntact: Bool {
        let before = whole[..<(bytes.baseAddress! - whole.baseAddress!)]
        let after = whole[(bytes.baseAddress! - whole.baseAddress! + bytes.count)...]
        return before.allSatisfy { $0 == Memory8.poison } && after.allSatisfy { $0 == Memory8.poison }
    }
}

/// A model file in memory and networks of it.
struct TestModel {
    let file: Memory8
    let model: Model

    init(_ data: [UInt8]) throws {
        file = Memory8(data)
        model = try Model(validating: UnsafeRawBufferPointer(file.bytes))
    }
    init(named name: String) throws { try self.init(vector("\(name).snn")) }

    func arena(_ accounting: Network.Accounting = .full) throws -> Memory8 {
        Memory8(Int(try Network.layout(of: model, accounting: accounting).byteCount))
    }
}

/// Why opening these bytes is refused; nil if they open.
func refusal(_ data: [UInt8]) -> Refusal? {
    let file = Memory8(data)
    do {
        _ = try Model(validating: UnsafeRawBufferPointer(file.bytes))
        return nil
    } catch { return error }
}

/// The vectors that Tests/oracle/generate.py makes; `make vectors` writes them.
let vectorFolder = ProcessInfo.processInfo.environment["SNNRT_VECTORS"] ?? "build/vectors"

func vector(_ name: String) throws -> [UInt8] {
    let path = "\(vectorFolder)/\(name)"
    guard let data = FileManager.default.contents(atPath: path) else {
        throw MissingVector(path: path)
    }
    return [UInt8](data)
}

struct MissingVector: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path) is missing: run `make vectors`, or `make test`" }
}

func withTrailer(_ data: [UInt8]) -> [UInt8] {
    var file = data
    let checksum = file[..<(file.count - 4)].withUnsafeBytes { crc32c($0) }
    for i in 0..<4 { file[file.count - 4 + i] = UInt8(truncatingIfNeeded: checksum >> (8 * UInt32(i))) }
    return file
}

/// Reproducible random numbers (xorshift64*); the seed is printed by whoever uses it.
struct Seeded: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed &* 2 &+ 1 }
    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_f491_4f6c_dd1d
    }
}
