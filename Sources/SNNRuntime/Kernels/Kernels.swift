/// The tick's inner loops, in the runtime's words. Ops call `Kernels` and ask for no processor; behind this face lie the portable
/// loops (`Portable…`, the readable reference), those of x86-64 (`X86.swift`) and those of processors of 32 bits (`Embedded.swift`,
/// with `CortexM.swift` where there is the DSP extension), which must equal them in every bit. A kernel takes the whole population or none: tails are its own affair.
///
/// Sums do not wrap but on the way: proved at opening (docs/format.md, "The proof of sums").
protocol KernelSet {
    /// Rows are added by functions that a program links one by one (CKernels/parts.h).
    static var linksRows: Bool { get }

    /// sums[g·r + i] += Σ_j w[i][j]·x[g·k + j]. Returns the number of events.
    static func addRows(_ p: ProjectionOperands, to sums: UnsafeMutablePointer<Int32>, _ level: ProcessorLevel)
        -> UInt32
    /// addRows, and the sums join their current. Returns the number of events.
    static func project(_ p: ProjectionOperands, _ level: ProcessorLevel) -> UInt32
    /// y[i] = sat16( y[i] + x[j]·w[i][j]·2^shift ), event after event in ascending order. Returns the number of events.
    static func addSaturating(
        _ p: ProjectionOperands, to currents: UnsafeMutablePointer<Int16>, limit: Int32, _ level: ProcessorLevel
    ) -> UInt32
    /// sums[i] += w[i]·value, of one run of `count` weights.
    static func addRun(
        _ encoding: Encoding, _ run: UnsafeRawPointer, times value: Int32, to sums: UnsafeMutablePointer<Int32>,
        count: Int,
        _ level: ProcessorLevel)
    /// sums[target(s)] += w(s)·x[j] over the synapses s of every run j. Returns the number of synapses that had an event.
    static func addSynapses(_ s: SparseOperands, to sums: UnsafeMutablePointer<Int32>) -> UInt32
    /// current[i] += join( sums[i] ), i < count; destination i has multiplier i mod period.
    static func join(
        _ sums: UnsafePointer<Int32>, into current: UnsafeMutablePointer<Int32>, _ join: JoinOperands, count: UInt32,
        period: UInt32, _ level: ProcessorLevel)

    /// lif with a reset in the next tick, with one in the same tick, and without spikes.
    static func fireAndResetLater(_ p: Population, _ level: ProcessorLevel) -> NeuronCounts
    /// The first where the width of the states is known.
    static func fireAndResetLater(_ p: Population, _ level: ProcessorLevel, isWide: Bool) -> NeuronCounts
    static func fireAndReset(_ p: Population, _ level: ProcessorLevel) -> NeuronCounts
    static func integrate(_ p: Population, _ level: ProcessorLevel) -> NeuronCounts
    /// xylo's neurons without aliases.
    static func fireXylo(_ p: XyloPopulation, _ level: ProcessorLevel) -> NeuronCounts
    /// activation. Returns how many outputs are not 0.
    static func activate(_ a: ActivationOperands, _ level: ProcessorLevel) -> UInt32

    /// memory: all units. Returns the number of events.
    static func advance(_ m: MemoryOperands, _ level: ProcessorLevel) -> UInt32
    /// The same where matrices and states have 16 bits, and where not both do.
    static func advance16(_ m: MemoryOperands, _ level: ProcessorLevel) -> UInt32
    static func advanceAny(_ m: MemoryOperands, _ level: ProcessorLevel) -> UInt32
    /// One of its units, whose state before the tick is m.before.
    static func advance<State: StateWidth>(_ m: MemoryOperands, _ state: UnsafeMutablePointer<State>, _ drive: Int32)
    /// recurrence: one unit, not at rest, whose m is `state`.
    static func advance(
        _ r: RecurrenceOperands, _ state: UnsafeMutablePointer<Int32>, drive: Int32, _ level: ProcessorLevel)

    /// The inverted CRC-32C `crc` after `byteCount` bytes more.
    static func crc32c(_ start: UnsafeRawPointer, _ byteCount: Int, _ crc: UInt32, _ level: ProcessorLevel) -> UInt32
    /// words[i] = 0, i < count.
    static func clear(_ words: UnsafeMutablePointer<UInt32>, _ count: Int)
}

