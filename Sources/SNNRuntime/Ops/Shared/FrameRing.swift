/// The latest frames of a slot, kept in an op's state: u32 place, then `depth` frames of the slot's elements, those of one
/// bit without their number (docs/format.md, "sparse").
struct FrameRing {
    let slot: Slot
    /// D, 1 … 4096.
    let depth: UInt32

    /// Bytes of a frame.
    var frameByteCount: UInt32 { slot.isBitmap ? 4 &* spikeWordCount(slot.count) : slot.byteCount }

    /// Bytes of the ring; `unbounded` where that passes 2^32 − 1, which no arena has.
    var byteCount: UInt32 {
        let (frames, overflow) = frameByteCount.multipliedReportingOverflow(by: depth)
        let (all, carry) = frames.addingReportingOverflow(4)
        return overflow || carry ? unbounded : all
    }

    /// Keeps the slot's elements as the frame of this tick. `state`: arena offset of the ring.
    func take(_ workspace: Workspace, _ state: UInt32) {
        let from = workspace.words(slot.elements)
        let to = workspace.words(frame(ago: 0, workspace, state))
        for i in 0..<index(frameByteCount &>> 2) { to[i] = from[i] }
    }

    /// Arena offset of the frame `delay` ticks ago, delay < depth.
    @inline(__always)
    func frame(ago delay: UInt32, _ workspace: Workspace, _ state: UInt32) -> UInt32 {
        let place = workspace.words(state)[0]
        let number = place >= delay ? place &- delay : place &+ depth &- delay
        return state &+ 4 &+ number &* frameByteCount
    }

    /// Ends the tick.
    func advance(_ workspace: Workspace, _ state: UInt32) {
        let place = workspace.words(state)
        place[0] = place[0] &+ 1 == depth ? 0 : place[0] &+ 1
    }
}
