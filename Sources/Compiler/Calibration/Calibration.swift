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
    /// What a count of each element was worth then; without spikes.
    let units: [Lowered.Source: [Double]]
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
        let conversion = try InputConversion(options, channelCount: recording.channelCount)
        scores = try Calibration.reference(recording, conversion, ReferenceReadout(player.model)) {
            try FloatNetwork<Double>(graph, file: file, dialect: dialect, dt: dt, batch: $0)
        }
        for (number, window) in recording.windows.enumerated() {
            player.network.resetState()
            probe.restart()
            for start in stride(from: 0, to: window.samples.count, by: recording.channelCount) {
                let frame = Array(window.samples[start..<start + recording.channelCount])
                _ = player.network.push(frame, frameCount: 1)
                probe.add(player)
            }
            progress(Double(number + 1) / Double(recording.windows.count))
        }
        self.recording = recording
        (means, activity, units) = (probe.means, probe.activity, probe.units)
        (peaks, feedback) = (probe.peaks, probe.feedback())
    }

    /// Windows that the reference runs side by side.
    private static let batch = 32

    /// The reference's scores of each window, batch by batch: what a readout does, it does element by element, and so to a batch
    /// as to a window.
    ///
    /// - Parameter network: makes a reference of a batch.
    private static func reference(
        _ recording: Recording, _ conversion: InputConversion, _ readout: ReferenceReadout,
        _ network: (Int) throws -> FloatNetwork<Double>
    ) throws -> [[Double]] {
        let channelCount = recording.channelCount
        var scores: [[Double]] = []
        var made: [Int: FloatNetwork<Double>] = [:]
        while scores.count < recording.windows.count {
            // Windows of a recording are of one length, but for that of a test.
            let length = recording.windows[scores.count].samples.count
            let windows = recording.windows[scores.count...].prefix(batch).prefix { $0.samples.count == length }
            var (run, readout) = (try made[windows.count] ?? network(windows.count), readout)
            made[windows.count] = run
            var results: [Double]?
            for start in stride(from: 0, to: length, by: channelCount) {
                run.tick(windows.flatMap { conversion.values($0.samples[start..<start + channelCount]) })
                results = readout.add(run) ?? results
            }
            guard let results else { throw CompileError("windows of the log are too short for a result") }
            let classCount = results.count / windows.count
            scores += windows.indices.map { $0 - windows.startIndex }.map {
                Array(results[$0 * classCount..<($0 + 1) * classCount])
            }
        }
        return scores
    }
}
