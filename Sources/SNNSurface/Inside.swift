// The functions of the C surface that look inside a network.

import CSNNRT
import SNNRuntime

@c @implementation
public func snnrt_slot(
    _ network: OpaquePointer?, _ slot: UInt32, _ values: UnsafeMutablePointer<Int32>?, _ capacity: Int,
    _ count: UnsafeMutablePointer<UInt32>?
) -> Int32 {
    guard let opened = open(network) else { return Status.notANetwork.rawValue }
    if slot >= opened.model.slotCount { return Status.badArgument.rawValue }
    let elementCount = opened.elementCount(ofSlot: slot)
    if capacity != 0 {
        guard let values, capacity >= Int(truncatingIfNeeded: elementCount) else { return Status.badArgument.rawValue }
        opened.copyValues(ofSlot: slot, to: values)
    }
    count?.pointee = elementCount
    return SNNRT_OK
}

@c @implementation
public func snnrt_op_info(_ network: OpaquePointer?, _ op: UInt32, _ info: UnsafeMutablePointer<snnrt_op>?) -> Int32 {
    report(to: nil) { () throws(Refusal) in
        guard let opened = open(network) else { throw Refusal(.notANetwork) }
        guard let info, hasSize(info.pointee.struct_size, snnrt_op.self), op < opened.model.opCount else {
            throw Refusal(.badArgument)
        }
        let file = opened.model.file
        guard file.linksLoader(ofOp: op) else { throw Refusal(.unsupported) }
        let target = file.targetSlot(ofOp: op)
        info.pointee.kind = UInt32(truncatingIfNeeded: file.u8(file.opRecord(op) &+ Record.Op.kind))
        info.pointee.source_slot = file.sourceSlot(ofOp: op)
        info.pointee.target_slot = target == Record.Op.noSlot ? SNNRT_NO_SLOT : target
        var count: UInt32 = 0
        while opened.stateVariable(count, ofOp: op) != nil { count &+= 1 }  // ≤ 4
        info.pointee.variable_count = count
    }
}

@c @implementation
public func snnrt_state_variable(
    _ network: OpaquePointer?, _ op: UInt32, _ variable: UInt32, _ info: UnsafeMutablePointer<snnrt_variable>?,
    _ values: UnsafeMutablePointer<Int32>?, _ capacity: Int
) -> Int32 {
    report(to: nil) { () throws(Refusal) in
        guard let opened = open(network) else { throw Refusal(.notANetwork) }
        if op >= opened.model.opCount { throw Refusal(.badArgument) }
        guard opened.model.file.linksLoader(ofOp: op) else { throw Refusal(.unsupported) }
        guard let found = opened.stateVariable(variable, ofOp: op) else { throw Refusal(.badArgument) }
        if let info {
            if !hasSize(info.pointee.struct_size, snnrt_variable.self) { throw Refusal(.badArgument) }
            info.pointee.count = found.count
            info.pointee.bits = found.isWide ? 32 : 16
            info.pointee.name = (CChar(bitPattern: found.name), 0, 0, 0)
        }
        if capacity != 0 {
            guard let values, capacity >= Int(truncatingIfNeeded: found.count) else { throw Refusal(.badArgument) }
            opened.copyVariable(variable, ofOp: op, to: values)
        }
    }
}

@c @implementation
public func snnrt_state(
    _ network: OpaquePointer?, _ bytes: UnsafeMutablePointer<UnsafeRawPointer?>?,
    _ byteCount: UnsafeMutablePointer<Int>?
) -> Int32 {
    guard let opened = open(network) else { return Status.notANetwork.rawValue }
    guard let bytes, let byteCount else { return Status.badArgument.rawValue }
    let block = opened.stateBlock
    bytes.pointee = block.baseAddress
    byteCount.pointee = block.count
    return SNNRT_OK
}
