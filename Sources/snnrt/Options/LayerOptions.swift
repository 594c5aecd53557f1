import ArgumentParser
import Compiler
import NIR

/// The widths and grids of a network's integers, layer by layer.
struct LayerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Bits of a weight: 16, 8, 4, 2 (ternary) or 1; of all, or LAYER=BITS. A layer is a population (lif1: all that enters it) or a matrix (input:lif1). Repeatable. Default: 8.",
            valueName: "bits"))
    var weights: [String] = []
    @Option(
        help: ArgumentHelp(
            "One grid per row (neuron, channel) or per tensor; of all, or POPULATION=row. Repeatable. Default: row.",
            valueName: "row|tensor"))
    var grid: [String] = []
    @Option(
        help: ArgumentHelp(
            "Bits of membranes: 16, 32 or auto (16 where the calibration log leaves 4 fraction bits); of all, or POPULATION=BITS. Repeatable. Default: 32, auto with --calibrate.",
            valueName: "bits"))
    var state: [String] = []
    @Option(
        help: ArgumentHelp(
            "Bits of a population below its grid's step: POPULATION=BITS. Repeatable. Default: what fits.",
            valueName: "population=bits"))
    var fractionBits: [String] = []
    @Option(
        help: ArgumentHelp(
            "Stores a matrix (input:lif1) as a list of its synapses, where weights of 0 cost no NS-ACE, even if that takes more bytes. Repeatable.",
            valueName: "matrix"))
    var sparse: [String] = []

    @Option(
        help: ArgumentHelp(
            "How a snnrt.Memory is computed: by its matrices, or by a recurrence in products that grow with the order instead of its square, where its theta is given and that comes within 1 % of A and B; of all, or POPULATION=recurrence. Repeatable. Default: matrices.",
            valueName: "matrices|recurrence"))
    var memory: [String] = []
    @Option(
        help: ArgumentHelp(
            "Of recurrences, 1 to 16: into how many segments a unit is cut. 16 is fast on processors with AVX2 and takes more products elsewhere; another number gives other last bits.",
            valueName: "count"))
    var segments = 1

    var areDefault: Bool {
        weights.isEmpty && grid.isEmpty && state.isEmpty && fractionBits.isEmpty && sparse.isEmpty && memory.isEmpty
            && segments == 1
    }

    func validate() throws {
        _ = try weightChoice
        _ = try gridChoice
        _ = try stateChoice(isCalibrated: false)
        _ = try fractionChoice
        _ = try memoryChoice
        if !(1...16).contains(segments) { throw ValidationError("--segments \(segments): expected 1 to 16") }
    }

    private static func choice<Value>(
        _ option: String, _ texts: [String], _ standard: Value, expected: String, _ parse: (Substring) -> Value?
    ) throws -> PerLayer<Value> {
        var choice = PerLayer(standard)
        for text in texts {
            // Names may hold any character, so the last equals sign parts.
            let equals = text.lastIndex(of: "=")
            guard let value = parse(equals.map { text[text.index(after: $0)...] } ?? text[...]) else {
                throw ValidationError("--\(option) \(text): expected \(expected)")
            }
            if let equals { choice.exceptions[String(text[..<equals])] = value } else { choice.common = value }
        }
        return choice
    }

    var weightChoice: PerLayer<Int> {
        get throws {
            try LayerOptions.choice("weights", weights, 8, expected: "16, 8, 4, 2 or 1, or LAYER=BITS") {
                Int($0).flatMap { [1, 2, 4, 8, 16].contains($0) ? $0 : nil }
            }
        }
    }
    var gridChoice: PerLayer<GridKind> {
        get throws {
            try LayerOptions.choice("grid", grid, .row, expected: "row or tensor, or POPULATION=row") {
                GridKind(rawValue: String($0))
            }
        }
    }
    func stateChoice(isCalibrated: Bool) throws -> PerLayer<StateBits> {
        try LayerOptions.choice(
            "state", state, isCalibrated ? .automatic : .wide, expected: "16, 32 or auto, or POPULATION=BITS"
        ) {
            $0 == "auto" ? .automatic : $0 == "16" ? .narrow : $0 == "32" ? .wide : nil
        }
    }
    var fractionChoice: [String: Int] {
        get throws {
            let choice = try LayerOptions.choice(
                "fraction-bits", fractionBits, -1, expected: "POPULATION=BITS, 0 to 15"
            ) {
                Int($0).flatMap { 0...15 ~= $0 ? $0 : nil }
            }
            if choice.common >= 0 {
                throw ValidationError("--fraction-bits \(choice.common): expected POPULATION=BITS, 0 to 15")
            }
            return choice.exceptions
        }
    }

    var memoryChoice: PerLayer<MemoryForm> {
        get throws {
            try LayerOptions.choice(
                "memory", memory, .matrices, expected: "matrices or recurrence, or POPULATION=recurrence"
            ) {
                MemoryForm(rawValue: String($0))
            }
        }
    }

    /// Takes on the integers that a network states, where they are not given here.
    func adopt(_ grids: [String: StatedGrid], into options: inout CompileOptions) {
        func isForAll(_ text: String) -> Bool { !text.contains("=") }
        options.adopt(
            grids, keepsWeights: weights.contains(where: isForAll), keepsState: state.contains(where: isForAll))
    }

    func apply(to options: inout CompileOptions, isCalibrated: Bool) throws {
        options.weights = try weightChoice
        options.grid = try gridChoice
        options.state = try stateChoice(isCalibrated: isCalibrated)
        options.fractionBits = try fractionChoice
        options.sparse = Set(sparse)
        options.memories = try memoryChoice
        options.segments = segments
    }
}
