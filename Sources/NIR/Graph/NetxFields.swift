/// These functions read a member of a netx layer's group and hold it to the form that it must have.
extension HDF5Group {
    /// Refuses members other than these.
    func allow(_ known: Set<String>) throws(NIRError) {
        if let other = try names().first(where: { !known.contains($0) }) { throw error(other, "cannot be compiled") }
    }

    /// Whole numbers within a range.
    func wholes(_ name: String, _ range: ClosedRange<Int>) throws(NIRError) -> [Int] {
        try numbers(name).values.map { (value) throws(NIRError) in
            guard let whole = Int(exactly: value), range.contains(whole) else {
                throw error(name, "is \(value), expected a whole number, \(range.lowerBound) to \(range.upperBound)")
            }
            return whole
        }
    }

    func whole(_ name: String, _ range: ClosedRange<Int>) throws(NIRError) -> Int {
        let numbers = try wholes(name, range)
        guard numbers.count == 1 else { throw error(name, "holds \(numbers.count) numbers, expected one") }
        return numbers[0]
    }

    /// One whole number for each element of a shape, from one for all, for each channel or for each element.
    func spread(_ name: String, _ range: ClosedRange<Int>, over shape: [Int]) throws(NIRError) -> [Int] {
        let (values, count) = (try wholes(name, range), shape.reduce(1, *))
        switch values.count {
        case count: return values
        case 1, shape[0]:
            let size = count / values.count
            return (0..<count).map { values[$0 / size] }
        default:
            throw error(name, "holds \(values.count) numbers, expected 1, \(shape[0]) or \(count)")
        }
    }

    /// Two whole numbers, height and width; one stands for both, `missing` where the member is.
    func pair(_ name: String, or missing: Int, least: Int) throws(NIRError) -> [Int] {
        if !has(name) { return [missing, missing] }
        let values = try wholes(name, least...255)
        guard values.count == 1 || values.count == 2 else {
            throw error(name, "holds \(values.count) numbers, expected 2")
        }
        return values.count == 1 ? [values[0], values[0]] : values
    }

    /// Refuses a member, where there is one, that says something else.
    func expect(_ name: String, _ values: [Int]) throws(NIRError) {
        if !has(name) { return }
        let stated = try wholes(name, 0...1 << 24)
        if stated != values && stated != [values[0]] {
            throw error(name, "is \(stated), where the weights say \(values)")
        }
    }

    /// The neurons of a layer of this shape. What shapes a gradient in training has no effect on spikes.
    func neurons(over shape: [Int]) throws(NIRError) -> NetxNetwork.Neurons {
        let neuron = try group("neuron")
        let type = try neuron.string("type")
        guard let block = NetxNetwork.Block(rawValue: type) else {
            throw neuron.error("type", "is \"\(type)\", expected \"CUBA\" or \"LOIHI\"")
        }
        try neuron.allow([
            "type", "iDecay", "vDecay", "vThMant", "refDelay", "gradedSpike", "scaleRho", "tauRho", "theta", "wgtExp",
            "weight_exp",
        ])
        let threshold = try neuron.whole("vThMant", 0...131_071)
        if neuron.has("refDelay") { _ = try neuron.whole("refDelay", 1...1) }
        if neuron.has("gradedSpike") { _ = try neuron.whole("gradedSpike", 0...0) }
        if neuron.has("weight_exp") { _ = try neuron.whole("weight_exp", 0...0) }
        // The threshold a second time: vThMant·2^6.
        if neuron.has("theta") {
            let theta = try neuron.whole("theta", 0...1 << 30)
            if theta != threshold << 6 {
                throw neuron.error("theta", "is \(theta), where vThMant says \(threshold)·2^6 = \(threshold << 6)")
            }
        }
        return NetxNetwork.Neurons(
            block: block, currentDecay: try neuron.spread("iDecay", 1...4096, over: shape),
            voltageDecay: try neuron.spread("vDecay", 0...4096, over: shape), threshold: threshold,
            weightExponent: neuron.has("wgtExp") ? try neuron.whole("wgtExp", 0...7) : 0)
    }
}
