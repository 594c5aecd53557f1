import Compiler
import NIR
import SNNRuntime
import SensorLogs

/// A truth report says how near a model's integers, and the float reference, come to what a framework gave. JSON keys are these names.
struct TruthReport: Encodable {
    struct Population: Encodable {
        let node: String
        var spikes = 0
        var frameworkSpikes = 0.0
        /// Neurons and ticks in which the two gave different numbers of spikes, and all.
        var differing = 0
        var compared = 0
        var firstDivergence: Place?
    }
    struct Place: Encodable {
        let window: Int
        let tick: Int
        let neuron: Int
    }

    /// The file of what the framework gave.
    let expected: String
    let integers: Agreement
    /// Nil where the file gives no input, and the log's samples stand for it.
    let reference: Agreement?
    let minAgreement: Double
    /// The share of labels that guessing gets right.
    let chance: Double
    /// What rounding to counts takes from the expected input, of the worst channel.
    let inputLoss: Double
    /// A reading of the file that gives the framework's scores, where the model's own does not.
    var nearerReading: String?
    /// Those whose spikes are expected.
    let populations: [Population]

    /// Labels that guessing gets right say little: then the scores must be near too. Where another reading gives the framework's scores,
    /// this one is wrong, whatever the labels.
    var isEnough: Bool { integers.share >= minAgreement && (minAgreement == 0 || !isByChance && nearerReading == nil) }
    private var isByChance: Bool { chance > 0.7 && distance > 0.1 }
    /// Of the scores: the reference's, which rounding does not touch, where there is one.
    private var distance: Double { (reference ?? integers).scoreDistance ?? 0 }

    var lines: [String] {
        func words(_ agreement: Agreement) -> String {
            var words =
                agreement.isOneScore
                ? counted(agreement.windows, "window")
                : "the same label in \(percent(agreement.labels, of: 1, 2)) of \(counted(agreement.windows, "window"))"
            if let distance = agreement.scoreDistance {
                words += ", scores \(percent(distance, of: 1, 2)) apart"
                if let factor = agreement.factor, !agreement.isOneScore {
                    words += " after a factor of \(shortened(factor))"
                }
            }
            return words
        }
        var lines = ["compared with the framework (\(expected)):", "  integers: \(words(integers))"]
        if let reference { lines.append("  float reference: \(words(reference))") }
        if populations.isEmpty { return lines }
        var table = Table([
            ("population", .left), ("spikes", .right), ("framework", .right), ("neuron ticks that differ", .right),
            ("first divergence", .left),
        ])
        for population in populations {
            let first = population.firstDivergence.map { "window \($0.window), tick \($0.tick), neuron \($0.neuron)" }
            table.add([
                population.node, population.spikes.grouped, Int(population.frameworkSpikes.rounded()).grouped,
                percent(Double(population.differing), of: Double(max(1, population.compared)), 3), first ?? "none",
            ])
        }
        return lines + table.lines()
    }

    /// The reason for which a model is refused, with what helps.
    func refusal(_ path: String, _ reading: String) -> String {
        let (claim, bound) =
            integers.isOneScore
            ? (
                "gives scores \(percent(integers.scoreDistance!, of: 1, 2)) off the framework's",
                "more than \(percent(1 - minAgreement, of: 1, 2))"
            )
            : (
                "gives the framework's label in \(percent(integers.share, of: 1, 2)) of windows",
                "less than \(percent(minAgreement, of: 1, 2))"
            )
        let apart = "scores are \(percent(distance, of: 1)) apart (\(reading))"
        if let nearerReading {
            return
                "\(path): \(claim), but its \(apart), and another reading of the file gives the framework's\n  hint: \(nearerReading)"
        }
        if isByChance, integers.share >= minAgreement {
            return
                "\(path): \(claim), which guessing nearly does, and its \(apart)\n  hint: expect windows of several labels, or --dialect auto"
        }
        let hint =
            if let reference, reference.share >= minAgreement {
                "the float reference agrees in \(percent(reference.share, of: 1, 2)), so that rounding is to blame: \(inputLoss > 0.01 ? "a finer --count" : "--weights 16") rounds less; --min-agreement lowers what is asked"
            } else {
                "the float reference does not agree either: the file was read otherwise than the framework ran it (\(reading)); --dialect auto tries all readings"
            }
        return "\(path): \(claim), \(bound)\n  hint: \(hint)"
    }
}

