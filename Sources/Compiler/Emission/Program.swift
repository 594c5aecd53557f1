import SNNRuntime

/// A program is a model file before it is bytes: a stream, slots, ops in the order in which they run, and one output.
///
/// Slots and ops go by the number that declaring them returns.
struct Program {
    struct Channel {
        let name: String
        let unit: String
        /// What one count of a raw sample is worth in the unit.
        let scale: (numerator: UInt32, denominator: UInt32)
    }

    struct Stream {
        let name: String
        /// Frames per second.
        let rate: (numerator: UInt32, denominator: UInt32)
        let channels: [Channel]
        /// The slot of its samples.
        let slot: Int
    }

    struct Slot: Equatable {
        let kind: SNNRuntime.Slot.Kind
        let bits: UInt8
        /// Elements.
        let count: Int
        /// Elements last from tick to tick.
        let isPersistent: Bool
        /// Every element before the first tick.
        var initialValue: Int16 = 0
    }

    struct Op {
        let source: Int
        /// Nil for a readout, which writes no slot.
        let target: Int?
        let parameters: any OpParameters
    }

    struct Output {
        let name: String
        /// The readout.
        let op: Int
        let classes: [String]
    }

    /// A population of the network, by its slots and its op.
    struct Population: Equatable {
        let name: String
        /// The slot that its projections add to.
        let current: Int
        /// The slot of its spikes or values.
        let output: Int
        let op: Int
    }

    let stream: Stream
    private(set) var slots: [Slot] = []
    private(set) var ops: [Op] = []
    private(set) var output: Output?
    /// Lines `key: value` for people.
    var metadata: [String] = []
    /// The populations of the network that this is a program of, in its order.
    var populations: [Population] = []
    /// Where the nodes of that network are shown.
    var nodes: [NodePlace] = []

    /// A program of one stream and the slot of its samples.
    ///
    /// - Parameter rate: frames per second.
    init(stream name: String, rate: (numerator: UInt32, denominator: UInt32), channels: [Channel]) {
        stream = Stream(name: name, rate: rate, channels: channels, slot: 0)
        slots = [Slot(kind: .samples, bits: 16, count: channels.count, isPersistent: false)]
    }
}

extension Program {
    /// Declares a slot.
    mutating func addSlot(
        _ kind: SNNRuntime.Slot.Kind, bits: UInt8, count: Int, isPersistent: Bool = false, initialValue: Int16 = 0
    ) -> Int {
        slots.append(
            Slot(kind: kind, bits: bits, count: count, isPersistent: isPersistent, initialValue: initialValue))
        return slots.count - 1
    }

    /// Declares an op, which runs behind those declared before.
    @discardableResult
    mutating func add(_ parameters: any OpParameters, from source: Int, to target: Int?) -> Int {
        ops.append(Op(source: source, target: target, parameters: parameters))
        return ops.count - 1
    }

    /// Declares the one output: a readout, by its number, with a class name for each of its scores.
    mutating func setOutput(_ name: String, op: Int, classes: [String]) {
        output = Output(name: name, op: op, classes: classes)
    }
}
