import CKernels

/// What an op is to the rest of the runtime. An op is a header that all share and a body, and its one file states the body's block,
/// fields, wiring, relations, state and costs. Adding one: its file, a case of
/// `OpKind` and of `Loop`, and its functions in Linkage.swift and CKernels/parts.c.
protocol OpBody {
    /// Refuses what docs/format.md does not allow: fields of the block, wiring, relations in the order of the fields they blame,
    /// then arrays and tensors, then their elements.
    static func check(_ record: OpRecord) throws(Refusal)
    /// State, costs, and what the proof of sums needs, of a checked op.
    static func declare(_ record: OpRecord, in declaration: inout Declaration)
    /// Reads a block whose fields are checked. Cheap, and checks nothing.
    init(_ record: OpRecord)
    /// Σ|w| into `count` of its `Declaration.rowCount` destinations, from `row` on: of projections.
    static func addMagnitudes(_ record: OpRecord, _ row: UInt32, _ count: UInt32, to sums: inout MagnitudeSums)
    /// The bound of what it adds to a current, its source's being `largest`: of pools.
    static func joinedBound(_ record: OpRecord, _ largest: UInt32) -> UInt32
    /// Runs the op once, whose header lies in the arena. Total: cannot fail, and touches only its own slots, state and counters.
    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters)
    /// Full accounting, before the tick: counts the effective operations of ops that do not know them while they run.
    func count(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters)
}

extension OpBody {
    func count(_: UnsafePointer<OpHeader>, _: Workspace, _: Counters) {}
    static func addMagnitudes(_: OpRecord, _: UInt32, _: UInt32, to _: inout MagnitudeSums) {}
    static func joinedBound(_: OpRecord, _: UInt32) -> UInt32 { 0 }
}

/// What every op has.
package struct OpHeader {
    package internal(set) var source: Slot
    /// A readout's is its source.
    package internal(set) var target: Slot
    /// Arena offset of the op's own state.
    var state: UInt32 = 0
    /// Number of the function that ticks it: `Loop`.
    var loop: UInt32 = 0
}

/// One step of the program, decoded. Holds offsets into file and arena only, no pointers, so that its size is the same on every
/// target.
package struct Step {
    var header: OpHeader
    /// Room for the body of any op.
    var body = InlineArray<5, UInt32>(repeating: 0)
}

// MARK: The functions of an op

/// The functions that tick ops, by their number in `snnrt_ticks` of CKernels/parts.h.
package enum Loop: UInt32 {
    case input = 0, projection, saturate, resetLater, resetLaterWide, resetNow, integrate, memory, memory16, readout,
        sparse,
        delay, convolution
    case pool, clip, table, loihi, xylo, recurrence
    // What counts effective operations before the tick, under full accounting.
    case countInput, countProjection, countMemory, countSparse

    package var counting: Loop? {
        switch self {
        case .input: .countInput
        case .projection, .saturate: .countProjection
        case .memory, .memory16: .countMemory
        case .sparse: .countSparse
        default: nil
        }
    }
}

/// What `snnrt_loaders` are asked of an op, and `answer`'s type.
enum LoaderQuestion: UInt32 {
    /// Refusal; written where the loader returns 1.
    case check = 0
    /// Declaration
    case declaration
    /// The body
    case body
    /// MagnitudeRequest
    case magnitudes
    /// UInt32: the largest bound of the source's elements, replaced by the joined one.
    case joinedBound
}

/// Σ|w| into `count` destinations from `row` on, added to `sums`.
struct MagnitudeRequest {
    let row: UInt32
    let count: UInt32
    var sums = MagnitudeSums()
}

extension OpBody {
    /// The body of an op's loader.
    @inline(__always)
    static func answer(
        _ question: UInt32, _ file: UnsafeRawPointer, _ offset: UInt32, _ answer: UnsafeMutableRawPointer
    )
        -> UInt32
    {
        let record = OpRecord(file: FileView(base: file), offset: offset)
        switch LoaderQuestion(rawValue: question) {
        case .check:
            do throws(Refusal) { try check(record) } catch {
                answer.assumingMemoryBound(to: Refusal.self).pointee = error
                return 1
            }
        case .declaration: declare(record, in: &answer.assumingMemoryBound(to: Declaration.self).pointee)
        case .body: answer.assumingMemoryBound(to: Self.self).pointee = Self(record)
        case .magnitudes:
            let request = answer.assumingMemoryBound(to: MagnitudeRequest.self)
            addMagnitudes(record, request.pointee.row, request.pointee.count, to: &request.pointee.sums)
        case .joinedBound:
            let bound = answer.assumingMemoryBound(to: UInt32.self)
            bound.pointee = joinedBound(record, bound.pointee)
        case nil: break
        }
        return 0
    }

