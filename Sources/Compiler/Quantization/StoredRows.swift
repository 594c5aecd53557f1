import NIR

/// StoredRows are those of a map that are stored, and say which of them neurons have in common: the positions of a channel, or the
/// groups of a block.
struct StoredRows {
    let list: [[Double]]
    /// Neurons of each, side by side.
    var share = 1
    /// Times that the list is repeated.
    var repeats = 1

    /// The first neuron of a stored row.
    func first(_ stored: Int) -> Int { stored * share }

    /// One value per stored row, for every neuron.
    func spread<Value>(_ values: [Value]) -> [Value] {
        if share * repeats == 1 { return values }
        return (0..<repeats).flatMap { _ in values.flatMap { Array(repeating: $0, count: share) } }
    }
}

extension LinearMap {
    var hasZeros: Bool {
        switch self {
        case .diagonal(let values), .dense(_, _, let values): values.contains(0)
        case .block(let map): map.values.contains(0)
        case .convolution(let map): map.node.weight.values.contains(0)
        }
    }

    /// The stored rows: one element each of a diagonal, those of a block's matrix, the kernel of each channel of a convolution.
    var storedRows: StoredRows {
        func cut(_ values: [Double], _ columns: Int) -> [[Double]] {
            stride(from: 0, to: values.count, by: columns).map { Array(values[$0..<$0 + columns]) }
        }
        switch self {
        case .diagonal(let values): return StoredRows(list: cut(values, 1))
        case .dense(_, let columns, let values): return StoredRows(list: cut(values, columns))
        case .block(let map): return StoredRows(list: cut(map.values, map.columns), repeats: map.groupCount)
        case .convolution(let map):
            return StoredRows(list: map.factors.indices.map(map.kernel), share: map.shape[1] * map.shape[2])
        }
    }

    /// Means, or mean squares, of what the weights of a stored row are multiplied by, from those of the source's elements.
    func sourceMeans(_ source: [Double]) -> ((Int) -> [Double]) {
        switch self {
        case .diagonal: return { [source[$0]] }
        case .dense: return { _ in source }
        case .block(let map):
            let means = (0..<map.columns).map { column in
                (0..<map.groupCount).reduce(0) { $0 + source[$1 * map.columns + column] } / Double(map.groupCount)
            }
            return { _ in means }
        case .convolution(let map):
            // Every element of a kernel meets (nearly) every position of its channel.
            let (shape, positionCount) = (map.node.weight.shape, map.from[1] * map.from[2])
            let means = (0..<map.from[0]).map {
                source[$0 * positionCount..<($0 + 1) * positionCount].reduce(0, +) / Double(positionCount)
            }
            let perGroup = map.to[0] / map.node.groups
            return { channel in
                (0..<shape[1]).flatMap {
                    Array(repeating: means[channel / perGroup * shape[1] + $0], count: shape[2] * shape[3])
                }
            }
        }
    }
}

/// Sharing says which neurons have a grid in common: those of a channel, side by side, where a convolution enters; those of all
/// groups where a block does.
struct Sharing {
    /// Neurons side by side.
    var positionCount = 1
    /// Neurons of a group; 0 without groups.
    var period = 0

    func shared(_ values: [Double], _ choose: (Double, Double) -> Double) -> [Double] {
        func group(_ row: Int) -> Int { period > 0 ? row % period : row / positionCount }
        var chosen: [Double] = []
        for (row, value) in values.enumerated() {
            if group(row) == chosen.count {
                chosen.append(value)
            } else {
                chosen[group(row)] = choose(chosen[group(row)], value)
            }
        }
        return values.indices.map { chosen[group($0)] }
    }
}

func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
