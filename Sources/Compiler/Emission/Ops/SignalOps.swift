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

/// A readout op adds up a source over windows, or shows its last value, and gives the results.
struct ReadoutOp: OpParameters {
    let integration: Readout.Integration
    /// The network starts anew behind each result.
    let resetsNetwork: Bool
    let shift: Int
    /// Ticks from result to result.
    let window: UInt32

    var kind: OpKind { .readout }
    var blockByteCount: UInt32 { Readout.Block.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(integration.rawValue, at: Readout.Block.integration)
        block.put(flag: resetsNetwork, at: Readout.Block.resetsNetwork)
        block.put(UInt8(shift), at: Readout.Block.shift)
        block.put(window, at: Readout.Block.window)
        block.put(window, at: Readout.Block.hop)
    }
}
