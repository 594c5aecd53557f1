// "From a sensor's counts to samples" of docs/format.md for C, over `SNNSampling`. Calls nothing of the runtime, so that
// it links as an object of its own.

import CKernels
import CSNNRT
import SNNSampling

private let badArgument = SNNRT_ERR_BAD_ARGUMENT

@c @implementation
public func snnrt_sensor_begin(
    _ sensor: UnsafeMutablePointer<snnrt_sensor>?, _ channels: UnsafePointer<snnrt_channel>?
) -> Int32 {
    guard let sensor, let channels, hasSize(sensor), let axes = sensor.pointee.axes, sensor.pointee.last_row != nil,
        sensor.pointee.byte_order <= 1, sensor.pointee.channel_count != 0,
        (sensor.pointee.channel_count | sensor.pointee.row_bytes) &>> 16 == 0
    else { return badArgument }
    // An int16 begins before a row's last byte; one at 2^32 − 2 would wrap.
    let lastByte = sensor.pointee.row_bytes == 0 ? 0 : sensor.pointee.row_bytes &- 1
    for i in 0..<channelCount(sensor) {
        let (axis, channel) = (axes + i, channels + i)
        guard axis.pointee.offset < lastByte, axis.pointee.sign == 1 || axis.pointee.sign == -1,
            Int(truncatingIfNeeded: channel.pointee.struct_size) == MemoryLayout<snnrt_channel>.size,
            let scale = CountScale(
                sensorNumerator: axis.pointee.scale_numerator, sensorDenominator: axis.pointee.scale_denominator,
                channelNumerator: channel.pointee.scale_numerator,
                channelDenominator: channel.pointee.scale_denominator)
        else { return badArgument }
        (axis.pointee.multiplier, axis.pointee.shift) = (scale.multiplier, scale.shift)
    }
    guard
        let timing = SensorTiming(
            clockHertz: sensor.pointee.clock_hertz, rateNumerator: sensor.pointee.rate_numerator,
            rateDenominator: sensor.pointee.rate_denominator, rowTicks: sensor.pointee.row_ticks)
    else { return badArgument }
    sensor.pointee.row = nil
    sensor.pointee.has_last_row = 0
    sensor.pointee.takes_rows = timing.takesRows ? 1 : 0
    sensor.pointee.longest_step = timing.longestStep
    put(timing.framePeriod, &sensor.pointee.frame_period)
    return SNNRT_OK
}

@c @implementation
public func snnrt_sensor_burst(
    _ sensor: UnsafeMutablePointer<snnrt_sensor>?, _ rows: UnsafeRawPointer?, _ rowCount: Int, _ span: UInt32
) -> Int32 {
    // snnrt_sensor_begin leaves no frame period of 0.
    guard let sensor, hasSize(sensor), sensor.pointee.frame_period.0 != 0, rowCount >= 0, rowCount <= 65535,
        sensor.pointee.row == nil, sensor.pointee.row_ticks != 0
    else { return badArgument }
    if rowCount == 0 { return SNNRT_OK }
    let count = UInt32(truncatingIfNeeded: rowCount)
    let (nominal, overflow) = sensor.pointee.row_ticks.multipliedReportingOverflow(by: count)
    guard let rows, !overflow, nominal < 1 &<< 30 else { return badArgument }

    let span = span == 0 ? nominal : span
    let isFirst = sensor.pointee.has_last_row == 0
    // Below 2^31: L is below 2^30.
    let isLate = !isFirst && span > nominal && span &- nominal > sensor.pointee.longest_step &+ nominal &>> 3
    if isFirst || isLate {
        // The first row is at time 0, and so is the first frame.
        (sensor.pointee.has_last_row, sensor.pointee.step, sensor.pointee.ahead) = (0, 0, 0)
        sensor.pointee.frame_period.2 = 0
        put(TickPeriod(quotient: sensor.pointee.row_ticks, remainder: 0, phase: 0), &sensor.pointee.row_period)
    } else {
        if span < count { return badArgument }
        put(TickPeriod(total: span, divisor: count), &sensor.pointee.row_period)
    }
    sensor.pointee.row = rows.assumingMemoryBound(to: UInt8.self)
    (sensor.pointee.row_index, sensor.pointee.row_count) = (0, count)
    return isLate ? SNNRT_GAP : SNNRT_OK
}