extension TruthReport {
    /// Looks for a reading of the file that gives the framework's scores, where the model's own reading does not.
    mutating func findNearerReading(_ loaded: LoadedGraph, _ path: String, _ expected: ExpectedOutputs) {
        guard let distance = reference?.scoreDistance, distance > DialectSearch.tolerance else { return }
        let search = DialectSearch(
            loaded.graph, loaded.schedule, file: path, expected, settled: DialectCandidate.Settled(),
            readouts: loaded.graph.readouts(loaded.schedule))
        if let finding = try? search.run(), finding.isByScores, finding.distance < distance / 2 {
            nearerReading = "\(finding.candidate.options), readout \(finding.readout)"
        }
    }

    /// Plays the windows that a framework was run on through a model.
    ///
    /// - Parameters:
    ///   - recording: the windows' samples, where the expected outputs have no input of their own.
    ///   - reference: how near the float reference comes; nil where that was not asked.
    init(
        _ loaded: LoadedModel, _ expected: ExpectedOutputs, file: String, minAgreement: Double,
        recording: Recording? = nil, reference: Agreement?
    ) throws {
        let model = loaded.model
        let network = try loaded.network(.basic)
        let places = String(decoding: model.metadata, as: UTF8.self).split(separator: "\n").compactMap {
            NodePlace(line: $0)
        }
        var watched: [(slot: UInt32, neurons: [Int], spikes: [[Double]], width: Int)] = []
        var populations: [Population] = []
        for place in places {
            guard let spikes = expected.spikes[place.node], expected.tickCount > 0,
                let neurons = place.neurons(of: spikes[0].count / expected.tickCount)
            else { continue }
            watched.append((UInt32(place.slot), neurons, spikes, spikes[0].count / expected.tickCount))
            populations.append(Population(node: place.node))
        }
        let channelCount = Int(model.channelCount)
        let worth = expected.isOneScore ? ScoreScale.of(model) ?? 1 : 1
        if expected.tickCount > 0, expected.tickCount != model.windowTickCount {
            throw Failure(
                code: .log,
                message:
                    "\(file): has windows of \(expected.tickCount) ticks, where the model's have \(model.windowTickCount)"
            )
        }
        let conversion = InputConversion(model)
        let windows =
            expected.input.isEmpty
            ? (recording?.windows.map(\.samples) ?? [])
            : expected.input.map { conversion.samples($0) }
        var (scores, labels, numbers): ([[Double]], [Int], [Int]) = ([], [], [])
        for (number, samples) in windows.enumerated() {
            network.resetState()
            var hasResult = false
            for tick in 0..<samples.count / channelCount {
                let pushed = samples[tick * channelCount..<(tick + 1) * channelCount].withUnsafeBufferPointer {
                    network.push($0.baseAddress!, frameCount: 1)
                }
                hasResult = hasResult || pushed.hasResult
                // The last tick of a window has reset the slots that recurrence reads.
                for i in watched.indices where !pushed.hasResult {
                    populations[i].add(network, watched[i], window: number, tick: tick)
                }
            }
            guard hasResult, let result = network.result else { continue }
            scores.append(result.scores.map { Double($0) * worth })
            labels.append(Int(result.label))
            numbers.append(number)
        }
        self.init(
            expected: file, integers: Agreement(scores, labels: labels, expected, windows: numbers),
            reference: reference, minAgreement: minAgreement, chance: expected.chance,
            inputLoss: conversion.loss(of: expected.input), populations: populations)
    }
}

extension TruthReport.Population {
    fileprivate mutating func add(
        _ network: Network, _ watched: (slot: UInt32, neurons: [Int], spikes: [[Double]], width: Int), window: Int,
        tick: Int
    ) {
        var values = [Int32](repeating: 0, count: watched.neurons.count)
        network.copyValues(ofSlot: watched.slot, to: &values)
        for (value, neuron) in zip(values, watched.neurons) {
            let wanted = watched.spikes[window][tick * watched.width + neuron]
            compared += 1
            spikes += Int(value)
            frameworkSpikes += wanted
            if Double(value) == wanted { continue }
            differing += 1
            if firstDivergence == nil {
                firstDivergence = TruthReport.Place(window: window, tick: tick, neuron: neuron)
            }
        }
    }
}
