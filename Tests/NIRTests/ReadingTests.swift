import Foundation
import TestSupport
import Testing

@testable import NIR

/// The NIR paper's files as they are.
@Suite(.enabled(if: hasShared)) struct ReadingTests {
    @Test func spikingCNN() throws {
        let path = nir("cnn_sinabs.nir")
        let graph = try Graph(path: path)
        let schedule = try Schedule(graph, file: path)
        #expect(
            schedule.order == ["input", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "output"])
        #expect(schedule.recurrent.isEmpty && schedule.unreached.isEmpty)
        #expect(schedule.shapes["0"] == [16, 16, 16])
        #expect(schedule.shapes["4"] == [16, 8, 8])
        #expect(schedule.shapes["8"] == [128])
    }

    @Test func recurrentNetwork() throws {
        let path = nir("braille_noDelay_bias_zero.nir")
        let schedule = try Schedule(try Graph(path: path), file: path)
        #expect(schedule.order == ["input", "fc1", "lif1.lif", "fc2", "lif1.w_rec", "lif2", "output"])
        #expect(schedule.recurrent == [Graph.Edge(from: "lif1.w_rec", to: "lif1.lif")])
    }
}

/// The networks beside the tests, and what is refused.
@Suite struct FixtureTests {
    @Test func everyPrimitiveWithoutSpace() throws {
        let path = fixture("every")
        let schedule = try Schedule(try Graph(path: path), file: path)
        #expect(
            schedule.order == [
                "input", "scale", "fc", "lif", "delay", "linear", "cuba", "step", "mix", "if", "flat", "out", "li",
                "output",
            ])
        #expect(schedule.shapes["li"] == [4])
    }

    @Test func graphsWithinGraphsAreOpened() throws {
        let path = fixture("nested")
        let graph = try Graph(path: path)
        let schedule = try Schedule(graph, file: path)
        #expect(schedule.order == ["input", "fc", "hidden/lif", "hidden/back", "out", "last", "output"])
        #expect(schedule.recurrent == [Graph.Edge(from: "hidden/back", to: "hidden/lif")])
    }

    @Test func shapesOfASpikingCNN() throws {
        let path = fixture("cnn")
        let schedule = try Schedule(try Graph(path: path), file: path)
        #expect(schedule.shapes["0"] == [6, 5, 8])
        #expect(schedule.shapes["2"] == [6, 2, 4])
        #expect(schedule.shapes["3"] == [4, 2, 4])
        #expect(schedule.shapes["6"] == [8])
    }

    @Test func timeStepByTauOverR() throws {
        #expect(try Graph(path: fixture("every")).timeStep(in: Dialect.named("snntorch")!) == nil)
    }

    @Test func whatCannotBeReadHasItsPlace() throws {
        #expect(throws: NIRError("/nowhere.nir", nil, "no such file")) { try Graph(path: "/nowhere.nir") }
        let source = URL(fileURLWithPath: #filePath).path
        #expect {
            try Graph(path: source)
        } throws: {
            ($0 as? NIRError)?.message == "cannot be opened as HDF5"
        }
        let path = fixture("unknown")
        #expect {
            try Schedule(try Graph(path: path), file: path)
        } throws: {
            "\($0)".contains("odd: is of type \"Oscillator\", which is not known")
        }
    }
}
