import SNNRuntime

/// Synapse fields are what dense, block, sparse and convolution ops have in common: the encoding of their weights, and how
/// their sums join the current.
struct SynapseFields {
    var encoding = Encoding.int8
    var join = QuantizedPopulation.Join.add
    /// Bits by which a source of 32 bits is shifted as it is read.
    var sourceShift = 0

    fileprivate func write(to block: inout BlockWriter) {
        block.put(encoding.rawValue, at: Synapses.Block.encoding)
        let (code, shift): (Join, Int) =
            switch join {
            case .add: (.add, 0)
            case .leftShift(let shift): (.leftShift, shift)
            case .multiplier(_, let shift): (.multiplier, shift)
            }
        block.put(code.rawValue, at: Synapses.Block.join)
        block.put(UInt8(shift), at: Synapses.Block.joinShift)
        block.put(UInt8(sourceShift), at: Synapses.Block.sourceShift)
    }

    /// The field that refers to the multipliers of the join that has them, 0 with others.
    fileprivate func writeMultipliers(to block: inout BlockWriter, at offset: UInt32) {
        if case .multiplier(let factors, _) = join { block.put(tensor: factors.bytes(.four), at: offset) }
    }

    fileprivate func packed(_ runs: some Sequence<[Int]>) -> [UInt8] {
        runs.flatMap { packedWeights($0, bits: Int(encoding.bits)) }
    }
}

/// A projection op adds the product of a matrix with a source to a current; a block op has one matrix that groups share.
struct ProjectionOp: OpParameters {
    /// Dense or block.
    let kind: OpKind
    var synapses = SynapseFields()
    var groupCount = 1
    /// The weights to all elements of the target, run by run: one for each element of the source, or of a group of it.
    let weights: [[Int]]

    var blockByteCount: UInt32 { Projection.Block.byteCount }

    func write(to block: inout BlockWriter) {
        synapses.write(to: &block)
        block.put(UInt32(groupCount), at: Projection.Block.groupCount)
        block.put(tensor: synapses.packed(weights), at: Projection.Block.weights)
        synapses.writeMultipliers(to: &block, at: Projection.Block.multipliers)
    }
}

/// A sparse op adds the products of single weights with the elements of a source to a current.
struct SparseOp: OpParameters {
    struct Synapse {
        let target: Int
        let weight: Int
    }

    var synapses = SynapseFields()
    /// The synapses of each element of the source, with each delay in turn, by ascending target.
    let runs: [[Synapse]]
    /// Delays of an element: 1 for none.
    var delayCount = 1
    /// Elements of the current; targets above 65,536 of them have 32 bits.
    let targetCount: Int

    var kind: OpKind { .sparse }
    var blockByteCount: UInt32 { Sparse.Block.byteCount }

    func write(to block: inout BlockWriter) {
        synapses.write(to: &block)
        block.put(UInt16(delayCount), at: Sparse.Block.delayCount)
        var ends = [0]
        for run in runs { ends.append(ends.last! + run.count) }
        let all = Array(runs.joined())
        block.put(tensor: ends.bytes(.four), at: Sparse.Block.runs)
        block.put(
            tensor: all.map(\.target).bytes(targetCount > 65536 ? .four : .two), at: Sparse.Block.targets)
        block.put(tensor: synapses.packed([all.map(\.weight)]), at: Sparse.Block.weights)
        synapses.writeMultipliers(to: &block, at: Sparse.Block.multipliers)
    }
}

/// A convolution op adds a convolution of a source to a current, both channels last.
struct ConvolutionOp: OpParameters {
    var synapses = SynapseFields()
    /// Channels, height and width of the source.
    let from: [Int]
    let targetChannels: Int
    /// Height and width each.
    let kernel: [Int]
    let stride: [Int]
    /// Above, below, left, right.
    let padding: [Int]
    let dilation: [Int]
    let groups: Int
    /// Run (c·kh + ky)·kw + kx holds the weights from channel c, at that place of the kernel, to the channels of its group.
    let weights: [[Int]]

    var kind: OpKind { .convolution }
    var blockByteCount: UInt32 { Convolution.Block.byteCount }

    func write(to block: inout BlockWriter) {
        synapses.write(to: &block)
        block.put(UInt16(from[1]), at: Convolution.Block.height)
        block.put(UInt16(from[2]), at: Convolution.Block.width)
        block.put(UInt16(from[0]), at: Convolution.Block.channels)
        block.put(UInt16(targetChannels), at: Convolution.Block.outputChannels)
        block.put(sizes: kernel, at: Convolution.Block.kernelHeight)
        block.put(sizes: stride, at: Convolution.Block.strideY)
        block.put(sizes: padding, at: Convolution.Block.padding)
        block.put(sizes: dilation, at: Convolution.Block.dilationY)
        block.put(UInt16(groups), at: Convolution.Block.groupCount)
        block.put(tensor: synapses.packed(weights), at: Convolution.Block.weights)
        synapses.writeMultipliers(to: &block, at: Convolution.Block.multipliers)
    }
}

extension Encoding {
    /// The encoding of weights of so many bits.
    init?(bits: Int) {
        guard let encoding = [Encoding.binary, .ternary, .int4, .int8, .int16].first(where: { $0.bits == bits }) else {
            return nil
        }
        self = encoding
    }
}

/// Weights from the least significant bit upward, padded to a whole byte.
func packedWeights(_ weights: [Int], bits: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (weights.count * bits + 7) / 8)
    for (i, weight) in weights.enumerated() {
        let pattern = bits == 1 ? (weight > 0 ? 1 : 0) : weight & (1 << bits - 1)
        for bit in 0..<bits where pattern >> bit & 1 == 1 {
            let at = i * bits + bit
            bytes[at / 8] |= 1 << UInt8(at % 8)
        }
    }
    return bytes
}
