import Foundation

/// What lies beside the project: SNNRT_SHARED, or ../shared. Tests that need it are disabled, loudly, without.
package let shared = ProcessInfo.processInfo.environment["SNNRT_SHARED"] ?? "../shared"
package let hasShared: Bool = {
    let found = FileManager.default.fileExists(atPath: "\(shared)/models/nir/lif_norse.nir")
    if !found { print("SKIPPED: all tests of NIR files need \(shared)/models/nir (set SNNRT_SHARED)") }
    return found
}()

private let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path

/// A network that Tests/fixtures/nir/make.py or extensions.py wrote.
package func fixture(_ name: String) -> String { "\(tests)/fixtures/nir/\(name).nir" }

/// A file that Tests/peers recorded.
package func recorded(_ name: String) -> String { "\(tests)/peers/recorded/\(name)" }

/// A file of the NIR paper.
package func nir(_ name: String) -> String { "\(shared)/models/nir/\(name)" }

/// Columns of a table of numbers with commas.
package func columns(_ path: String) throws -> [[Double]] {
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
        $0.split(separator: ",").map { Double($0)! }
    }
    return rows[0].indices.map { column in rows.map { $0[column] } }
}

/// SplitMix64.
package struct SplitMix: RandomNumberGenerator {
    package var state: UInt64

    package init(state: UInt64) { self.state = state }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
