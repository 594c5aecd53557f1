import SNNRuntime
import Testing

@testable import Compiler

/// Ops as blocks and arrays, read back by the runtime.
struct OpTests {
    /// Reads the input into 3 sums, those by an op into a slot, and shows that.
    static func program(
        _ op: any OpParameters, into kind: SNNRuntime.Slot.Kind, bits: UInt8, count: Int = 3, isPersistent: Bool = false
    ) -> Program {
        var program = ModelFileTests.program()
        let current = program.addSlot(.current, bits: 32, count: 3)
        let target = program.addSlot(kind, bits: bits, count: count, isPersistent: isPersistent)
        program.add(ProjectionOp(kind: .dense, weights: [[1, 2, 3], [4, 5, 6]]), from: 1, to: current)
        program.add(op, from: current, to: target)
        program.show(target, classes: count)
        return program
    }

    /// A field of an op's block, and the elements of the array that it refers to.
    struct Block {
        let file: FileView
        let start: UInt32

        init(_ model: Model, op: UInt32) {
            file = model.file
            start =
                file.section(.parameters).offset + 4 * file.u16(file.opRecord(op) + Record.Op.parameters)
        }

        func u8(_ field: UInt32) -> UInt8 { file.u8(start + field) }
        func i32(_ field: UInt32) -> Int32 { file.i32(start + field) }
        func halves(_ field: UInt32, _ count: UInt32) -> [Int32] {
            let array = file.section(.data).offset + file.u32(start + field)
            return (0..<count).map { file.i16(array + 2 * $0) }
        }
        func words(_ field: UInt32, _ count: UInt32) -> [Int32] {
            let array = file.section(.data).offset + file.u32(start + field)
            return (0..<count).map { file.i32(array + 4 * $0) }
        }
    }

    /// What a program's op is, once the file is read.
    static func read<Result>(_ program: Program, op: UInt32, _ look: (Op, Block) throws -> Result) throws -> Result {
        try withModel(try ModelFile(program).bytes) { try look($0.file.op(op), Block($0, op: op)) }
    }

    @Test func input() throws {
        var program = ModelFileTests.program()
        program.show(1, classes: 2)
        try OpTests.read(program, op: 0) { op, block in
            guard case .input(let input) = op.body else { throw Unexpected() }
            #expect(input.shift == 3 && block.halves(Input.Block.table, 4) == [-5, 7, 6, -8])
        }
    }

    @Test func projections() throws {
        let synapses = SynapseFields(encoding: .int4, join: .multiplier([70_000, -2, 3], shift: 9))
        var program = ModelFileTests.program()
        let current = program.addSlot(.current, bits: 32, count: 3)
        let op = program.add(
            ProjectionOp(kind: .dense, synapses: synapses, weights: [[1, -2, 3], [-4, 5, -8]]), from: 1, to: current)
        program.fire(from: current, count: 3)
        try OpTests.read(program, op: UInt32(op)) { op, block in
            guard case .projection(let projection) = op.body else { throw Unexpected() }
            #expect(projection.encoding == .int4 && projection.groupCount(op.source) == 1)
            #expect(projection.synapses.join == .multiplier && projection.synapses.joinShift == 9)
            #expect(block.words(Projection.Block.multipliers, 3) == [70_000, -2, 3])
            // Runs of two bytes: 1, −2, 3 and −4, 5, −8, four bits each.
            #expect(block.halves(Projection.Block.weights, 2) == [0x03e1, 0x085c])
        }
    }

    @Test func blocksAndLeftShifts() throws {
        var program = ModelFileTests.program()
        let current = program.addSlot(.current, bits: 32, count: 4)
        let synapses = SynapseFields(encoding: .ternary, join: .leftShift(2))
        let op = program.add(
            ProjectionOp(kind: .block, synapses: synapses, groupCount: 2, weights: [[1, -1]]), from: 1, to: current)
        program.fire(from: current, count: 4)
        try OpTests.read(program, op: UInt32(op)) { op, block in
            guard case .projection(let projection) = op.body else { throw Unexpected() }
            #expect(projection.groupCount(op.source) == 2 && projection.groupOutputCount == 2)
            #expect(projection.synapses.join == .leftShift && projection.synapses.joinShift == 2)
            #expect(block.i32(Projection.Block.multipliers) == 0)
        }
    }

