import Compiler
import NIR

/// A file may state the integers that its network was trained with; what the line says goes before.
extension Compile {
    /// Takes on what the file states of its grids and its input.
    ///
    /// - Throws: a budget, where nothing is left to choose to it.
    func adopt(_ graph: Graph, into options: inout CompileOptions) throws {
        adoptStated(graph, into: &options)
        if planning.isPlanned && !options.steps.isEmpty {
            throw Failure(
                code: .usage,
                message:
                    "\(path): states the grids that it was trained on, so that nothing is left to choose to a budget\n  hint: compile it without the budget, or plan the network as it was before it was quantized"
            )
        }
    }

    /// Whether the line or the file says what a count is worth.
    func isCountSaid(_ graph: Graph) -> Bool { input.isCountGiven || graph.statedInput.count != nil }
}
