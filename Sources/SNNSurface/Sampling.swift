// "From sensor values to samples" of docs/format.md for C, over `SNNSampling`. Calls nothing of the runtime, so that
// it links as an object of its own.

import CSNNRT
import SNNSampling

private let badArgument = SNNRT_ERR_BAD_ARGUMENT

@c @implementation
public func snnrt_sample(
    _ channels: UnsafePointer<snnrt_channel>?, _ channelCount: UInt32, _ values: UnsafePointer<Double>?,
    _ frame: UnsafeMutablePointer<Int16>?
) -> Int32 {
    guard let channels, let values, let frame else { return badArgument }
    for i in 0..<Int(truncatingIfNeeded: channelCount) {
        guard let scale = scale(channels[i]), values[i].isFinite else { return badArgument }
        frame[i] = scale.sample(values[i])
    }
    return SNNRT_OK
}

@c @implementation
public func snnrt_resample_row(
    _ resampler: UnsafeMutablePointer<snnrt_resampler>?, _ row: UnsafePointer<Double>?
) -> Int32 {
    guard let resampler, let row, let rate = rate(resampler.pointee) else { return badArgument }
    let count = Int(truncatingIfNeeded: resampler.pointee.channel_count)
    for i in 0...count where !row[i].isFinite { return badArgument }
    let (time, values) = (row[0], row + 1)
    var status = SNNRT_OK
    if resampler.pointee.row_count > 0 {
        let step = time - resampler.pointee.after
        if step <= 0 || timeOfNextFrame(resampler.pointee, rate) != nil { return badArgument }
        if step > rate.longestStep {
            resampler.pointee.row_count = 0
            status = SNNRT_GAP
        }
    }
    let kept = resampler.pointee.values!
    for i in 0..<count {
        kept[i] = kept[count &+ i]
        kept[count &+ i] = values[i]
    }
    resampler.pointee.before = resampler.pointee.after
    resampler.pointee.after = time
    if resampler.pointee.row_count == 0 { resampler.pointee.start = time }
    if resampler.pointee.row_count == 0 || takesRows(resampler.pointee, rate) { resampler.pointee.tick = 0 }
    resampler.pointee.row_count = 1
    return status
}

@c @implementation
public func snnrt_resample_frame(
    _ resampler: UnsafeMutablePointer<snnrt_resampler>?, _ frame: UnsafeMutablePointer<Int16>?
) -> Int32 {
    guard let resampler, let frame, let rate = rate(resampler.pointee) else { return badArgument }
    let count = Int(truncatingIfNeeded: resampler.pointee.channel_count)
    for i in 0..<count where scale(resampler.pointee.channels[i]) == nil { return badArgument }
    guard let time = timeOfNextFrame(resampler.pointee, rate) else { return SNNRT_OK }
    let values = resampler.pointee.values!
    let (before, after) = (resampler.pointee.before, resampler.pointee.after)
    for i in 0..<count {
        let value =
            time < after
            ? interpolated(
                before: values[i], after: values[count &+ i], timeBefore: before, timeAfter: after, time: time)
            : values[count &+ i]
        frame[i] = scale(resampler.pointee.channels[i])!.sample(value)
    }
    resampler.pointee.tick &+= 1
    return SNNRT_FRAME
}

/// When the next frame is due: the time of its values. Nil if that takes another row. Where rows are taken as they
/// stand, `tick` is 0 until the latest has been fetched.
private func timeOfNextFrame(_ resampler: snnrt_resampler, _ rate: TickRate) -> Double? {
    if resampler.row_count == 0 { return nil }
    if takesRows(resampler, rate) { return resampler.tick == 0 ? resampler.after : nil }
    let time = rate.time(ofTick: resampler.tick, from: resampler.start)
    return time <= resampler.after ? time : nil
}

private func takesRows(_ resampler: snnrt_resampler, _ rate: TickRate) -> Bool {
    rate.takesRowsAsTicks(interval: resampler.interval)
}

/// The model's rate; nil where the struct is not filled in as the header says.
private func rate(_ resampler: snnrt_resampler) -> TickRate? {
    if Int(truncatingIfNeeded: resampler.struct_size) != MemoryLayout<snnrt_resampler>.size { return nil }
    if resampler.channel_count == 0 || resampler.channels == nil || resampler.values == nil { return nil }
    if resampler.rate_numerator == 0 || resampler.rate_denominator == 0 || resampler.reserved != 0 { return nil }
    if !(resampler.interval >= 0) || resampler.row_count > 1 { return nil }
    return TickRate(numerator: resampler.rate_numerator, denominator: resampler.rate_denominator)
}

/// Nil where the channel is not one that snnrt_channel_info has filled in.
private func scale(_ channel: snnrt_channel) -> ChannelScale? {
    if Int(truncatingIfNeeded: channel.struct_size) != MemoryLayout<snnrt_channel>.size { return nil }
    if channel.scale_numerator == 0 || channel.scale_denominator == 0 { return nil }
    return ChannelScale(numerator: channel.scale_numerator, denominator: channel.scale_denominator)
}