    @Test func sparse() throws {
        var program = ModelFileTests.program()
        let current = program.addSlot(.current, bits: 32, count: 3)
        let runs = [[(0, 5), (2, -6)], [(1, 7)]].map { $0.map { SparseOp.Synapse(target: $0.0, weight: $0.1) } }
        let op = program.add(SparseOp(runs: runs, targetCount: 3), from: 1, to: current)
        program.fire(from: current, count: 3)
        try OpTests.read(program, op: UInt32(op)) { op, block in
            guard case .sparse(let sparse) = op.body else { throw Unexpected() }
            #expect(sparse.delayCount == 1 && sparse.synapses.encoding == .int8)
            #expect(block.words(Sparse.Block.runs, 3) == [0, 2, 3])
            #expect(block.halves(Sparse.Block.targets, 3) == [0, 2, 1])
        }
    }

    @Test func neurons() throws {
        let op = LIFOp(
            variant: .cubaLIF, reset: .zeroSameTick, firesAtThreshold: true, stateBits: 16, fractionBits: 3,
            refractoryTicks: 2, decay: .shared(32768), synapticDecay: .array([1, 2, 32768]),
            threshold: .array([10, 20, 30]), bias: .shared(-4))
        try OpTests.read(OpTests.program(op, into: .spikes, bits: 1), op: 2) { op, block in
            guard case .lif(let lif) = op.body else { throw Unexpected() }
            #expect(lif.variant == .cubaLIF && lif.reset == .zeroSameTick && lif.firesAtThreshold && !lif.isWide)
            #expect(lif.fractionBits == 3 && lif.refractoryTicks == 2 && lif.period == 3)
            #expect(block.i32(LIF.Block.decay) == 32768 && block.i32(LIF.Block.bias) == -4)
            #expect(block.halves(LIF.Block.synapticDecay, 3) == [1, 2, -32768])
            #expect(block.halves(LIF.Block.threshold, 3) == [10, 20, 30])
            #expect(block.u8(LIF.Block.arrayFlags) == 0b110 && block.i32(LIF.Block.period) == 0)
        }
    }

    @Test func periods() throws {
        let op = LIFOp(
            variant: .lif, reset: .subtractNextTick, stateBits: 32, decay: .shared(1), threshold: .shared(9),
            bias: .array([7]), period: 1)
        try OpTests.read(OpTests.program(op, into: .spikes, bits: 1), op: 2) { op, block in
            guard case .lif(let lif) = op.body else { throw Unexpected() }
            #expect(lif.period == 1 && lif.isWide && block.words(LIF.Block.bias, 1) == [7])
        }
    }

    @Test func activations() throws {
        let op = ActivationOp(
            function: .clip, shift: 11, multiplier: .array([1, -2, 3]), bias: .shared(-9), low: -100, high: 200)
        try OpTests.read(OpTests.program(op, into: .analog, bits: 16), op: 2) { op, block in
            guard case .activation(let activation) = op.body else { throw Unexpected() }
            #expect(activation.function == .clip && activation.shift == 11 && activation.period == 3)
            #expect(activation.lowerBound == -100 && activation.upperBound == 200)
            #expect(block.words(Activation.Block.multiplier, 3) == [1, -2, 3])
            #expect(block.i32(Activation.Block.bias) == -9 && block.u8(Activation.Block.arrayFlags) == 1)
        }
    }

    @Test func memories() throws {
        let op = MemoryOp(
            aShift: 14, bShift: 13, fractionBits: 2, a: [1, 2, -3, 4], b: [5, -6], bias: .array([1, 2, -3]))
        let program = OpTests.program(op, into: .analog, bits: 32, count: 6, isPersistent: true)
        try OpTests.read(program, op: 2) { op, block in
            guard case .memory(let memory) = op.body else { throw Unexpected() }
            #expect(memory.encoding == .int16 && memory.aShift == 14 && memory.bShift == 13 && memory.order == 2)
            #expect(memory.fractionBits == 2 && block.words(Memory.Block.bias, 3) == [1, 2, -3])
            #expect(block.halves(Memory.Block.stateMatrix, 4) == [1, 2, -3, 4])
            #expect(block.halves(Memory.Block.inputMatrix, 2) == [5, -6])
        }
    }

