import Testing

@testable import Compiler
@testable import NIR

/// All plans of a network, without compiling any.
struct PlanSpaceTests {
    /// input:hidden has no zeros, hidden:hidden is a diagonal, hidden:last has zeros.
    static func space(
        _ goal: PlanGoal, hasFixedInput: Bool = true, _ change: (inout CompileOptions) -> Void = { _ in }
    ) throws -> PlanSpace {
        var graph = chain([
            ("input", .input(shape: [2])), ("in", .affine(weight: matrix([[1, 2], [3, 4]]), bias: nil)),
            ("hidden", .neuron(neurons(.lif, 2))), ("out", .affine(weight: matrix([[1, 0]]), bias: nil)),
            ("last", .neuron(neurons(.lif, 1))), ("output", .output(shape: [1])),
        ])
        graph.nodes["back"] = .scale(each(2, 2))
        graph.edges += [Graph.Edge(from: "hidden", to: "back"), Graph.Edge(from: "back", to: "hidden")]
        var options = smallOptions
        options.state.common = .automatic
        change(&options)
        return PlanSpace(try lowered(graph), options, goal, hasFixedInput: hasFixedInput)
    }

    static let bits = PlanGoal(nsAce: 1000, modelBytes: nil, arenaBytes: nil)
    static let bytes = PlanGoal(nsAce: nil, modelBytes: 1000, arenaBytes: nil)

    @Test func layersAndTheirWidths() throws {
        let space = try PlanSpaceTests.space(PlanSpaceTests.bits)
        #expect(space.layers == ["input:hidden", "hidden:hidden", "hidden:last"])
        #expect(space.widths == [[1, 2, 4, 8, 16], [1, 2, 4, 8, 16], [2, 4, 8, 16]])
        // Lists save bits, not bytes; a diagonal is one already.
        #expect(space.listable == [0, 2])
        #expect(space.states == [[.automatic], [.automatic]])
        let bytes = try PlanSpaceTests.space(PlanSpaceTests.bytes)
        #expect(bytes.listable.isEmpty && bytes.states == [[.narrow, .wide], [.narrow, .wide]])
    }

    @Test func whatTheUserFixedStays() throws {
        let space = try PlanSpaceTests.space(PlanSpaceTests.bytes) {
            $0.weights.exceptions = ["hidden": 4, "hidden:hidden": 16]
            $0.state.exceptions = ["last": .wide]
        }
        #expect(space.widths == [[4], [16], [2, 4, 8, 16]])
        #expect(space.states == [[.narrow, .wide], [.wide]])
    }

    @Test func plansAndTheirChanges() throws {
        let space = try PlanSpaceTests.space(PlanSpaceTests.bytes)
        #expect(space.uniformPlans.count == 10)
        #expect(space.uniformPlans[4].widths == [1, 1, 2] && space.uniformPlans[4].states == [.wide, .wide])
        let input = InputWidth(bits: Int(smallOptions.inputBits))
        #expect(space.floor == Plan(input: input, widths: [1, 1, 2], states: [.narrow, .narrow]))
        let changes = space.changes(of: space.floor)
        #expect(changes.count == 4 + 4 + 3 + 2 && changes.contains(.width(2, 16)) && changes.contains(.state(1, .wide)))
        #expect(Change.width(0, 8).applied(to: space.floor).widths == [8, 1, 2])
        #expect(Change.list(2).applied(to: Change.list(0).applied(to: space.floor)).listed == [0, 2])
        var plan = space.floor
        plan.listed = [0]
        let options = space.options(of: plan, smallOptions, Recording(channelCount: 2))
        #expect(options.weights.exceptions["hidden:last"] == 2 && options.sparse == ["input:hidden"])
        #expect(options.state.exceptions == ["hidden": .narrow, "last": .narrow])
    }

    @Test func inputBitsAreFreeUnlessFixed() throws {
        let wide = try PlanSpaceTests.space(PlanSpaceTests.bits, hasFixedInput: false) { $0.inputBits = 11 }
        let widest = InputWidth(bits: 11)
        #expect(
            Set(wide.inputs.map(\.bits)) == [2, 3, 4, 5, 6, 7, 8, 10, 11] && wide.floor.input == InputWidth(bits: 2))
        #expect(wide.inputs.filter { $0.bits >= 8 && !$0.isShared }.map(\.clipped) == [0, 1, 2, 3, 0, 1, 0])
        #expect(wide.uniformPlans.allSatisfy { $0.input == widest })
        let fixed = try PlanSpaceTests.space(PlanSpaceTests.bits) { $0.inputBits = 11 }
        #expect(fixed.inputs == [widest] && !fixed.changes(of: fixed.floor).contains(.input(widest)))
        var recording = Recording(channelCount: 2)
        recording.windows = [.init(samples: [600, -20], label: nil)]
        var plan = wide.floor
        plan.input = InputWidth(bits: 6, clipped: 2)
        #expect(wide.options(of: plan, smallOptions, recording).inputShifts == [3, 0])
        plan.input = InputWidth(bits: 6, clipped: 2, isShared: true)
        #expect(wide.options(of: plan, smallOptions, recording).inputShifts == [3, 3])
        plan.input = InputWidth(bits: 6)
        var options = wide.options(of: plan, smallOptions, recording)
        #expect(options.inputBits == 6 && options.inputShifts == [5, 0])
        plan.input = widest
        options = wide.options(of: plan, smallOptions, recording)
        #expect(options.inputBits == 11 && options.inputShifts.isEmpty)
    }

    @Test func stepsBetweenPlans() {
        let from = Plan(input: InputWidth(bits: 8), widths: [4, 8], states: [.wide])
        let to = Plan(input: InputWidth(bits: 5), widths: [4, 2], states: [.narrow], listed: [1])
        let steps = to.steps(from: from)
        #expect(steps.map(\.new) == [.input(InputWidth(bits: 5)), .width(1, 2), .state(0, .narrow)])
        #expect(steps.map(\.old) == [.input(InputWidth(bits: 8)), .width(1, 8), .state(0, .wide)])
        #expect(from.ownChanges == [.input(InputWidth(bits: 8)), .width(0, 4), .width(1, 8), .state(0, .wide)])
    }
}