/// The loops of this processor. What it has none of its own for is the portable loop.
enum Kernels: KernelSet {}
/// The reference.
enum Portable: KernelSet {}

/// What a kernel found: neurons that fired (without spikes: that are not 0), and membranes that changed.
struct NeuronCounts {
    var events: UInt32 = 0
    var changes: UInt32 = 0
}

/// The elements of a slot, or of a frame kept of it, as a projection reads them.
struct SourceElements {
    enum Storage { case bitmap, narrow, wide }

    let start: UnsafeRawPointer
    let storage: Storage
    let count: UInt32
    /// Elements of 32 bits are narrowed by it: clamp( rnd( v, shift ), 32767 ).
    let shift: UInt8

    @inline(__always) var isBitmap: Bool { storage == .bitmap }
    @inline(__always) var words: UnsafePointer<UInt32> { start.assumingMemoryBound(to: UInt32.self) }
    @inline(__always) var values: UnsafePointer<Int16> { start.assumingMemoryBound(to: Int16.self) }
    @inline(__always) var wideValues: UnsafePointer<Int32> { start.assumingMemoryBound(to: Int32.self) }
    /// Spikes in a slot, which says their number before its words.
    @inline(__always) var spikeCount: UInt32 { (start - 4).load(as: UInt32.self) }

    @inline(__always)
    func narrowed(_ element: Int) -> Int32 {
        clamp(roundShift(wideValues[element], Int32(truncatingIfNeeded: shift)), 32767)
    }

    /// Calls `body(element, value)` for every element that is not zero, in ascending order. Returns their number.
    @inline(__always)
    func forEachEvent(_ body: (Int, Int32) -> Void) -> UInt32 {
        var events: UInt32 = 0
        if isBitmap {
            let words = words
            for number in 0..<index(spikeWordCount(count)) {
                var word = words[number]
                while word != 0 {
                    events &+= 1
                    body(number &* 32 &+ word.trailingZeroBitCount, 1)
                    word &= word &- 1
                }
            }
            return events
        }
        for element in 0..<index(count) {
            let value = storage == .wide ? narrowed(element) : Int32(truncatingIfNeeded: values[element])
            if value == 0 { continue }
            events &+= 1
            body(element, value)
        }
        return events
    }

    /// The same as a call, for what is not on the tick's hot path.
    @inline(never)
    func forEachEventCalled(_ body: (Int, Int32) -> Void) { _ = forEachEvent(body) }
}

/// How sums join their current: added, shifted, or times a multiplier each and shifted.
struct JoinOperands {
    let join: Join
    let shift: UInt8
    let multipliers: UnsafePointer<Int32>
}

/// One matrix of k runs of r weights that serves groups of k source elements.
struct ProjectionOperands {
    let source: SourceElements
    let encoding: Encoding
    let runs: UnsafeRawPointer
    /// k.
    let inputCount: UInt32
    /// r.
    let runLength: UInt32
    let join: JoinOperands
    let current: UnsafeMutablePointer<Int32>
    /// An accumulator for every destination, where the join is not add.
    let sums: UnsafeMutablePointer<Int32>
    /// Destinations of all groups.
    let targetCount: UInt32

    @inline(__always) var stride: UInt32 { encoding.runByteCount(runLength) }
    @inline(__always) var hasOneGroup: Bool { inputCount == source.count }

    /// Calls `body(run, group, value)` for every source element that is not zero, in ascending order.
    @inline(__always)
    func forEachEvent(_ body: (Int, Int, Int32) -> Void) -> UInt32 {
        let inputs = index(inputCount)
        var (group, firstOfGroup) = (0, 0)
        return source.forEachEvent { element, value in
            while element &- firstOfGroup >= inputs {
                group &+= 1
                firstOfGroup &+= inputs
            }
            body(element &- firstOfGroup, group, value)
        }
    }
}

/// The synapses of a sparse op with one delay: those from source element j are runs[j·stride] up to, not including, the next value.
struct SparseOperands {
    let source: SourceElements
    let encoding: Encoding
    let weights: UnsafeRawPointer
    let targets: UnsafeRawPointer
    /// Targets of 32 bits, else of 16.
    let hasWideTargets: Bool
    let runs: UnsafePointer<UInt32>
    let stride: UInt32
}