    @Test func recurrences() throws {
        // Complex rows g and d of two places, one segment.
        let op = RecurrenceOp(
            segments: 1, poleCount: 1, substeps: 2, fractionBits: 1, order: 2, isComplex: true, outputShift: 5,
            factors: [1, -2, 3, 4, 5, 6, 7, 8], limit: 1 << 20, bias: .shared(-3))
        let program = OpTests.program(op, into: .analog, bits: 32, count: 6, isPersistent: true)
        try OpTests.read(program, op: 2) { op, block in
            guard case .recurrence(let recurrence) = op.body else { throw Unexpected() }
            #expect(recurrence.order == 2 && recurrence.poleCount == 1 && recurrence.substeps == 2)
            #expect(recurrence.isComplex && recurrence.outputShift == 5 && recurrence.limit == 1 << 20)
            #expect(recurrence.fractionBits == 1 && recurrence.segmentCount == 1)
            #expect(block.words(Recurrence.Block.factors, 8) == [1, -2, 3, 4, 5, 6, 7, 8])
            #expect(block.i32(Recurrence.Block.bias) == -3)
        }
    }

    @Test func chips() throws {
        let loihi = LoihiOp(
            firesAtThreshold: true, exponent: -2, currentDecay: .shared(4096), voltageDecay: .array([1, 2, 3]),
            threshold: .shared(64), bias: .array([-5, 6, 7]))
        try OpTests.read(OpTests.program(loihi, into: .spikes, bits: 1), op: 2) { op, block in
            guard case .loihi(let loihi) = op.body else { throw Unexpected() }
            #expect(loihi.weightExponent == -2 && loihi.firesAtThreshold)
            #expect(block.u8(Loihi.Block.arrayFlags) == 0b1010 && block.i32(Loihi.Block.currentDecay) == 4096)
            #expect(block.halves(Loihi.Block.voltageDecay, 3) == [1, 2, 3])
            #expect(block.words(Loihi.Block.bias, 3) == [-5, 6, 7])
        }
        var program = ModelFileTests.program(input: 5)
        let synaptic = program.addSlot(.synaptic, bits: 16, count: 3, isPersistent: true)
        let spikes = program.addSlot(.spikes, bits: 5, count: 3)
        program.add(ProjectionOp(kind: .dense, weights: [[1, 2, 3], [4, 5, 6]]), from: 1, to: synaptic)
        let xylo = XyloOp(
            membraneDash: .shared(4), synapticDash: .array([1, 2, 3]), threshold: .array([9, 8, 7]), bias: .shared(-1))
        let number = program.add(xylo, from: synaptic, to: spikes)
        program.show(spikes, classes: 3)
        try OpTests.read(program, op: UInt32(number)) { op, block in
            guard case .xylo(let xylo) = op.body else { throw Unexpected() }
            #expect(!xylo.hasAliases && block.u8(Xylo.Block.flags) == 0b110)
            #expect(block.i32(Xylo.Block.membraneDash) == 4 && block.i32(Xylo.Block.bias) == -1)
            #expect(block.halves(Xylo.Block.synapticDash, 3) == [1, 2, 3])
            #expect(block.halves(Xylo.Block.threshold, 3) == [9, 8, 7])
        }
    }

