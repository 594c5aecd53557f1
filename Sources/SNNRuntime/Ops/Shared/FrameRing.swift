/// The latest frames of a slot, kept in an op's state: u32 place, then `depth` frames of the slot's elements, those of one
/// bit without their number (format.md section 9.7).
struct FrameRing {
    let slot: Slot
    /// D, 1 … 4096.
    let depth: UInt32
    /// Arena offset.
    let state: UInt32

    /// Bytes of a frame.
    var frameByteCount: UInt32 { slot.isBitmap ? 4 &* spikeWordCount(slot.count) : slot.byteCount }

    /// Bytes of the ring; `unbounded` where that passes 2^32 − 1, which no arena has.
    var byteCount: UInt32 {
        let (frames, overflow) = frameByteCount.multipliedReportingOverflow(by: depth)
        let (all, carry) = frames.addingReportingOverflow(4)
        return overflow || carry ? unbounded : all
    }

    /// Keeps the slot's elements as the frame of this tick.
    func take(_ workspace: Workspace) {
        let from = workspace.words(slot.elements)
        let to = workspace.words(frame(ago: 0, workspace))
        for i in 0..<index(frameByteCount &>> 2) { to[i] = from[i] }
    }

    /// Arena offset of the frame `delay` ticks ago, delay < depth.
    @inline(__always)
    func frame(ago delay: UInt32, _ workspace: Workspace) -> UInt32 {
        let place = workspace.words(state)[0]
        let number = place >= delay ? place &- delay : place &+ depth &- delay
        return state &+ 4 &+ number &* frameByteCount
    }

    /// Ends the tick.
    func advance(_ workspace: Workspace) {
        let place = workspace.words(state)
        place[0] = place[0] &+ 1 == depth ? 0 : place[0] &+ 1
    }
}

/// The elements of a slot, or of a frame kept of it.
struct Frame {
    let slot: Slot
    /// Arena offset of the elements, behind the number of ones.
    let place: UInt32

    /// Calls `body(element, value)` for every element that is not zero, in ascending order. Returns their number.
    @inline(__always)
    func forEachEvent(_ workspace: Workspace, _ synapses: Synapses, _ body: (Int, Int32) -> Void) -> UInt32 {
        var events: UInt32 = 0
        if slot.isBitmap {
            let words = workspace.words(place)
            for number in 0..<index(spikeWordCount(slot.count)) {
                var word = words[number]
                while word != 0 {
                    events &+= 1
                    body(number &* 32 &+ word.trailingZeroBitCount, 1)
                    word &= word &- 1
                }
            }
            return events
        }
        for element in 0..<index(slot.count) {
            let value =
                slot.bits == 32
                ? synapses.narrowed(workspace.int32s(place)[element])
                : Int32(truncatingIfNeeded: workspace.int16s(place)[element])
            if value == 0 { continue }
            events &+= 1
            body(element, value)
        }
        return events
    }
}
