import SNNRuntime
import Testing

@testable import Compiler

/// What a reader would refuse is said of the population at fault.
struct ModelCheckTests {
    /// Two populations, the second of which adds up `count` products of a value of 16 bits and the weight 32,767.
    static func program(_ count: Int) -> Program {
        var program = Program(
            stream: "s", rate: (1, 1), channels: [Program.Channel(name: "x", unit: "1", scale: (1, 1))])
        let input = program.addSlot(.analog, bits: 16, count: 1)
        program.add(
            InputOp(shift: 0, channels: [(offset: 0, multiplier: 1)]), from: program.stream.slot, to: input)
        for (name, copies) in [("small", 1), ("large", count)] {
            let sums = program.addSlot(.current, bits: 32, count: 2)
            let spikes = program.addSlot(.spikes, bits: 1, count: 2)
            for _ in 0..<copies {
                program.add(
                    ProjectionOp(
                        kind: .dense, synapses: SynapseFields(encoding: .int16),
                        weights: [[name == "small" ? 1 : 32767, 1]]),
                    from: input, to: sums)
            }
            let lif = LIFOp(
                variant: .lif, reset: .zeroSameTick, stateBits: 32, decay: .shared(0), threshold: .shared(9))
            let op = program.add(lif, from: sums, to: spikes)
            program.populations.append(Program.Population(name: name, current: sums, output: spikes, op: op))
        }
        let readout = program.add(
            ReadoutOp(integration: .sum, resetsNetwork: true, window: 9), from: 5, to: nil)
        program.setOutput("n", op: readout, classes: ["a", "b"])
        return program
    }

    @Test func sumsThatMayOverflowAreThoseOfALayer() throws {
        let sound = ModelCheckTests.program(1)
        try ModelFile(sound).check(sound)
        let program = ModelCheckTests.program(3)
        let file = try ModelFile(program)
        do {
            try file.check(program)
            Issue.record("accepted")
        } catch {
            #expect(error.node == "large")
            #expect(error.description.hasPrefix("large: its sums may overflow 32 bits"))
        }
    }
}
