import Compiler
import NIR
import SNNRuntime

/// The integer run and the reference, tick by tick.
struct Comparison {
    struct Population: Encodable {
        let node: String
        /// Those that pruning left.
        let neurons: Int
        let slot: UInt32
        /// The neuron of each of the slot's elements, in NIR's order.
        let elements: [Int]
        var spikes = 0
        var referenceSpikes = 0
        /// Neurons and ticks in which only one of the two fired.
        var differing = 0
        var ticks = 0
        var firstDivergence: Place?
        /// The furthest that a membrane of the reference came, in thresholds; infinite where it has no threshold to come near.
        var greatestReach = 0.0

        private enum CodingKeys: String, CodingKey {
            case node, neurons, spikes, referenceSpikes, differing, ticks, firstDivergence
        }
    }
    struct Place: Encodable {
        /// The result it belongs to, from 0; the tick since the state was last reset; the neuron.
        let result: Int
        let tick: Int
        let neuron: Int
        /// The distance of the reference's membrane from the threshold there, upward and in thresholds.
        let margin: Double?
    }
    struct Report: Encodable {
        let results: Int
        let labelAgreement: Double?
        let accuracy: Double?
        let referenceAccuracy: Double?
        /// Labels that the reference gave at all.
        let referenceLabels: Int
        let populations: [Population]
        let reference: Operations?

        var lines: [String] {
            var lines = [
                "\(counted(results, "result")); the same label in \(labelAgreement.map { percent($0, of: 1, 2) } ?? "-")"
            ]
            if let accuracy, let referenceAccuracy {
                lines.append(
                    "accuracy: integers \(percent(accuracy, of: 1, 2)), reference \(percent(referenceAccuracy, of: 1, 2))"
                )
            }
            var table = Table([
                ("population", .left), ("spikes", .right), ("reference", .right), ("difference", .right),
                ("neuron ticks that differ", .right), ("first divergence", .left),
            ])
            for p in populations {
                let first =
                    p.firstDivergence.map {
                        "result \($0.result), tick \($0.tick), neuron \($0.neuron)"
                            + ($0.margin.map { ", reference \(percent($0, of: 1, 3)) above threshold" } ?? "")
                    } ?? "none"
                table.add([
                    p.node, p.spikes.grouped, p.referenceSpikes.grouped,
                    percent(Double(p.spikes - p.referenceSpikes), of: Double(max(p.referenceSpikes, 1)), 2),
                    percent(Double(p.differing), of: Double(max(1, p.ticks * p.neurons)), 3), first,
                ])
            }
            lines += [""] + table.lines()
            guard let reference else { return lines }
            func count(_ value: Double) -> String { Int(value.rounded()).grouped }
            return lines + [
                "", "the reference, per result, as NeuroBench counts:",
                "  effective operations: \(count(reference.effectiveACs)) accumulations, \(count(reference.effectiveMACs)) multiply-accumulations; dense \(count(reference.denseOperations))",
                "  activation sparsity \(fixed(reference.activationSparsity, 3)); membrane updates \(count(reference.membraneUpdates))",
            ]
        }
    }

    /// The operations of the reference, per result.
    struct Operations: Encodable {
        let effectiveACs: Double
        let effectiveMACs: Double
        let denseOperations: Double
        /// Over all neurons and activations, and all ticks.
        let activationSparsity: Double
        let membraneUpdates: Double

        init(_ counts: OperationCounts, results: Int) {
            func each(_ count: Int) -> Double { Double(count) / Double(results) }
            (effectiveACs, effectiveMACs, denseOperations) = (
                each(counts.effectiveACs), each(counts.effectiveMACs), each(counts.dense)
            )
            activationSparsity = Double(counts.silentOutputs) / Double(max(1, counts.outputs))
            membraneUpdates = each(counts.membraneUpdates)
        }
    }

    private let fresh: FloatNetwork<Double>
    private var reference: FloatNetwork<Double>
    private let input: InputConversion
    private var readout: ReferenceReadout
    private let classes: [String]
    private var populations: [Population]
    private var scores: [Double]
    private var operations = OperationCounts()
    private var tickCount = 0
    private var given: Set<Int> = []
    private var (resultCount, agreeing, labelled, right, referenceRight) = (0, 0, 0, 0, 0)

