// The C surface: conversion only. include/snnrt.h is the contract, and the compiler holds every
// signature here to it.

import CKernels
import CSNNRT
import SNNRuntime

// MARK: Inspect and open

@c @implementation
public func snnrt_inspect(
    _ model: UnsafeRawPointer?, _ modelByteCount: Int, _ options: UnsafePointer<snnrt_options>?,
    _ info: UnsafeMutablePointer<snnrt_info>?, _ refusedAt: UnsafeMutablePointer<UInt32>?
) -> Int32 {
    report(to: refusedAt) { () throws(Refusal) in
        guard let info, hasSize(info.pointee.struct_size, snnrt_info.self) else { throw Refusal(.badArgument) }
        let model = try unproved(model, modelByteCount, options, isTold: true)
        try model.proveSums()
        try describe(model, options, in: info)
    }
}

@inline(never)
private func describe(
    _ model: Model, _ options: UnsafePointer<snnrt_options>?, in info: UnsafeMutablePointer<snnrt_info>
) throws(Refusal) {
    let (accounting, limits) = try read(options)
    let layout = try Network.layout(of: model, accounting: accounting)
    info.pointee.arena_bytes = layout.byteCount
    info.pointee.arena_alignment = 8
    info.pointee.model_bytes = model.byteCount
    info.pointee.model_checksum = model.checksum
    info.pointee.state_bytes = layout.stateBlock.byteCount
    info.pointee.channel_count = model.channelCount
    info.pointee.class_count = model.classCount
    info.pointee.op_count = model.opCount
    info.pointee.slot_count = model.slotCount
    info.pointee.rate_numerator = model.rateNumerator
    info.pointee.rate_denominator = model.rateDenominator
    info.pointee.window_ticks = model.windowTickCount
    info.pointee.hop_ticks = model.ticksPerResult
    info.pointee.s_ace_per_result = model.sAcePerResult
    info.pointee.footprint_bits = try model.footprintBits()
    info.pointee.operations_per_tick = model.operationsPerTick
    info.pointee.operations_to_open = model.operationsToOpen
    try model.check(limits)
    try Network.check(limits, model, accounting: accounting)
}

@c @implementation
public func snnrt_open(
    _ model: UnsafeRawPointer?, _ modelByteCount: Int, _ arena: UnsafeMutableRawPointer?, _ arenaByteCount: Int,
    _ options: UnsafePointer<snnrt_options>?, _ network: UnsafeMutablePointer<OpaquePointer?>?,
    _ refusedAt: UnsafeMutablePointer<UInt32>?
) -> Int32 {
    report(to: refusedAt) { () throws(Refusal) in
        guard let network else { throw Refusal(.badArgument) }
        network.pointee = nil
        guard let arena, arenaByteCount >= 0 else { throw Refusal(.badArgument) }
        let model = try unproved(model, modelByteCount, options, isTold: false)
        try model.proveSums()
        let accounting = try accounting(of: model, within: options)
        let memory = UnsafeMutableRawBufferPointer(start: arena, count: arenaByteCount)
        _ = try Network(model, in: memory, accounting: accounting)
        network.pointee = OpaquePointer(arena)
    }
}

/// Holds a network to the limits of its memory; they are off the stack when it is laid out.
@inline(never)
private func accounting(
    of model: Model, within options: UnsafePointer<snnrt_options>?
) throws(Refusal) -> Network.Accounting {
    let (accounting, limits) = try read(options)
    try Network.check(limits, model, accounting: accounting)
    return accounting
}

/// A model whose proof of sums is still to come: the limits are off the stack by then. `isTold`: what is over a limit is
/// found nonetheless, but for a file that would take too long to check.
@inline(never)
func unproved(
    _ model: UnsafeRawPointer?, _ byteCount: Int, _ options: UnsafePointer<snnrt_options>?, isTold: Bool
) throws(Refusal) -> Model {
    var limits = try read(options).1
    if isTold { (limits.byteCount, limits.operationsPerTick) = (0, UInt64.max) }
    return try Model(unproved: try buffer(model, byteCount), limits)
}