/// A population of lif. A parameter is an array of `period` elements, or one for all where its bit in `arrays` is clear: 1 β, 2 α,
/// 4 θ, 8 b, 16 ρ, 32 κ. State variables and θ, κ have 16 or 32 bits; those that the model lacks are not read.
struct Population {
    /// U.
    let membranes: UnsafeMutableRawPointer
    /// Y, of CuBa models.
    let synapticCurrents: UnsafeMutableRawPointer
    /// A, of adaptive ones.
    let adaptations: UnsafeMutableRawPointer
    /// C, of those with refractory ticks.
    let countdowns: UnsafeMutableRawPointer
    let input: UnsafePointer<Int32>
    let betas: UnsafePointer<UInt16>
    let alphas: UnsafePointer<UInt16>
    let thetas: UnsafeRawPointer
    let biases: UnsafePointer<Int32>
    let rhos: UnsafePointer<UInt16>
    let kappas: UnsafeRawPointer
    /// Behind the spikes' number, which is not the kernel's to write.
    let spikes: SpikeWriter
    let count: UInt32
    let period: UInt32
    let refractoryTicks: UInt16
    let arrays: UInt8
    let fractionBits: UInt8
    /// Of the output.
    let spikeBits: UInt8
    let isWide: Bool
    let isCuBa: Bool
    let isAdaptive: Bool
    let firesAtThreshold: Bool
    let subtracts: Bool
    let countsChanges: Bool
}

/// A parameter in the file: one element per neuron, or one for all (step 0).
struct Row<Element> {
    private let first: UnsafePointer<Element>
    private let step: Int

    @inline(__always)
    init(_ first: UnsafePointer<Element>, isArray: Bool) { (self.first, step) = (first, isArray ? 1 : 0) }
    @inline(__always)
    init(raw first: UnsafeRawPointer, isArray: Bool) {
        self.init(first.assumingMemoryBound(to: Element.self), isArray: isArray)
    }
    @inline(__always)
    subscript(i: Int) -> Element { first[i &* step] }
}

/// Neurons of xylo. Bits of `arrays`: 1 membrane dash, 2 synaptic dash, 4 θ, 8 b.
struct XyloPopulation {
    let membranes: UnsafeMutablePointer<Int16>
    /// `currentCount` rows of `count`.
    let currents: UnsafeMutablePointer<Int16>
    let membraneDashes: UnsafePointer<UInt16>
    let synapticDashes: UnsafePointer<UInt16>
    let thresholds: UnsafePointer<Int16>
    let biases: UnsafePointer<Int32>
    let spikes: SpikeWriter
    let count: UInt32
    let currentCount: UInt8
    let arrays: UInt8
    let spikeBits: UInt8
    /// Spikes of a tick at most.
    let limit: Int32
}

package enum ActivationFunction: UInt8 { case clip = 1, tanh, sigmoid }

struct ActivationOperands {
    let input: UnsafePointer<Int32>
    let outputs: UnsafeMutablePointer<Int16>
    let multipliers: UnsafePointer<Int32>
    let biases: UnsafePointer<Int32>
    let count: UInt32
    let period: UInt32
    let function: ActivationFunction
    /// Bit 0 multipliers, bit 1 biases.
    let arrays: UInt8
    let shift: UInt8
    /// Of the output slot.
    let bits: UInt8
    let limit: Int32
    let lowerBound: Int32
    let upperBound: Int32
}

/// Units of a memory, each of `order` elements in `states`.
struct MemoryOperands {
    let encoding: Encoding
    /// A, order × order, row-major.
    let stateMatrix: UnsafeRawPointer
    /// B, order.
    let inputMatrix: UnsafeRawPointer
    let input: UnsafePointer<Int32>
    let biases: UnsafePointer<Int32>
    let states: UnsafeMutableRawPointer
    /// Room for one unit's state before the tick.
    let before: UnsafeMutablePointer<Int32>
    let unitCount: UInt32
    let order: UInt32
    let aShift: UInt8
    let bShift: UInt8
    let fractionBits: UInt8
    let hasBiasPerUnit: Bool
    let isWide: Bool
}

/// Factors that the units of a recurrence share, and room for one unit's tick.
struct RecurrenceOperands {
    let factors: UnsafePointer<Int32>
    let room: UnsafeMutablePointer<Int32>
    let shape: Pole.Shape
    let order: UInt32
    let limit: Int32
    let poleCount: UInt8
    let substeps: UInt8
    let outputShift: UInt8
}
