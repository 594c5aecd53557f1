import NIR
import SNNRuntime

/// A calibration is what a network did on a recording: the reference's scores, and, by its integers at their finest, what its
/// matrices read and how far its membranes reached.
public struct Calibration: Sendable {
    /// The windows that were played.
    public let recording: Recording
    /// The float reference's scores, per window and class.
    public let scores: [[Double]]
    /// Mean of each element of what matrices read, in the float network's units, which grids do not change.
    let means: [Lowered.Source: [Double]]
    /// Mean square of each element of what matrices read, in counts, which grids change by one factor for all.
    let activity: [Lowered.Source: [Double]]
    /// How weights of a row round together, per population and matrix; nil where there are too many of them.
    let feedback: [[Feedback?]]
    /// The greatest magnitude of the membrane before its reset, of the synaptic current and of a tick's input, per population and
    /// neuron and in units of the float network's membrane; nil for memories and activations.
    let peaks: [[Double]?]

    /// - Parameters:
    ///   - options: what the networks to come share: window, units, input.
    ///   - file: name of the graph, for messages.
    ///   - progress: is called with the share that is done.
    /// - Throws: a `CompileError` or an `NIRError` of what cannot be compiled or run.
    public init(
        _ recording: Recording, _ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double,
        _ options: CompileOptions,
        file: String, progress: (Double) -> Void = { _ in }
    ) throws {
        var finest = options.perWindow
        (finest.weights, finest.grid, finest.state, finest.fractionBits) = (
            PerLayer(16), PerLayer(.row), PerLayer(.wide), [:]
        )
        (finest.calibration, finest.prunes) = (nil, false)
        // Reset by hand, so that the last tick of a window can be seen.
        finest.resetsNetwork = false
        let lowered = try Lowered(
            graph, schedule, dialect: dialect, dt: dt, concatenatesOutputs: options.concatenatesOutputs)
        let compilation = try Compilation(lowered, dialect: dialect, dt: dt, finest)
        let player = try Player(try ModelFile(compilation.program).bytes)
        var probe = Probe(
            compilation.program, of: compilation.pruned.quantized,
            tickCount: recording.windows.reduce(0) { $0 + $1.samples.count } / recording.channelCount)
        let reference = try FloatNetwork<Double>(graph, file: file, dialect: dialect, dt: dt)
        let conversion = try InputConversion(options, channelCount: recording.channelCount)
        var readout = ReferenceReadout(player.model)
        var scores: [[Double]] = []
        for window in recording.windows {
            player.network.resetState()
            probe.restart()
            var run = reference
            readout.restart()
            for start in stride(from: 0, to: window.samples.count, by: recording.channelCount) {
                let frame = Array(window.samples[start..<start + recording.channelCount])
                run.tick(conversion.values(frame))
                if let result = readout.add(run) { scores.append(result) }
                _ = player.network.push(frame, frameCount: 1)
                probe.add(player)
            }
            progress(Double(scores.count) / Double(recording.windows.count))
        }
        (self.recording, self.scores) = (recording, scores)
        (means, activity, peaks, feedback) = (probe.means, probe.activity, probe.peaks, probe.feedback)
    }
}
