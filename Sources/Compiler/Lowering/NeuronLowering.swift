import NIR

extension GraphLowering {
    /// Adds the neurons of a node. What their op does not hold in them stands beside them, exactly: the currents of neurons whose
    /// membranes have a constant drive, and the value at which membranes start.
    mutating func addNeurons(_ name: String, _ neuron: Neuron, _ shape: [Int]) throws(CompileError) {
        let count = shape.reduce(1, *)
        var model = try NeuronModel(neuron, count, name, dialect.of(name), dt)
        // Gains may differ between the positions of a channel.
        let gain = model.gain
        var signal = try gathered(name) { $0.terms.allSatisfy { $0.map.scaled(rows: gain) != nil } }
        var currents: Int?
        let startsElsewhere = model.start.contains { $0 != 0 }
        if !model.currentKeep.isEmpty && (startsElsewhere || model.drive.contains { $0 != 0 }) {
            // Through the current a drive would reach the membrane late.
            let driven = Lowered.Population(
                name: name, neuron: model, shape: shape, terms: signal.terms, bias: signal.constant)
            currents = lowered.addCurrents(of: driven, name: "\(name).current")
            signal = Signal(.population(currents!), shape)
            (model.currentKeep, model.gain) = ([], Array(repeating: 1, count: count))
        }
        if startsElsewhere { signal.terms.append(try startTerm(model, name)) }
        var membranes: Int?
        if model.fires && model.reset == .never {
            (model, membranes) = addMembranes(of: model, name, shape, signal)
            signal = Signal(.population(membranes!), shape)
        }
        addPopulation(name, model, shape, signal)
        lowered.populations[lowered.populations.count - 1].membranes = membranes
        // What reaches the node over a late edge enters its currents, or membranes that stand by themselves.
        if let first = currents ?? membranes { numbers[name] = first }
        if !model.fires { signals[name]!.constant = model.origin }
    }

    /// Adds the membranes of neurons that no spike resets, which integrate by themselves.
    ///
    /// - Returns: neurons without memory that fire where those pass the threshold, and the membranes' number.
    private mutating func addMembranes(
        of model: NeuronModel, _ name: String, _ shape: [Int], _ signal: Signal
    ) -> (NeuronModel, Int) {
        var (membranes, firing) = (model, NeuronModel(.neurons, count: model.threshold.count))
        (membranes.threshold, membranes.firesAtThreshold, membranes.spikeBits) = ([], false, 1)
        (firing.threshold, firing.firesAtThreshold) = (model.threshold, model.firesAtThreshold)
        firing.spikeBits = model.spikeBits
        (firing.thresholdKeep, firing.thresholdStep) = (model.thresholdKeep, model.thresholdStep)
        (membranes.thresholdKeep, membranes.thresholdStep) = ([], [])
        lowered.populations.append(
            Lowered.Population(
                name: "\(name).membranes", neuron: membranes, shape: shape, terms: signal.terms, bias: signal.constant,
                isNode: false))
        return (firing, lowered.populations.count - 1)
    }

    /// What membranes that do not start at 0 get in their first tick: keep·start, from an element that is 1 before the first tick and
    /// 0 from then on.
    private mutating func startTerm(_ model: NeuronModel, _ name: String) throws(CompileError) -> Lowered.Term {
        if let i = model.gain.firstIndex(of: 0) {
            throw CompileError("\(name): neuron \(i) takes no input (r or w_in is 0) and starts away from its v_reset")
        }
        // A slot that is read is written: by its own last value, times 0.
        let once = Lowered.Population(
            name: "\(name).start", neuron: NeuronModel(.activation(.clip(low: 0, high: 1)), count: 1), shape: [1],
            terms: [.init(source: .population(lowered.populations.count), map: .diagonal([0]), isLate: true)],
            bias: [0], isNode: false, isStart: true)
        lowered.populations.append(once)
        let values = model.start.indices.map { model.keep[$0] * model.start[$0] / model.gain[$0] }
        return Lowered.Term(
            source: .population(lowered.populations.count - 1),
            map: .dense(rows: values.count, columns: 1, values: values), isLate: true)
    }

    /// Shows an Input: the frame, or its part of one that several Inputs share.
    mutating func addInput(_ name: String, _ shape: [Int]) {
        let (names, count) = (schedule.inputNames, shape.reduce(1, *))
        lowered.inputShape = schedule.frameShape
        var signal = Signal(.input, shape)
        if names.count > 1 {
            let first = names.prefix { $0 != name }.reduce(0) { $0 + schedule.shapes[$1]!.reduce(1, *) }
            var values = [Double](repeating: 0, count: count * lowered.inputCount)
            for i in 0..<count { values[i * lowered.inputCount + first + i] = 1 }
            signal.terms[0].map = .dense(rows: count, columns: lowered.inputCount, values: values)
            lowered.channelNames = names.flatMap { name in
                (0..<schedule.shapes[name]!.reduce(1, *)).map { "\(name).\($0)" }
            }
        }
        signal.terms[0].isLate = dialect.inputDelay == 1
        signals[name] = signal
    }
}
