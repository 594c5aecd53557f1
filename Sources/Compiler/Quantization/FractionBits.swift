import Glibc

extension PopulationQuantizer {
    /// The bits below a count of the grid: as many as sums and thresholds leave room for, 12 at most, or those asked for.
    ///
    /// - Parameters:
    ///   - bounds: the greatest sum of each row, by what sources can show.
    ///   - proved: the same by what their slots could hold.
    func fractionBits(
        _ scales: [Double], _ bounds: [Double], proved: [Double], _ biases: [Double], stateBits: Int
    )
        throws(CompileError) -> Int
    {
        let limit = limit(ofState: stateBits)
        func drive(_ bounds: [Double], _ row: Int, _ bits: Int) -> Double {
            bounds[row] * exp2(Double(bits)) + abs(biases[row] * scales[row] * exp2(Double(bits))) + 1
        }
        func threshold(_ row: Int, _ bits: Int) -> Double {
            model.fires ? model.greatestThreshold(row) * scales[row] * exp2(Double(bits)) : 0
        }
        /// Proved: no sum overflows, no threshold is out of reach.
        func isProved(_ bits: Int) -> Bool {
            (0..<count).allSatisfy { drive(proved, $0, bits) <= Double(Int32.max) && threshold($0, bits) < limit }
        }
        /// Membranes do not saturate: by calibration, or by bounds; thresholds of 20 bits (of 12 in 16) leave them a
        /// thousandfold (an eightfold) on either side.
        func isRoomy(_ bits: Int) -> Bool {
            (0..<count).allSatisfy { row in
                if let stateReach { return stateReach[row] * scales[row] * exp2(Double(bits)) <= limit }
                if accumulates && (stateBits == 32 || !model.fires)
                    && drive(bounds, row, bits) * accumulation[row] > limit
                {
                    return false
                }
                return threshold(row, bits) <= exp2(stateBits == 32 ? 20 : 12)
            }
        }
        guard isProved(0) else {
            let row = (0..<count).first { drive(proved, $0, 0) > Double(Int32.max) || threshold($0, 0) >= limit }!
            throw CompileError(
                "\(population.name): the sums or the threshold of neuron \(row) do not fit 32 bits; fewer weight or input bits help"
            )
        }
        if let asked = settings.fractionBits {
            guard isProved(asked) else {
                let most = (0...15).last(where: isProved)!
                throw CompileError(
                    "\(population.name): \(asked) fraction bits, where its sums and thresholds leave room for \(most)")
            }
            return asked
        }
        return model.isActivation || settings.scale != nil ? 0 : (1...12).last { isProved($0) && isRoomy($0) } ?? 0
    }
}
