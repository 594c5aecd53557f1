import Glibc
import NIR

/// Makes a model file of a netx network: its integers as they are, spikes when and a tick as late as its blocks say.
///
/// - Parameter firesAtThreshold: v ≥ θ fires; what the file's block says where nil.
/// - Throws: weights that the chip has not, named by their place in the file.
public func compileLoihi(
    _ netx: NetxNetwork, _ options: CompileOptions, firesAtThreshold: Bool? = nil
) throws(CompileError) -> Compiled {
    let fires = firesAtThreshold ?? netx.block.firesAtThreshold
    var network = ChipNetwork(
        chip: .loihi, inputShape: netx.layers[0].inputShape, populations: [], output: netx.layers.count - 1,
        outputGroups: netx.averagedGroups, firesAtThreshold: fires,
        origin: [
            "compiled-from: lava-dl netx", "fires: \(fires ? "at" : "beyond") the threshold",
            "layers: \(netx.block.hasTickPerLayer ? "a tick late each" : "in the same tick")",
        ])
    for (number, layer) in netx.layers.enumerated() {
        let source = number == 0 ? nil : number - 1
        var terms: [ChipNetwork.Term] = []
        func add(_ form: ChipNetwork.Term.Form, _ weights: [Int], from source: Int?, isLate: Bool) {
            terms.append(
                ChipNetwork.Term(source: source, isLate: isLate, form: form, weights: weights, signalToNoise: nil))
        }
        let isLate = layer.neurons.block.hasTickPerLayer
        switch layer.connection {
        case .values(let weight):
            network.input = try inputScale(weight, options, layer.name)
            add(.diagonal, Array(repeating: 1, count: layer.count), from: nil, isLate: false)
        case .dense(let weight, let recurrent):
            try checkSigns(weight, "\(layer.name)/weight", rowLength: layer.inputCount)
            add(.matrix(columns: layer.inputCount), weight, from: source, isLate: isLate)
            if let recurrent {
                try checkSigns(recurrent, "\(layer.name)/weight_rec", rowLength: layer.count)
                add(.matrix(columns: layer.count), recurrent, from: number, isLate: true)
            }
        case .convolution(let node):
            let weight = node.weight.values.map { Int($0) }
            try checkSigns(weight, "\(layer.name)/weight", rowLength: weight.count / node.weight.shape[0])
            let map = ConvolutionMap(
                node: node, from: layer.inputShape, to: layer.shape,
                factors: Array(repeating: 1, count: layer.shape[0]))
            add(.convolution(map), weight, from: source, isLate: isLate)
        }
        network.populations.append(
            ChipNetwork.Population(
                name: layer.name, shape: layer.shape, terms: terms,
                parameters: .loihi(
                    exponent: layer.neurons.weightExponent, currentDecay: layer.neurons.currentDecay,
                    voltageDecay: layer.neurons.voltageDecay,
                    threshold: Array(repeating: layer.neurons.threshold << 6, count: layer.count),
                    bias: layer.bias.map { $0 << 6 }),
                scale: 1, delays: layer.delays))
    }
    return try network.compiled(options)
}

/// Where a matrix has both signs the chip drops the lowest of 8 bits.
private func checkSigns(_ weight: [Int], _ place: String, rowLength: Int) throws(CompileError) {
    guard weight.contains(where: { $0 > 0 }), weight.contains(where: { $0 < 0 }) else { return }
    if let odd = weight.firstIndex(where: { $0 & 1 != 0 }) {
        let (row, column) = odd.quotientAndRemainder(dividingBy: rowLength)
        let hint = weight[odd] == 255 ? "; Lava takes 254 for 255 there" : ""
        throw CompileError(
            "\(place): \(weight[odd]) at [\(row), \(column)] is odd, where a matrix of both signs has even weights on the chip\(hint)"
        )
    }
}

/// Multipliers and a shift that make the chip's currents of samples: weight times what a count is worth, as near as 15 bits come.
private func inputScale(
    _ weight: [Int], _ options: CompileOptions, _ name: String
) throws(CompileError) -> (multipliers: [Int], shift: Int) {
    guard let count = options.counts.first, options.counts.allSatisfy({ $0 == count }), options.normalization == nil
    else {
        throw CompileError(
            "\(name): --target loihi takes counts as they are: one --count for all channels, no --normalize")
    }
    let (numerator, denominator) = (Int(count.numerator), Int(count.denominator))
    let common = Set(weight).count == 1 ? [weight[0]] : weight
    if common.allSatisfy({ $0 * numerator % denominator == 0 }) {
        let multipliers = common.map { $0 * numerator / denominator }
        if multipliers.allSatisfy({ abs($0) <= 32767 }) { return (multipliers, 0) }
    }
    let factors = common.map { Double($0) * Double(numerator) / Double(denominator) }
    let greatest = factors.map(abs).max()!
    let shift = greatest > 0 ? min(31, Int(log2(32767 / greatest).rounded(.down))) : 0
    let multipliers = factors.map { ($0 * exp2(Double(max(0, shift)))).rounded() }
    if shift < 0 || zip(multipliers, factors).contains(where: { $0 == 0 && $1 != 0 }) {
        throw CompileError(
            "\(name)/weight: a count of a sample is \(greatest) of the chip's weights, expected 2^-31 to 32,767",
            node: name)
    }
    return (multipliers.map { Int($0) }, shift)
}