    /// The body of an op's tick.
    @inline(__always)
    static func tick(
        _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
    ) {
        tick(
            step, workspace.assumingMemoryBound(to: Workspace.self).pointee,
            Counters(first: counters.assumingMemoryBound(to: UInt64.self), isFull: isFull != 0))
    }

    @inline(__always)
    static func count(_ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer) {
        let body = (step + MemoryLayout<OpHeader>.stride).assumingMemoryBound(to: Self.self)
        body.pointee.count(
            step.assumingMemoryBound(to: OpHeader.self),
            workspace.assumingMemoryBound(to: Workspace.self).pointee,
            Counters(first: counters.assumingMemoryBound(to: UInt64.self), isFull: true))
    }

    @inline(__always)
    static func tick(_ step: UnsafeRawPointer, _ workspace: Workspace, _ counters: Counters) {
        // The header, then the body, each read where it lies: through the whole record they would be read byte by byte on a
        // Cortex-M0+, whose loads are to be aligned.
        let body = (step + MemoryLayout<OpHeader>.stride).assumingMemoryBound(to: Self.self)
        body.pointee.tick(step.assumingMemoryBound(to: OpHeader.self), workspace, counters)
    }
}

extension Step {
    /// The body of the step at `step`.
    @inline(__always)
    static func body(_ step: UnsafePointer<Step>) -> UnsafeRawPointer {
        UnsafeRawPointer(step) + MemoryLayout<OpHeader>.stride
    }
    @inline(__always)
    static func body(_ step: UnsafeMutablePointer<Step>) -> UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(step) + MemoryLayout<OpHeader>.stride
    }

    /// Full accounting: counts the effective operations of a step that is about to run.
    @inline(never)
    static func count(_ step: UnsafePointer<Step>, _ workspace: Workspace, _ counters: Counters) {
        let loop = UnsafeRawPointer(step).assumingMemoryBound(to: OpHeader.self).pointee.loop
        guard let counting = Loop(rawValue: loop)?.counting else { return }
        withUnsafePointer(to: workspace) { snnrt_run_tick(counting.rawValue, step, $0, counters.first, 1) }
    }

    /// Runs the step at `step` once.
    @inline(__always)
    static func tick(_ step: UnsafePointer<Step>, _ workspace: borrowing Workspace, _ counters: Counters) {
        let loop = UnsafeRawPointer(step).assumingMemoryBound(to: OpHeader.self).pointee.loop
        if ProcessorLevel.callsTicks {
            withUnsafePointer(to: workspace) {
                snnrt_run_tick(loop, step, $0, counters.first, counters.isFull ? 1 : 0)
            }
            return
        }
        // A call takes longer than many an op: on the desk the ticks are inlined.
        switch Loop(rawValue: loop) {
        case .input: Input.tick(step, workspace, counters)
        case .projection, .saturate: Projection.tick(step, workspace, counters)
        case .resetLater, .resetLaterWide, .resetNow, .integrate: LIF.tick(step, workspace, counters)
        case .memory, .memory16: Memory.tick(step, workspace, counters)
        case .readout: Readout.tick(step, workspace, counters)
        case .sparse: Sparse.tick(step, workspace, counters)
        case .delay: Delay.tick(step, workspace, counters)
        case .convolution: Convolution.tick(step, workspace, counters)
        case .pool: Pool.tick(step, workspace, counters)
        case .clip, .table: Activation.tick(step, workspace, counters)
        case .loihi: Loihi.tick(step, workspace, counters)
        case .xylo: Xylo.tick(step, workspace, counters)
        case .recurrence: Recurrence.tick(step, workspace, counters)
        default: break
        }
    }
}
