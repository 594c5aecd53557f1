/// Fills a spikes slot, plain or graded, neuron by neuron.
struct SpikeWriter {
    private let words: UnsafeMutablePointer<UInt32>
    private let values: UnsafeMutablePointer<Int16>
    private let isGraded: Bool
    private var eventCount: UInt32

    /// The first `start` neurons are there already, with `eventCount` spikes and the rest of their last word 0.
    @inline(__always)
    init(_ workspace: Workspace, _ slot: Slot, from start: Int = 0, _ eventCount: UInt32 = 0) {
        self.eventCount = eventCount
        words = workspace.words(slot.place)
        values = workspace.int16s(slot.place)
        isGraded = slot.bits > 1
        if !isGraded {
            for number in (start &+ 31) &>> 5..<index(spikeWordCount(slot.count)) { words[number &+ 1] = 0 }
        }
    }

    @inline(__always)
    mutating func put(_ spikes: Int32, _ i: Int) {
        if isGraded { values[i] = Int16(truncatingIfNeeded: spikes) }  // < 2^8
        if spikes == 0 { return }
        eventCount &+= 1
        if !isGraded { words[(i &>> 5) &+ 1] |= 1 &<< UInt32(truncatingIfNeeded: i & 31) }
    }

    /// Returns how many neurons fired.
    @inline(__always)
    func finish() -> UInt32 {
        if !isGraded { words[0] = eventCount }
        return eventCount
    }
}
