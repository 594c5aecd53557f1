/// A pruning says what may be left out of a quantized network without changing a result: neurons that never fire, and neurons
/// that nothing reads. It is decided on the integers, behind quantization, so that what stays keeps its grids and its bits.
///
/// A neuron never fires if its membrane, bounded by the positive weights from neurons that may fire, stays at or below the
/// threshold; or if the caller saw it silent on calibration data, and then those data are all that vouch for it.
struct Pruning {
    /// Neurons that stay, per population and in NIR's order.
    private(set) var stays: [[Bool]]
    /// Neurons that stay when only those that never fire are gone.
    private(set) var fires: [[Bool]] = []

    let quantized: Quantized
    private let lowered: Lowered

    /// - Parameter silent: neurons, by their node's name, that did not fire on calibration data.
    init(_ quantized: Quantized, silent: [String: Set<Int>]) {
        (self.quantized, lowered) = (quantized, quantized.network)
        let lowered = quantized.network
        // Neurons stay where convolutions and pools expect them.
        func isFixed(_ number: Int) -> Bool {
            quantized.placement.channels[.population(number)] != nil
                || lowered.pools.contains { lowered.undelayed($0.source) == .population(number) }
        }
        let prunable = lowered.populations.indices.filter {
            $0 != lowered.output && !isFixed($0) && !lowered.populations[$0].isMemory
        }
        // What may fire makes others that may.
        stays = lowered.populations.indices.map { number in
            Array(
                repeating: isFixed(number) || !lowered.populations[number].neuron.fires,
                count: lowered.populations[number].count)
        }
        var before: [[Bool]]
        repeat {
            before = stays
            for (number, population) in lowered.populations.enumerated() {
                let silent = silent[population.name] ?? []
                for neuron in 0..<population.count where !stays[number][neuron] && !silent.contains(neuron) {
                    stays[number][neuron] = mayFire(number, neuron)
                }
            }
        } while stays != before
        stays[lowered.output] = stays[lowered.output].map { _ in true }
        fires = stays
        for (number, isRead) in read(beside: prunable).enumerated() {
            stays[number] = zip(stays[number], isRead).map { $0 && $1 }
        }
        for number in prunable where !stays[number].contains(true) { stays[number][0] = true }
        // Shared matrices and diagonals need their elements in step: what one end keeps comes back.
        repeat {
            before = stays
            for number in lowered.populations.indices { keepShapes(number) }
        } while stays != before
    }

    /// V[t] ≤ keep·V[t-1] + I[t] + b and I[t] ≤ keep'·I[t-1] + x, truncation toward zero included: I ≤ x / (1 − keep') and
    /// V ≤ (I + b) / (1 − keep). A positive bias may enter with x.
    private func mayFire(_ number: Int, _ neuron: Int) -> Bool {
        let (model, integers) = (lowered.populations[number].neuron, quantized.populations[number])
        var drive = 0.0
        for matrix in integers.matrices {
            let source = matrix.term.source
            let (isAnalog, largest) = (lowered.isAnalog(source), quantized.ranges.largest[source]!)
            var sum = 0.0
            for (element, weight) in matrix.row(neuron) where stays(source, element) && (weight > 0 || isAnalog) {
                sum += Double(abs(weight)) * largest
            }
            switch matrix.join {
            case .add: drive += sum
            case .leftShift(let shift): drive += sum * Double(1 << shift)
            case .multiplier(let factors, let shift):
                drive += sum == 0 ? 0 : sum * Double(abs(factors[neuron])) / Double(1 << shift) + 1
            }
        }
        func settled(_ drive: Double, _ keep: [Double]) -> Double {
            drive <= 0 || keep.isEmpty ? drive : drive * 32768 / max(0, 32768 - (keep[neuron] * 32768).rounded())
        }
        let bias = Double(integers.bias[neuron])
        let current = settled(drive * Double(1 << integers.fractionBits) + max(bias, 0), model.currentKeep)
        return settled(current + min(bias, 0), model.keep) > Double(integers.threshold[neuron]) - 1
    }

    private func stays(_ source: Lowered.Source, _ element: Int) -> Bool {
        guard case .population(let number) = lowered.undelayed(source) else { return true }
        return stays[number][element]
    }

    /// The neurons that a result depends on: those of the output and of populations that stay whole, and what these read, by
    /// weights other than 0 and over any number of ticks.
    private func read(beside prunable: [Int]) -> [[Bool]] {
        var isRead = stays.indices.map { number in
            prunable.contains(number) ? stays[number].map { _ in false } : stays[number]
        }
        var pending = isRead.indices.filter { !prunable.contains($0) }.flatMap { number in
            (0..<lowered.populations[number].rowCount).map { (number, $0) }
        }
        while let (number, neuron) = pending.popLast() {
            for matrix in quantized.populations[number].matrices {
                guard case .population(let source) = lowered.undelayed(matrix.term.source) else { continue }
                for (element, weight) in matrix.row(neuron)
                where weight != 0 && stays[source][element] && !isRead[source][element] {
                    isRead[source][element] = true
                    pending.append((source, element))
                }
            }
        }
        return isRead
    }

    private mutating func keepShapes(_ number: Int) {
        for term in lowered.populations[number].terms {
            if case .dense = term.map { continue }
            guard case .population(let source) = lowered.undelayed(term.source), !lowered.populations[number].isMemory
            else {
                // The input, pools and memories keep all of theirs.
                if case .population(let source) = lowered.undelayed(term.source) {
                    stays[source] = stays[source].map { _ in true }
                }
                stays[number] = stays[number].map { _ in true }
                continue
            }
            switch term.map {
            case .diagonal:
                let both = zip(stays[source], stays[number]).map { $0 || $1 }
                (stays[source], stays[number]) = (both, both)
            case .block(let map):
                // Whole groups, and the same places in each.
                func groups(_ of: [Bool], _ size: Int) -> [Bool] {
                    (0..<map.groupCount).map { of[$0 * size..<($0 + 1) * size].contains(true) }
                }
                let group = zip(groups(stays[source], map.columns), groups(stays[number], map.rows)).map { $0 || $1 }
                for (population, size) in [(source, map.columns), (number, map.rows)] {
                    var places = (0..<size).map { place in
                        (0..<map.groupCount).contains { stays[population][$0 * size + place] }
                    }
                    if !places.contains(true) { places[0] = true }
                    stays[population] = stays[population].indices.map { group[$0 / size] && places[$0 % size] }
                }
            case .dense, .convolution: break
            }
        }
    }
}
