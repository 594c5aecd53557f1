// What the compiler reads of a running network to calibrate it.

extension Network {
    /// A variable of a lif op, one element per neuron, as the latest tick left it: U (not of LI and CuBa-LI, whose slot it is),
    /// then Y of CuBa models. False where the op has no such variable.
    package func copyVariable(_ variable: UInt32, ofOp op: UInt32, to values: UnsafeMutablePointer<Int32>) -> Bool {
        guard case .lif(let lif) = program[index(op)], variable < lif.variableCount else { return false }
        let place = lif.state &+ variable &* lif.variableByteCount
        for i in 0..<index(lif.source.count) {
            values[i] = lif.isWide ? workspace.int32s(place)[i] : Int32(truncatingIfNeeded: workspace.int16s(place)[i])
        }
        return true
    }
}
