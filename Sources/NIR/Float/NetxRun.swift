/// A netx run computes a netx network tick by tick, layer by layer, in whole numbers of its own: what `verify` compares a
/// model with. u and v have 24 bits (docs/format.md, "loihi").
public struct NetxRun {
    public let network: NetxNetwork
    /// Spikes of each layer in the latest tick, channels first, before their delay.
    public private(set) var spikes: [[Int]]
    /// What the last layer gives, behind its delays.
    public var shown: [Int] { signals[signals.count - 1] }
    private let firesAtThreshold: Bool
    private let taps: [Taps?]
    private var currents: [[Int]]
    private var voltages: [[Int]]
    /// What each layer reads, the input first, as the latest tick left it.
    private var signals: [[Int]]
    /// The latest spikes of layers whose neurons have delays, newest last.
    private var kept: [[[Int]]]

    /// - Parameter firesAtThreshold: v ≥ θ fires.
    public init(_ network: NetxNetwork, firesAtThreshold: Bool) {
        (self.network, self.firesAtThreshold) = (network, firesAtThreshold)
        let silent = network.layers.map { Array(repeating: 0, count: $0.count) }
        (spikes, currents, voltages) = (silent, silent, silent)
        signals = [Array(repeating: 0, count: network.layers[0].inputCount)] + silent
        kept = network.layers.map { _ in [] }
        taps = network.layers.map { layer in
            guard case .convolution(let node) = layer.connection else { return nil }
            return Taps(node, from: layer.inputShape, to: layer.shape)
        }
    }

    /// One tick. `frame` in the order of the input's shape, in its units; spikes are whole numbers.
    public mutating func tick(_ frame: [Double]) {
        let (before, ownBefore) = (signals, spikes)
        signals[0] = frame.map { Int($0.rounded()) }
        for (number, layer) in network.layers.enumerated() {
            let read = layer.neurons.block.hasTickPerLayer ? before[number] : signals[number]
            var sums = [Int](repeating: 0, count: layer.count)
            switch layer.connection {
            // To the nearest, half upward.
            case .values(let weight):
                sums = weight.indices.map { Int((Double(weight[$0]) * frame[$0] + 0.5).rounded(.down)) }
            case .dense(let weight, let recurrent):
                add(weight, read, to: &sums)
                if let recurrent { add(recurrent, ownBefore[number], to: &sums) }
            case .convolution(let node): add(node, taps[number]!, read, to: &sums)
            }
            fire(number, sums)
            signals[number + 1] = delayed(number)
        }
    }

    private mutating func fire(_ number: Int, _ sums: [Int]) {
        let (layer, neurons) = (network.layers[number], network.layers[number].neurons)
        for i in sums.indices {
            let current = wrapped(
                currents[number][i] * (4096 - neurons.currentDecay[i]) / 4096 + sums[i] << (6 + neurons.weightExponent))
            currents[number][i] = current
            let reached = voltages[number][i] * (4096 - neurons.voltageDecay[i]) / 4096 + current + layer.bias[i] << 6
            let voltage = max(1 - 1 << 23, min(1 << 23 - 1, reached))
            let threshold = neurons.threshold << 6
            let hasFired = voltage > threshold || firesAtThreshold && voltage == threshold
            (spikes[number][i], voltages[number][i]) = hasFired ? (1, 0) : (0, voltage)
        }
    }

    private mutating func delayed(_ number: Int) -> [Int] {
        let delays = network.layers[number].delays
        guard let longest = delays.max() else { return spikes[number] }
        kept[number].append(spikes[number])
        if kept[number].count > longest + 1 { kept[number].removeFirst() }
        let last = kept[number].count - 1
        return delays.indices.map { delays[$0] > last ? 0 : kept[number][last - delays[$0]][$0] }
    }
}

private func add(_ weight: [Int], _ x: [Int], to sums: inout [Int]) {
    for (column, value) in x.enumerated() where value != 0 {
        for row in sums.indices { sums[row] += weight[row * x.count + column] * value }
    }
}

private func add(_ node: ConvolutionNode, _ taps: Taps, _ x: [Int], to sums: inout [Int]) {
    let shape = node.weight.shape
    let (outputs, inputs, area) = (shape[0] / node.groups, shape[1], shape[2] * shape[3])
    for (element, value) in x.enumerated() where value != 0 {
        taps.forEach(of: element) { channel, position, place in
            let group = channel / inputs
            for output in group * outputs..<(group + 1) * outputs {
                let weight = node.weight.values[(output * inputs + channel % inputs) * area + position]
                sums[output * taps.placeCount + place] += Int(weight) * value
            }
        }
    }
}

/// The y of −2^23 < y ≤ 2^23 that differs from x by a multiple of 2^24.
private func wrapped(_ x: Int) -> Int { (x + (1 << 23) - 1) & (1 << 24 - 1) - (1 << 23) + 1 }
