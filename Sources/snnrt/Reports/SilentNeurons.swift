import Compiler
import NIR
import SNNRuntime

/// Neurons of a network that do not fire on logs when it runs in integers, by their node.
///
/// - Parameter compile: makes the model file with these options.
func silentNeurons(
    on logs: [String], _ options: LogOptions, path: String, _ compileOptions: CompileOptions, progress: ProgressLine,
    compile: (CompileOptions) throws -> Compiled
) throws -> [String: Set<Int>] {
    var compileOptions = compileOptions
    compileOptions.prunes = false
    // Reset by hand, so that a window's last spikes can be seen.
    compileOptions.resetsNetwork = false
    let compiled = try compile(compileOptions)
    let loaded = try LoadedModel(path: path, bytes: compiled.bytes)
    let network = try loaded.network(.basic)
    let places = compiled.nodes.map { place in
        (slot: UInt32(place.slot), neurons: place.neurons(of: Int(network.elementCount(ofSlot: UInt32(place.slot))))!)
    }
    var hasFired = places.map { Array(repeating: false, count: $0.neurons.count) }
    var values = [Int32](repeating: 0, count: places.map(\.neurons.count).max() ?? 0)
    var run = try LogRun(loaded, network, logs: logs, labels: options.labels, options: options, report: progress.report)
    try run.play(
        note: { _ in }, refusal: progress.refuse,
        tick: { network, _, _ in
            for (number, place) in places.enumerated() {
                network.copyValues(ofSlot: place.slot, to: &values)
                for (value, neuron) in zip(values, place.neurons) where value != 0 { hasFired[number][neuron] = true }
            }
        }, result: { _ in network.resetState() })
    try run.end()
    if run.tallies.allSatisfy({ $0.ticks == 0 }) {
        throw Failure(code: .log, message: "the calibration logs have no ticks\n  hint: neurons would all seem silent")
    }
    return Dictionary(
        uniqueKeysWithValues: zip(compiled.nodes, hasFired).map { place, hasFired in
            (place.node, Set(hasFired.indices.filter { !hasFired[$0] }))
        })
}
