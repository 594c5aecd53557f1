import ArgumentParser
import Compiler
import NIR

extension Verify {
    /// Runs a model of a netx file beside the file's own integers.
    ///
    /// - Throws: an exit code of 1 where any spike or score differs, behind the report.
    func runNetx() throws {
        try truth.refuseForNetx(network)
        let loaded = try LoadedModel(path: path)
        let network: NetxNetwork
        do { network = try NetxNetwork(path: self.network) } catch {
            throw Failure(code: .model, message: error.description)
        }
        var comparison = try NetxComparison(loaded, network)
        let progress = ProgressLine(isWanted: !quiet)
        var run = try LogRun(
            loaded, try loaded.network(.basic), logs: logs, labels: options.labels, options: options,
            report: progress.report)
        try run.play(
            note: { if !quiet || $0.isDoubt { progress.note($0) } }, refusal: progress.refuse,
            tick: { comparison.tick($0, $1, isLast: $2) }, restart: { comparison.restart() },
            result: { comparison.add($0) })
        progress.clear()
        let report = comparison.report
        if format == .json {
            try Output.standard.line(try json(report, isPretty: true))
        } else {
            for line in report.lines { try Output.standard.line(line) }
        }
        try Output.standard.flush()
        try run.end()
        if report.results == 0 { throw noResult }
        if !report.isEqual {
            standardError("snnrt: \(path): gives other spikes than the integers of \(self.network)")
            throw ExitCode(1)
        }
    }

    /// Nothing was compared: no window of a log is whole.
    var noResult: Failure {
        Failure(
            code: .log,
            message:
                "\(path): gave no result, so that nothing was compared: the logs end before a window does\n  hint: give longer logs, or compile with a smaller --window"
        )
    }

    /// The graph and the dialect with the delays of the chip whose integers the model keeps, if it keeps one's.
    func timed(
        _ loaded: LoadedGraph, _ model: LoadedModel, _ dialect: Dialect, dt: Double
    ) throws -> (graph: Graph, dialect: Dialect) {
        let lines = String(decoding: model.model.metadata, as: UTF8.self).split(separator: "\n")
        guard let chip = Chip(metadata: lines) else { return (loaded.graph, dialect) }
        var timed = dialect
        (timed.inputDelay, timed.spikeDelay) = (0, 0)
        // Xylo's hidden neurons fire up to 31 times a tick.
        if chip == .xylo { timed.spikeBits = 5 }
        do {
            let graph = try loaded.graph.withLateSpikes(
                loaded.schedule, isInputLate: chip == .loihi, dt: dt, file: network)
            return (graph, timed)
        } catch { throw Failure(code: .model, message: error.description) }
    }
}
