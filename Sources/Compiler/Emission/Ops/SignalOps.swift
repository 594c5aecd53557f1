import SNNRuntime

/// An input op takes samples into the network: y = clamp( rnd( (x − offset)·multiplier, shift ) ), channel by channel.
struct InputOp: OpParameters {
    let shift: Int
    /// Per channel.
    let channels: [(offset: Int, multiplier: Int)]

    var kind: OpKind { .input }
    var blockByteCount: UInt32 { Offsets.Input.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(UInt8(shift), at: Offsets.Input.shift)
        block.put(tensor: channels.flatMap { [$0.offset, $0.multiplier] }.bytes(.two), at: Offsets.Input.table)
    }
}

/// A delay op gives on each element of some ticks ago.
struct DelayOp: OpParameters {
    /// Frames that are kept: more than the greatest delay.
    let depth: Int
    let ticks: Parameter

    var kind: OpKind { .delay }
    var blockByteCount: UInt32 { Offsets.Delay.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(UInt16(depth), at: Offsets.Delay.depth)
        block.put(ticks, at: Offsets.Delay.ticks, elements: .two, flag: 0)
        block.put(block.arrayFlags, at: Offsets.Delay.arrayFlags)
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
    var blockByteCount: UInt32 { Offsets.Pool.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(function.rawValue, at: Offsets.Pool.function)
        block.put(UInt8(shift), at: Offsets.Pool.shift)
        block.put(UInt16(from[0]), at: Offsets.Pool.channels)
        block.put(UInt16(from[1]), at: Offsets.Pool.height)
        block.put(UInt16(from[2]), at: Offsets.Pool.width)
        block.put(sizes: kernel, at: Offsets.Pool.kernel)
        block.put(sizes: stride, at: Offsets.Pool.stride)
        block.put(sizes: padding, at: Offsets.Pool.padding)
        block.put(Int16(multiplier), at: Offsets.Pool.multiplier)
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
    var blockByteCount: UInt32 { Offsets.Readout.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(integration.rawValue, at: Offsets.Readout.integration)
        block.put(flag: resetsNetwork, at: Offsets.Readout.resetsNetwork)
        block.put(UInt8(shift), at: Offsets.Readout.shift)
        block.put(window, at: Offsets.Readout.window)
        block.put(window, at: Offsets.Readout.hop)
    }
}
