/// A node place says where a model file shows a node of the network it was compiled from: a line of its metadata, written for
/// `verify`.
///
/// "node in slot 7: h", "node in slot 7, 16 channels last: c", "node in slot 7, neurons 0-3 9: h"
public struct NodePlace: Equatable, Sendable {
    /// Number of the slot.
    public let slot: Int
    /// Name of the node, on one line.
    public let node: String
    let order: Order

    enum Order: Equatable, Sendable {
        case nir
        case channelsLast(Int)
        /// What pruning left.
        case kept([ClosedRange<Int>])
    }

    init(slot: Int, node: String, order: Order) {
        (self.slot, self.order) = (slot, order)
        self.node = String(node.map { $0.isNewline ? " " : $0 })
    }

    var line: String {
        let words: String =
            switch order {
            case .nir: ""
            case .channelsLast(let count): ", \(count) channels last"
            case .kept(let ranges):
                ", neurons "
                    + ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(
                        separator: " ")
            }
        return "node in slot \(slot)\(words): \(node)"
    }

    /// Nil for any other line.
    public init?(line: some StringProtocol) {
        guard line.hasPrefix("node in slot "), let colon = line.firstRange(of: ": ") else { return nil }
        let parts = line[..<colon.lowerBound].dropFirst(13).split(separator: ",", maxSplits: 1)
        guard let slot = parts.first.flatMap({ Int($0) }) else { return nil }
        let words = parts.dropFirst().first?.split(separator: " ") ?? []
        switch (words.first, words.count) {
        case (nil, _): order = .nir
        case ("neurons", 2...):
            var ranges: [ClosedRange<Int>] = []
            for word in words.dropFirst() {
                let ends = word.split(separator: "-").compactMap { Int($0) }
                guard let first = ends.first, let last = ends.last, first <= last else { return nil }
                ranges.append(first...last)
            }
            order = .kept(ranges)
        default:
            guard words.dropFirst() == ["channels", "last"], let count = Int(words[0]), count > 0 else { return nil }
            order = .channelsLast(count)
        }
        (self.slot, node) = (slot, String(line[colon.upperBound...]))
    }

    /// The neuron of each of the slot's elements, of a node of `count` neurons in NIR's order; nil if they do not fit.
    public func neurons(of count: Int) -> [Int]? {
        switch order {
        case .nir: return Array(0..<count)
        case .channelsLast(let channels):
            return count % channels == 0 ? (0..<count).map { $0 % channels * (count / channels) + $0 / channels } : nil
        case .kept(let ranges):
            return ranges.allSatisfy { 0..<count ~= $0.upperBound && $0.lowerBound >= 0 }
                ? ranges.flatMap { Array($0) } : nil
        }
    }
}

extension NodePlace.Order {
    /// The order of what pruning left of `count` neurons.
    static func of(_ kept: [Int], of count: Int) -> NodePlace.Order {
        if kept.count == count { return .nir }
        var ranges: [ClosedRange<Int>] = []
        for neuron in kept {
            if let last = ranges.last, last.upperBound == neuron - 1 {
                ranges[ranges.count - 1] = last.lowerBound...neuron
            } else {
                ranges.append(neuron...neuron)
            }
        }
        return .kept(ranges)
    }
}
