import SNNRuntime

/// An input op takes samples into the network: y = clamp( rnd( (x − offset)·multiplier, shift ) ), channel by channel.
struct InputOp: OpParameters {
    let shift: Int
    /// What is taken from each channel's samples, and what they are multiplied by.
    let channels: [(offset: Int, multiplier: Int)]

    var kind: OpKind { .input }
    var blockByteCount: UInt32 { Input.Block.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(UInt8(shift), at: Input.Block.shift)
        block.put(tensor: channels.flatMap { [$0.offset, $0.multiplier] }.bytes(.two), at: Input.Block.table)
    }
}

/// A delay op gives on each element of some ticks ago.
struct DelayOp: OpParameters {
    /// Frames that are kept: more than the greatest delay.
    let depth: Int
    let ticks: Parameter

    var kind: OpKind { .delay }
    var blockByteCount: UInt32 { Delay.Block.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(UInt16(depth), at: Delay.Block.depth)
        block.put(ticks, at: Delay.Block.delay, elements: .two, flag: 0)
        block.putFlags(at: Delay.Block.arrayFlags)
    }
}

/// A pool op sums the windows of a source that lies channels last, y = rnd( multiplier·Σ, shift ), or takes their maxima.
struct PoolOp: OpParameters {
    let function: Pool.Function
    /// Both 0 with maxima.
    let shift: Int
    let multiplier: Int
    /// Channels, height and width of the source.
    let from: [Int]
    /// Height and width each.
    let kernel: [Int]
    let stride: [Int]
    /// Above, below, left, right.
    let padding: [Int]

    var kind: OpKind { .pool }
    var blockByteCount: UInt32 { Pool.Block.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(function.rawValue, at: Pool.Block.function)
        block.put(UInt8(shift), at: Pool.Block.shift)
        block.put(UInt16(from[1]), at: Pool.Block.height)
        block.put(UInt16(from[2]), at: Pool.Block.width)
        block.put(UInt16(from[0]), at: Pool.Block.channels)
        block.put(sizes: kernel, at: Pool.Block.kernelHeight)
        block.put(sizes: stride, at: Pool.Block.strideY)
        block.put(sizes: padding, at: Pool.Block.padding)
        block.put(Int16(multiplier), at: Pool.Block.multiplier)
    }
}

/// A readout op makes scores of a source over hops, and results of the latest of them.
struct ReadoutOp: OpParameters {
    var integration: Readout.Integration
    /// The network starts anew behind each result.
    var resetsNetwork: Bool
    var shift = 0
    /// Ticks that a result is about.
    var window: UInt32
    /// Ticks from result to result.
    var hop: UInt32
    /// What a tick leaves of a leaky sum, and a result of the one before, in Q15.
    var (decay, evidenceDecay) = (0, 0)

    init(integration: Readout.Integration, resetsNetwork: Bool, window: UInt32) {
        (self.integration, self.resetsNetwork, self.window, hop) = (integration, resetsNetwork, window, window)
    }

    var kind: OpKind { .readout }
    var blockByteCount: UInt32 { Readout.Block.byteCount }
    var formatMinor: UInt32 { integration == .maximum ? 7 : Record.Header.firstMinor }

    func write(to block: inout BlockWriter) {
        block.put(integration.rawValue, at: Readout.Block.integration)
        block.put(flag: resetsNetwork, at: Readout.Block.resetsNetwork)
        block.put(UInt8(shift), at: Readout.Block.shift)
        block.put(window, at: Readout.Block.window)
        block.put(hop, at: Readout.Block.hop)
        block.put(UInt16(decay), at: Readout.Block.decay)
        block.put(UInt16(evidenceDecay), at: Readout.Block.evidenceDecay)
    }
}