@c @implementation
public func snnrt_attach(
    _ image: UnsafeRawPointer?, _ imageByteCount: Int, _ model: UnsafeRawPointer?, _ modelByteCount: Int,
    _ arena: UnsafeMutableRawPointer?, _ arenaByteCount: Int, _ network: UnsafeMutablePointer<OpaquePointer?>?,
    _ refusedAt: UnsafeMutablePointer<UInt32>?
) -> Int32 {
    report(to: refusedAt) { () throws(Refusal) in
        guard let network else { throw Refusal(.badArgument) }
        network.pointee = nil
        guard let arena, arenaByteCount >= 0 else { throw Refusal(.badArgument) }
        let memory = UnsafeMutableRawBufferPointer(start: arena, count: arenaByteCount)
        _ = try Network(
            attaching: try buffer(image, imageByteCount), to: try buffer(model, modelByteCount), in: memory)
        network.pointee = OpaquePointer(arena)
    }
}

@c @implementation
public func snnrt_channel_info(
    _ network: OpaquePointer?, _ channel: UInt32, _ info: UnsafeMutablePointer<snnrt_channel>?
) -> Int32 {
    guard let opened = open(network) else { return Status.notANetwork.rawValue }
    guard let info, hasSize(info.pointee.struct_size, snnrt_channel.self), channel < opened.model.channelCount else {
        return Status.badArgument.rawValue
    }
    let found = opened.model.channel(channel)
    info.pointee.scale_numerator = found.scaleNumerator
    info.pointee.scale_denominator = found.scaleDenominator
    info.pointee.reserved = 0
    info.pointee.name = characters(found.name)
    info.pointee.unit = characters(found.unit)
    return SNNRT_OK
}

@c @implementation
public func snnrt_class_name(
    _ network: OpaquePointer?, _ classIndex: UInt32, _ name: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
    guard let opened = open(network) else { return Status.notANetwork.rawValue }
    guard let name, classIndex < opened.model.classCount else { return Status.badArgument.rawValue }
    name.pointee = characters(opened.model.className(classIndex))
    return SNNRT_OK
}

// MARK: Run

@c @implementation
public func snnrt_push(
    _ network: OpaquePointer?, _ samples: UnsafePointer<Int16>?, _ frameCount: Int,
    _ taken: UnsafeMutablePointer<Int>?
) -> Int32 {
    taken?.pointee = 0
    guard let opened = open(network) else { return Status.notANetwork.rawValue }
    if frameCount < 0 || (taken == nil && frameCount > 1) { return Status.badArgument.rawValue }
    if frameCount == 0 { return SNNRT_OK }
    guard let samples else { return Status.badArgument.rawValue }
    if UInt(bitPattern: samples) & 1 != 0 { return Status.misaligned.rawValue }
    let pushed = opened.push(samples, frameCount: frameCount)
    taken?.pointee = pushed.taken
    return pushed.hasResult ? SNNRT_RESULT : SNNRT_OK
}

@c @implementation
public func snnrt_push_bytes(
    _ network: OpaquePointer?, _ bytes: UnsafeRawPointer?, _ frameCount: Int, _ byteOrder: UInt32,
    _ taken: UnsafeMutablePointer<Int>?
) -> Int32 {
    taken?.pointee = 0
    guard let opened = open(network) else { return Status.notANetwork.rawValue }
    if frameCount < 0 || (taken == nil && frameCount > 1) || byteOrder > 1 { return Status.badArgument.rawValue }
    if frameCount == 0 { return SNNRT_OK }
    guard var at = bytes?.assumingMemoryBound(to: UInt8.self) else { return Status.badArgument.rawValue }
    let (frame, channelCount) = (opened.frame, Int(truncatingIfNeeded: opened.channelCount))
    for number in 0..<frameCount {
        for channel in 0..<channelCount {
            frame[channel] = snnrt_packed_int16(at, byteOrder)
            at += 2
        }
        let hasResult = snnrt_push(network, frame, 1, nil) == SNNRT_RESULT
        taken?.pointee = number &+ 1
        if hasResult { return SNNRT_RESULT }
    }
    return SNNRT_OK
}

