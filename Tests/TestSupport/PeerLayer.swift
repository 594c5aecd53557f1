import Foundation
import NIR

/// A layer of 32 neurons that a framework ran and exported itself (Tests/peers/layers.py).
package struct PeerLayer: Decodable, Sendable, CustomStringConvertible {
    package let name: String
    package let dialect: String
    package let isDouble: Bool
    /// A voltage is recorded every so many ticks.
    package let every: Int
    package let spikes: Int
    package let dt: Double?
    package let reset: String?
    package let resetDelay: String?
    package let spikeBits: UInt8?
    /// Integers do not have all of it.
    package let referenceOnly: Bool?
    package var description: String { name }

    package var chosen: Dialect {
        var chosen = Dialect.named(dialect)!
        chosen.set(
            Dialect.Traits(
                reset: reset.flatMap { Dialect.Reset(rawValue: $0) },
                resetDelay: resetDelay.flatMap { Dialect.ResetDelay(rawValue: $0) }, spikeBits: spikeBits))
        return chosen
    }
    package func file(_ suffix: String) -> String { recorded("\(name).\(suffix)") }

    package static let all = {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try! decoder.decode(
            [PeerLayer].self, from: Data(contentsOf: URL(fileURLWithPath: recorded("layers.json"))))
    }()
    private static let input = try! Array2(npy: recorded("input.npy"))
    package static var frames: [[Double]] {
        (0..<input.shape[0]).map { Array(input.values[$0 * input.shape[1]..<($0 + 1) * input.shape[1]]) }
    }
}
