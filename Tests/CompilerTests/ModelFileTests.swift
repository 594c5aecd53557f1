import SNNRuntime
import Testing

@testable import Compiler

/// Programs as bytes, read back by the runtime.
struct ModelFileTests {
    /// A program of two channels whose input op fills slot 1.
    static func program(input bits: UInt8 = 8) -> Program {
        var program = Program(
            stream: "watch", rate: (50, 3),
            channels: [
                Program.Channel(name: "x", unit: "g", scale: (1, 1000)),
                Program.Channel(name: "y", unit: "g", scale: (2, 5)),
            ])
        let input = program.addSlot(.analog, bits: bits, count: 2)
        program.add(
            InputOp(shift: 3, channels: [(offset: -5, multiplier: 7), (offset: 6, multiplier: -8)]), from: 0, to: input)
        return program
    }

    @Test func namesAndRates() throws {
        var program = ModelFileTests.program()
        program.show(1, classes: 2, name: "gesture")
        program.metadata = ["a: 1", "b: 2"]
        try withModel(try ModelFile(program).bytes) { model in
            #expect(String(cString: model.streamName) == "watch" && model.channelCount == 2)
            #expect(model.rateNumerator == 50 && model.rateDenominator == 3)
            #expect(String(cString: model.channel(1).name) == "y" && String(cString: model.channel(0).unit) == "g")
            #expect(model.channel(1).scaleNumerator == 2 && model.channel(1).scaleDenominator == 5)
            #expect(String(cString: model.outputName) == "gesture" && model.classCount == 2)
            #expect(String(cString: model.className(1)) == "1")
            #expect(String(decoding: model.metadata, as: UTF8.self) == "a: 1\nb: 2\n")
            #expect(model.slotCount == 2 && model.opCount == 2 && model.readoutIndex == 1)
        }
    }

    @Test func slots() throws {
        let program = OpTests.program(
            LIFOp(variant: .li, stateBits: 32, decay: .shared(5)), into: .analog, bits: 32, isPersistent: true)
        try withModel(try ModelFile(program).bytes) { model in
            let slots = (0..<4).map { model.file.slot($0) }
            #expect(slots.map(\.kind) == [.samples, .analog, .current, .analog])
            #expect(slots.map(\.bits) == [16, 8, 32, 32] && slots.map(\.count) == [2, 2, 3, 3])
            #expect(slots.map(\.isPersistent) == [false, false, false, true])
        }
    }

    @Test func namesThatDoNotFitAreRefused() {
        for name in ["line\nfeed", String(repeating: "x", count: 65535)] {
            var program = ModelFileTests.program()
            program.show(1, classes: 1, name: name)
            #expect { try ModelFile(program) } throws: { "\($0)".contains("does not fit the file") }
        }
    }

    /// Weights from the least significant bit upward.
    @Test func packing() {
        #expect(packedWeights([1, -1, 1, 1, -1], bits: 1) == [0b01101])
        #expect(packedWeights([1, -1, 0, 1, -1], bits: 2) == [0b0100_1101, 0b11])
        #expect(packedWeights([-1, 2], bits: 8) == [255, 2] && packedWeights([-2], bits: 16) == [254, 255])
        #expect([1, 2, 4, 8, 16].map { Encoding(bits: $0) } == [.binary, .ternary, .int4, .int8, .int16])
        #expect(Encoding(bits: 3) == nil)
    }
}
