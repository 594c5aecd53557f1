import NIR

/// Membrane products are the mean products of what the sources of a matrix come to in a membrane that it enters, were it never
/// reset. Those of analog sources are taken about their means, which a bias takes up; spikes are rare, and a bias would drive
/// neurons in the silence between.
struct MembraneProducts {
    private let (keep, currentKeep): (Double, Double)
    private let isCentred: Bool
    /// Ticks from one that is counted to the next: no more are worth their time.
    private let stride: Int
    private var currents: [Double]
    private var membranes: [Double]
    private var products: ExactProducts
    private var totals: [Double]
    private var (tickCount, addedCount) = (0, 0)

    init(count: Int, _ neuron: NeuronModel, isCentred: Bool, tickCount: Int) {
        self.isCentred = isCentred
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
        (keep, currentKeep) = (mean(neuron.keep), mean(neuron.currentKeep))
        stride = max(1, count * count * tickCount >> 30)
        currents = Array(repeating: 0, count: count)
        (membranes, totals, products) = (currents, currents, ExactProducts(count: count))
    }

    mutating func restart() {
        for i in currents.indices { (currents[i], membranes[i]) = (0, 0) }
    }

    mutating func add(_ values: [Double]) {
        let count = values.count
        for i in 0..<count {
            currents[i] = currentKeep * currents[i] + values[i]
            membranes[i] = keep * membranes[i] + currents[i]
        }
        tickCount += 1
        if tickCount % stride != 0 { return }
        addedCount += 1
        for i in 0..<count { totals[i] += membranes[i] }
        products.add(membranes)
    }

    mutating func feedback() -> Feedback {
        let (count, total) = (currents.count, Double(max(1, addedCount)))
        var means = products.total()
        for i in 0..<count {
            for j in 0..<count {
                let about = isCentred ? totals[i] / total * totals[j] / total : 0
                means[i * count + j] = means[i * count + j] / total - about
            }
        }
        return Feedback(means, count: count)
    }
}