    init(_ loaded: LoadedModel, _ network: FloatNetwork<Double>) throws {
        (fresh, reference) = (network, network)
        let model = loaded.model
        input = InputConversion(model)
        classes = loaded.classNames
        let places = String(decoding: model.metadata, as: UTF8.self).split(separator: "\n").compactMap {
            NodePlace(line: $0)
        }
        func isFiring(_ node: String) -> Bool {
            switch network.graph.nodes[node] {
            case .neuron(let neuron): neuron.kind.fires
            case .threshold: true
            default: false
            }
        }
        let known = places.compactMap { place -> (NodePlace, [Int])? in
            guard let count = network.values[place.node]?.count, let neurons = place.neurons(of: count),
                place.slot < model.slotCount,
                model.file.slot(UInt32(place.slot)).count == neurons.count
            else { return nil }
            return (place, neurons)
        }
        let inputCount = network.schedule.frameShape.reduce(1, *)
        guard !known.isEmpty, known.count == places.count, inputCount == input.channelCount else {
            throw Failure(
                code: .model,
                message:
                    "\(loaded.path): was not compiled from this network\n  hint: snnrt compile names the nodes in the file; give the two that belong together"
            )
        }
        populations = known.filter { isFiring($0.0.node) }.map { place, neurons in
            Population(node: place.node, neurons: neurons.count, slot: UInt32(place.slot), elements: neurons)
        }
        readout = ReferenceReadout(model)
        scores = Array(repeating: 0, count: classes.count)
    }

    mutating func restart() {
        reference = fresh
        readout.restart()
        tickCount = 0
    }

    /// Takes a tick of the integer network on `frame` into account. The last tick of a window has reset the slots that
    /// recurrence reads, so its spikes are not compared.
    mutating func tick(_ network: Network, _ frame: UnsafePointer<Int16>, isLast: Bool) {
        reference.tick(input.values(frame))
        for i in populations.indices where !isLast {
            var values = [Int32](repeating: 0, count: populations[i].neurons)
            network.copyValues(ofSlot: populations[i].slot, to: &values)
            let expected = reference.values[populations[i].node]!
            populations[i].ticks += 1
            populations[i].greatestReach = max(
                populations[i].greatestReach, (reference.greatestMargin(of: populations[i].node) ?? .infinity) + 1)
            for (value, neuron) in zip(values, populations[i].elements) {
                populations[i].spikes += Int(value)
                populations[i].referenceSpikes += Int(expected[neuron])
                if Double(value) == expected[neuron] { continue }
                populations[i].differing += 1
                if populations[i].firstDivergence == nil {
                    populations[i].firstDivergence = Place(
                        result: resultCount, tick: tickCount, neuron: neuron,
                        margin: reference.margin(of: populations[i].node, neuron))
                }
            }
        }
        tickCount += 1
        if let result = readout.add(reference) { scores = result }
    }

    /// A result of the integer network, which may start anew behind it.
    mutating func add(_ result: WindowResult) {
        let label = scores.greatestIndex
        resultCount += 1
        given.insert(label)
        operations += reference.operations
        reference.resetOperations()
        agreeing += label == result.label ? 1 : 0
        if let truth = result.logged.flatMap({ classes.firstIndex(of: $0) }) {
            labelled += 1
            right += truth == result.label ? 1 : 0
            referenceRight += truth == label ? 1 : 0
        }
        if readout.resetsNetwork {
            reference = fresh
            tickCount = 0
        }
    }

    var report: Report {
        func share(_ count: Int, of total: Int) -> Double? { total == 0 ? nil : Double(count) / Double(total) }
        return Report(
            results: resultCount, labelAgreement: share(agreeing, of: resultCount),
            accuracy: share(right, of: labelled),
            referenceAccuracy: share(referenceRight, of: labelled), referenceLabels: given.count,
            populations: populations,
            reference: resultCount == 0 ? nil : Operations(operations, results: resultCount))
    }
}
