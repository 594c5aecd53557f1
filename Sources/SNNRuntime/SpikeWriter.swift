/// Fills a spikes slot, plain or graded, neuron by neuron.
struct SpikeWriter {
    private let words: UnsafeMutablePointer<UInt32>
    private let values: UnsafeMutablePointer<Int16>
    private let isGraded: Bool
    private var eventCount: UInt32 = 0

    @inline(__always)
    init(_ workspace: Workspace, _ slot: Slot) {
        words = workspace.words(slot.place)
        values = workspace.int16s(slot.place)
        isGraded = slot.bits > 1
        if !isGraded {
            for number in 0..<index(spikeWordCount(slot.count)) { words[number &+ 1] = 0 }
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
