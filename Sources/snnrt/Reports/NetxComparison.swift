import Compiler
import NIR
import SNNRuntime

/// A model of a netx file beside a run of the file's own integers, tick by tick, layer by layer.
struct NetxComparison {
    /// JSON keys are these names.
    struct Report: Encodable {
        let results: Int
        let labelAgreement: Double?
        /// Results whose scores are all equal.
        let equalScores: Int
        /// Layers, each with its neurons in the order of channels first.
        let populations: [Comparison.Population]
        /// How the file was read.
        let notes: [String]

        var isEqual: Bool { equalScores == results && populations.allSatisfy { $0.differing == 0 } }

        var lines: [String] {
            var table = Table([
                ("layer", .left), ("neurons", .right), ("spikes", .right), ("the file's", .right),
                ("neuron ticks that differ", .right),
            ])
            for layer in populations {
                table.add([
                    layer.node, layer.neurons.grouped, layer.spikes.grouped, layer.referenceSpikes.grouped,
                    layer.differing.grouped,
                ])
            }
            return [
                "\(counted(results, "result")) beside the file's integers; equal scores in \(equalScores.grouped), the same label in \(labelAgreement.map { percent($0, of: 1, 2) } ?? "-")",
                "",
            ] + table.lines() + [""] + notes
        }
    }

    private let fresh: NetxRun
    private var reference: NetxRun
    private let loaded: LoadedModel
    private let unitsPerCount: Double
    private let inputLimit: Double
    private var layers: [Comparison.Population]
    private var scores: [Int]
    private var (resultCount, agreeing, equal) = (0, 0, 0)

    init(_ loaded: LoadedModel, _ network: NetxNetwork) throws {
        self.loaded = loaded
        let model = loaded.model
        let lines = String(decoding: model.metadata, as: UTF8.self).split(separator: "\n")
        fresh = NetxRun(network, firesAtThreshold: lines.contains("fires: at the threshold"))
        reference = fresh
        let channel = model.channel(0)
        unitsPerCount = network.hearsValues ? Double(channel.scaleNumerator) / Double(channel.scaleDenominator) : 1
        inputLimit = Double(1 << (Int(model.file.slot(1).bits) - 1) - 1)
        layers = lines.compactMap { NodePlace(line: $0) }.compactMap { place in
            guard let layer = network.layers.first(where: { $0.name == place.node }), place.slot < model.slotCount,
                let elements = place.neurons(of: layer.count),
                model.file.slot(UInt32(place.slot)).count == elements.count
            else { return nil }
            return Comparison.Population(
                node: layer.name, neurons: layer.count, slot: UInt32(place.slot), elements: elements)
        }
        scores = Array(repeating: 0, count: loaded.classNames.count)
        guard lines.contains("compiled-from: lava-dl netx"), layers.map(\.node) == network.layers.map(\.name),
            network.layers[0].inputCount == Int(model.channelCount),
            scores.count == network.averagedGroups ?? network.layers.last!.count
        else {
            throw Failure(
                code: .model,
                message:
                    "\(loaded.path): was not compiled from this network\n  hint: give the two that belong together")
        }
    }

    mutating func restart() {
        reference = fresh
        scores = scores.map { _ in 0 }
    }

    /// Takes a tick of the model on `frame` into account. The last tick of a window has reset the slots that are read late, so
    /// its spikes are not compared.
    mutating func tick(_ network: Network, _ frame: UnsafePointer<Int16>, isLast: Bool) {
        let hearsValues = reference.network.hearsValues
        reference.tick(
            (0..<Int(loaded.model.channelCount)).map {
                hearsValues
                    ? Double(frame[$0]) * unitsPerCount : max(-inputLimit, min(inputLimit, Double(frame[$0])))
            })
        for i in layers.indices where !isLast {
            var values = [Int32](repeating: 0, count: layers[i].neurons)
            network.copyValues(ofSlot: layers[i].slot, to: &values)
            layers[i].ticks += 1
            for (value, neuron) in zip(values, layers[i].elements) {
                let expected = reference.spikes[i][neuron]
                layers[i].spikes += Int(value)
                layers[i].referenceSpikes += expected
                layers[i].differing += Int(value) == expected ? 0 : 1
            }
        }
        let shown = reference.shown
        for (neuron, spike) in shown.enumerated() { scores[neuron / (shown.count / scores.count)] += spike }
    }

    /// A result of the model, which starts anew behind it.
    mutating func add(_ result: WindowResult) {
        let label = scores.greatestIndex
        resultCount += 1
        agreeing += label == result.label ? 1 : 0
        equal += scores == result.scores.map { Int($0) } ? 1 : 0
        restart()
    }

    var report: Report {
        Report(
            results: resultCount, labelAgreement: resultCount == 0 ? nil : Double(agreeing) / Double(resultCount),
            equalScores: equal, populations: layers,
            notes: String(decoding: loaded.model.metadata, as: UTF8.self).split(separator: "\n")
                .filter { $0.hasPrefix("fires: ") || $0.hasPrefix("layers: ") }.map(String.init))
    }
}