@c @implementation
public func snnrt_sensor_frame(
    _ sensor: UnsafeMutablePointer<snnrt_sensor>?, _ frame: UnsafeMutablePointer<Int16>?
) -> Int32 {
    guard let sensor, let frame, hasSize(sensor), let axes = sensor.pointee.axes, let lastRow = sensor.pointee.last_row
    else { return badArgument }
    if UInt(bitPattern: frame) & 1 != 0 { return SNNRT_ERR_MISALIGNED }
    guard let row = rowOfNextFrame(sensor, lastRow) else { return SNNRT_OK }
    write(frame, row, lastRow, axes, sensor)
    if sensor.pointee.takes_rows != 0 {
        sensor.pointee.ahead = 1
    } else {
        // At most 2^31 + 2^28 behind the row before.
        sensor.pointee.ahead &+= next(&sensor.pointee.frame_period, divisor: sensor.pointee.rate_numerator)
    }
    return SNNRT_FRAME
}

// MARK: Rows

/// Takes rows until one is at or behind the next frame: `ahead` is the ticks from the row before it to the frame, at most
/// the `step` from there to the row. Where rows are frames, `step` is 0, and `ahead` is 0 until the row has been fetched.
/// Nil if the burst has none; its last row is kept then, for the frames before the next burst's first one.
@inline(__always)
private func rowOfNextFrame(
    _ sensor: UnsafeMutablePointer<snnrt_sensor>, _ lastRow: UnsafeMutablePointer<UInt8>
) -> UnsafePointer<UInt8>? {
    guard var row = sensor.pointee.row else { return nil }
    var index = sensor.pointee.row_index
    while index == 0 || sensor.pointee.ahead > sensor.pointee.step {
        if index == sensor.pointee.row_count {
            for i in 0..<rowByteCount(sensor) { lastRow[i] = snnrt_packed_byte(row + i) }
            sensor.pointee.has_last_row = 1
            sensor.pointee.row = nil
            return nil
        }
        if index > 0 { row += rowByteCount(sensor) }
        index &+= 1
        if sensor.pointee.takes_rows != 0 {
            sensor.pointee.ahead = 0
        } else if index > 1 || sensor.pointee.has_last_row != 0 {
            sensor.pointee.ahead &-= sensor.pointee.step
            sensor.pointee.step = next(&sensor.pointee.row_period, divisor: sensor.pointee.row_count)
        }
    }
    (sensor.pointee.row, sensor.pointee.row_index) = (row, index)
    return row
}

/// Writes the frame that is due at `row` or between the row before and it.
@inline(__always)
private func write(
    _ frame: UnsafeMutablePointer<Int16>, _ row: UnsafePointer<UInt8>, _ lastRow: UnsafePointer<UInt8>,
    _ axes: UnsafePointer<snnrt_axis>, _ sensor: UnsafeMutablePointer<snnrt_sensor>
) {
    var (before, fraction) = (row, Int32(0))
    if sensor.pointee.ahead < sensor.pointee.step {
        fraction = fractionQ15(sensor.pointee.ahead, of: sensor.pointee.step)
        before = sensor.pointee.row_index > 1 ? row - rowByteCount(sensor) : lastRow
    }
    let order = sensor.pointee.byte_order
    for i in 0..<channelCount(sensor) {
        let axis = axes + i
        let place = Int(truncatingIfNeeded: axis.pointee.offset)
        let value = interpolated(
            before: snnrt_packed_int16(before + place, order), after: snnrt_packed_int16(row + place, order),
            fraction: fraction)
        let scale = CountScale(multiplier: axis.pointee.multiplier, shift: axis.pointee.shift)
        frame[i] = scale.sample(axis.pointee.sign < 0 ? 0 &- value : value)
    }
}

// MARK: Conversion

@inline(__always)
private func hasSize(_ sensor: UnsafeMutablePointer<snnrt_sensor>) -> Bool {
    Int(truncatingIfNeeded: sensor.pointee.struct_size) == MemoryLayout<snnrt_sensor>.size
}

@inline(__always)
private func channelCount(_ sensor: UnsafeMutablePointer<snnrt_sensor>) -> Int { short(sensor.pointee.channel_count) }

@inline(__always)
private func rowByteCount(_ sensor: UnsafeMutablePointer<snnrt_sensor>) -> Int { short(sensor.pointee.row_bytes) }

/// The number, held to what snnrt_sensor_begin lets pass, so that no loop or pointer can run over.
@inline(__always)
private func short(_ number: UInt32) -> Int { Int(truncatingIfNeeded: number & 0xffff) }

private func put(_ period: TickPeriod, _ place: inout (UInt32, UInt32, UInt32)) {
    place = (period.quotient, period.remainder, period.phase)
}

/// The ticks of the next period at `place`.
@inline(__always)
private func next(_ place: inout (UInt32, UInt32, UInt32), divisor: UInt32) -> UInt32 {
    var period = TickPeriod(quotient: place.0, remainder: place.1, phase: place.2)
    let ticks = period.next(divisor: divisor)
    place.2 = period.phase
    return ticks
}
