// What plots, tests and the compiler's calibration read of a running network.

extension Network {
    /// State variable `variable` of an op; nil where the op has no such variable.
    package func stateVariable(_ variable: UInt32, ofOp op: UInt32) -> StateVariable? {
        let declaration = model.file.declaration(ofOp: op)
        return index(variable) < declaration.variableCount ? declaration.variables[index(variable)] : nil
    }

    /// Copies a state variable of an op as the latest tick left it, `count` values of `stateVariable`: of lif U (not of LI and
    /// CuBa-LI, whose slot it is), then Y of CuBa models. False where the op has no such variable.
    @discardableResult
    package func copyVariable(_ variable: UInt32, ofOp op: UInt32, to values: UnsafeMutablePointer<Int32>) -> Bool {
        let declaration = model.file.declaration(ofOp: op)
        if index(variable) >= declaration.variableCount { return false }
        var offset = program[index(op)].header.state
        for earlier in 0..<index(variable) { offset &+= declaration.variables[earlier].byteCount }
        let found = declaration.variables[index(variable)]
        for i in 0..<index(found.count) {
            values[i] = found.isWide ? workspace.int32s(offset)[i] : workspace.int16s(offset)[i].value
        }
        return true
    }
}