    @Test func windows() throws {
        var program = Program(
            stream: "s", rate: (1, 1),
            channels: (0..<24).map { Program.Channel(name: "\($0)", unit: "1", scale: (1, 1)) })
        let input = program.addSlot(.analog, bits: 8, count: 24)
        program.add(InputOp(shift: 0, channels: (0..<24).map { _ in (offset: 0, multiplier: 1) }), from: 0, to: input)
        // 2 channels of 3x4: a kernel of 2x1, strides 1 and 2, one row above.
        let sums = program.addSlot(.current, bits: 32, count: 3 * 2 * 3)
        let runs = (0..<4).map { [$0, -$0, 1] }
        let convolution = program.add(
            ConvolutionOp(
                from: [2, 3, 4], targetChannels: 3, kernel: [2, 1], stride: [1, 2], padding: [1, 0, 0, 0],
                dilation: [1, 1], groups: 1, weights: runs), from: input, to: sums)
        let spikes = program.addSlot(.spikes, bits: 1, count: 18)
        program.add(
            LIFOp(variant: .lif, reset: .zeroSameTick, stateBits: 32, decay: .shared(0), threshold: .shared(1)),
            from: sums, to: spikes)
        let pooled = program.addSlot(.analog, bits: 8, count: 3 * 1 * 2)
        let pool = program.add(
            PoolOp(
                function: .sum, shift: 1, multiplier: 3, from: [3, 3, 2], kernel: [3, 1], stride: [1, 1],
                padding: [0, 0, 0, 0]), from: spikes, to: pooled)
        let delayed = program.addSlot(.analog, bits: 8, count: 6)
        let delay = program.add(DelayOp(depth: 9, ticks: .array([0, 1, 2, 3, 4, 8])), from: pooled, to: delayed)
        program.show(delayed, classes: 6)
        try OpTests.read(program, op: UInt32(convolution)) { op, block in
            guard case .convolution(let convolution) = op.body else { throw Unexpected() }
            let shape = convolution.shape(block.file.base)
            #expect((shape.height, shape.width, shape.channels) == (3, 4, 2) && convolution.outputChannels == 3)
            #expect((shape.kernelHeight, shape.kernelWidth, shape.strideY, shape.strideX) == (2, 1, 1, 2))
            #expect((shape.above, shape.below, shape.left, shape.right) == (1, 0, 0, 0))
            #expect((shape.dilationY, shape.dilationX) == (1, 1) && convolution.groupCount == 1)
        }
        try OpTests.read(program, op: UInt32(pool)) { op, block in
            guard case .pool(let pool) = op.body else { throw Unexpected() }
            let shape = pool.shape(block.file.base)
            #expect(pool.function == .sum && pool.shift == 1 && pool.multiplier == 3)
            #expect((shape.height, shape.width, shape.channels, shape.kernelHeight) == (3, 2, 3, 3))
        }
        try OpTests.read(program, op: UInt32(delay)) { op, block in
            guard case .delay(let delay) = op.body else { throw Unexpected() }
            #expect(delay.depth == 9 && delay.isPerElement)
            #expect(block.halves(Delay.Block.delay, 6) == [0, 1, 2, 3, 4, 8])
        }
    }

    @Test func readout() throws {
        var program = ModelFileTests.program()
        var parameters = ReadoutOp(integration: .lastValue, resetsNetwork: true, window: 300)
        parameters.shift = 4
        let op = program.add(parameters, from: 1, to: nil)
        program.setOutput("o", op: op, classes: ["a", "b"])
        try OpTests.read(program, op: UInt32(op)) { op, _ in
            guard case .readout(let readout) = op.body else { throw Unexpected() }
            #expect(readout.integration == .lastValue && readout.resetsNetwork && readout.shift == 4)
            #expect(readout.window == 300 && readout.hop == 300 && !readout.isEarly && op.target == nil)
        }
    }
}

extension Program {
    /// Shows a slot by a readout of 10 ticks.
    mutating func show(_ slot: Int, classes: Int, name: String = "class") {
        let readout = add(
            ReadoutOp(integration: .sum, resetsNetwork: false, window: 10), from: slot, to: nil)
        setOutput(name, op: readout, classes: (0..<classes).map { "\($0)" })
    }

    /// Neurons that read a current, and are shown.
    mutating func fire(from current: Int, count: Int) {
        let spikes = addSlot(.spikes, bits: 1, count: count)
        add(
            LIFOp(variant: .lif, reset: .zeroSameTick, stateBits: 32, decay: .shared(0), threshold: .shared(1)),
            from: current, to: spikes)
        show(spikes, classes: count)
    }
}
