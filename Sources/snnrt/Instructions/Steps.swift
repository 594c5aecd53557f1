import Glibc
import SNNRuntime

/// A kind of step in an op's loop, which takes so many instructions on a core, and how often a tick does it.
struct LoopStep: Encodable {
    /// What a count of steps goes with.
    enum Pace: String, Encodable {
        /// Every tick.
        case tick
        /// Every event of the op, up to `most` of them.
        case event
        /// Every hop's end.
        case hop
    }

    let name: String
    let count: Double
    var pace = Pace.tick
    /// Nil: of all.
    var most: Double?

    /// How often a tick does it on average, `hops` of which end a hop. The events of a tick vary as if each came by itself, so
    /// that some ticks have none, and some of `most` groups.
    func averageCount(events: Double, hops: Double) -> Double {
        switch pace {
        case .tick: count
        case .event: count * (most.map { $0 * (1 - exp(-events / $0)) } ?? events)
        case .hop: count * hops
        }
    }

    /// The same of a tick with so many events that ends a hop.
    func greatestCount(events: Double) -> Double {
        pace == .event ? count * min(events, most ?? events) : count
    }
}

/// The steps of one op: what its instructions are counted by (docs/firmware.md, "How long a tick takes at worst").
struct OpSteps: Encodable {
    /// The loop that it runs: its coefficients are those of the table's loop of this name.
    let loop: String
    private(set) var steps: [LoopStep] = []
    /// Events of a tick at most.
    let mostEvents: Double

    init(_ loop: [String], mostEvents: some BinaryInteger) {
        self.loop = loop.filter { !$0.isEmpty }.joined(separator: " ")
        self.mostEvents = Double(mostEvents)
        tick("call", 1)
    }

    mutating func tick(_ name: String, _ count: some BinaryInteger) {
        steps.append(LoopStep(name: name, count: Double(count)))
    }
    mutating func hop(_ name: String, _ count: some BinaryInteger) {
        steps.append(LoopStep(name: name, count: Double(count), pace: .hop))
    }
    /// `count` steps for each of the first `most` events.
    mutating func event(_ name: String, _ count: Double, most: some BinaryInteger) {
        steps.append(LoopStep(name: name, count: count, pace: .event, most: Double(most)))
    }
    mutating func event(_ name: String, _ count: Double) {
        steps.append(LoopStep(name: name, count: count, pace: .event))
    }

    /// By step name, how often it is done in an average tick, and at worst.
    func averageCounts(events: Double, hops: Double) -> [String: Double] {
        steps.reduce(into: [:]) { $0[$1.name, default: 0] += $1.averageCount(events: events, hops: hops) }
    }
    var greatestCounts: [String: Double] {
        steps.reduce(into: [:]) { $0[$1.name, default: 0] += $1.greatestCount(events: mostEvents) }
    }
}

extension OpSteps {
    /// Rows of weights added, `count` each. Processors add them in blocks of columns, the last of which may be a part.
    mutating func row(_ count: UInt32) {
        event("event", 1)
        event("weight", Double(count))
        for block in [2, 4, 8, 16, 32] as [UInt32] where count % block != 0 {
            event("weight beyond \(block)", Double(count % block))
        }
        for block in [4, 8, 16] as [UInt32] { event("block of \(block)", Double((count + block - 1) / block)) }
    }

    /// What is done once for the listed events of a group.
    mutating func list(_ count: UInt32, groups: UInt32) {
        event("list", 1, most: groups)
        event("column", Double(count), most: groups)
        for block in [4, 8, 16] as [UInt32] {
            event("column in blocks of \(block)", Double((count + block - 1) / block), most: groups)
            if count % block != 0 {
                event("part of \(block)", 1, most: groups)
                event("column beyond \(block)", Double(count % block), most: groups)
            }
        }
    }

    /// Elements that are looked at: spikes 32 at a time.
    mutating func scan(_ slot: Slot, times: UInt32 = 1) {
        tick("look", times * (slot.isOneBit ? (slot.count + 31) / 32 : slot.count))
    }

    /// Sums cleared before, and joined behind, into `count` destinations.
    mutating func join(_ synapses: Synapses, _ source: Slot, count: UInt32, groups: UInt32 = 1) {
        if synapses.join == .add { return }
        if source.isOneBit {
            event("clear", Double(count), most: 1)
        } else {
            tick("clear", count)
        }
        event("join \(synapses.join)", Double(count) / Double(groups), most: groups)
    }
}

extension Slot {
    var isOneBit: Bool { kind == .spikes && bits == 1 }
    /// How its elements are stored.
    var storage: String {
        isOneBit
            ? "spikes" : bits == 32 ? "32-bit values" : bits > 8 && kind != .spikes ? "16-bit values" : "8-bit values"
    }
}