@c @implementation
public func snnrt_result(
    _ network: OpaquePointer?, _ label: UnsafeMutablePointer<Int32>?, _ scores: UnsafeMutablePointer<Int32>?,
    _ scoreCapacity: Int
) -> Int32 {
    report(to: nil) { () throws(Refusal) in
        guard let opened = open(network) else { throw Refusal(.notANetwork) }
        if scoreCapacity < 0 || (scoreCapacity > 0 && scores == nil) { throw Refusal(.badArgument) }
        var latest: Int32 = 0
        try opened.copyResult(
            label: &latest, scores: UnsafeMutableBufferPointer(start: scores, count: scores == nil ? 0 : scoreCapacity))
        label?.pointee = latest
    }
}

@c @implementation
public func snnrt_reset(_ network: OpaquePointer?, _ what: UInt32) -> Int32 {
    guard let opened = open(network) else { return Status.notANetwork.rawValue }
    let (state, usage) = (UInt32(SNNRT_RESET_STATE), UInt32(SNNRT_RESET_USAGE))
    if what == 0 || what & ~(state | usage) != 0 { return Status.badArgument.rawValue }
    if what & state != 0 { opened.resetState() }
    if what & usage != 0 { opened.resetUsage() }
    return SNNRT_OK
}

// MARK: Conversion

/// Runs `body`; its refusal becomes a status, and an offset at `refusedAt`.
func report(to refusedAt: UnsafeMutablePointer<UInt32>?, _ body: () throws(Refusal) -> Void) -> Int32 {
    refusedAt?.pointee = 0
    do {
        try body()
        return SNNRT_OK
    } catch {
        refusedAt?.pointee = error.offset
        return error.status.rawValue
    }
}

func open(_ network: OpaquePointer?) -> Network? {
    guard let network else { return nil }
    return Network(openedIn: UnsafeMutableRawPointer(network))
}

func buffer(_ start: UnsafeRawPointer?, _ byteCount: Int) throws(Refusal) -> UnsafeRawBufferPointer {
    guard let start, byteCount >= 0 else { throw Refusal(.badArgument) }
    return UnsafeRawBufferPointer(start: start, count: byteCount)
}

/// True if a struct's first field states the size this library knows.
func hasSize<Struct>(_ stated: UInt32, _: Struct.Type) -> Bool {
    Int(truncatingIfNeeded: stated) == MemoryLayout<Struct>.size
}

private func read(
    _ options: UnsafePointer<snnrt_options>?
) throws(Refusal) -> (Network.Accounting, Model.Limits) {
    var limits = Model.Limits()
    (limits.operationsPerTick, limits.operationsToOpen) = (0, 0)
    guard let options = options?.pointee else { return (.basic, limits) }
    guard hasSize(options.struct_size, snnrt_options.self), options.reserved == 0,
        let accounting = Network.Accounting(rawValue: options.accounting)
    else { throw Refusal(.badArgument) }
    limits.arenaByteCount = options.max_arena_bytes
    limits.byteCount = options.max_model_bytes
    limits.operationsPerTick = options.max_operations_per_tick
    limits.operationsToOpen = options.max_operations_to_open
    limits.sAcePerResult = options.max_s_ace_per_result
    return (accounting, limits)
}

private func characters(_ string: UnsafePointer<UInt8>) -> UnsafePointer<CChar> {
    UnsafeRawPointer(string).assumingMemoryBound(to: CChar.self)
}
