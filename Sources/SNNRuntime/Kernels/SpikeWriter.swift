/// Fills a spikes slot, plain or graded, neuron by neuron.
struct SpikeWriter {
    /// The slot: of plain spikes their number, then 32 to a word; of graded ones i16.
    let start: UnsafeMutableRawPointer
    let isGraded: Bool
    private var eventCount: UInt32 = 0

    @inline(__always)
    init(_ start: UnsafeMutableRawPointer, isGraded: Bool) { (self.start, self.isGraded) = (start, isGraded) }

    /// Behind their number.
    @inline(__always)
    var words: UnsafeMutablePointer<UInt32> { (start + 4).assumingMemoryBound(to: UInt32.self) }
    @inline(__always)
    var values: UnsafeMutablePointer<Int16> { start.assumingMemoryBound(to: Int16.self) }

    /// Before neuron `first` of `count` is put: those before it are there, with `events` spikes, and the rest of their last word is 0.
    @inline(__always)
    mutating func begin(from first: Int, of count: UInt32, _ events: UInt32) {
        eventCount = events
        if isGraded { return }
        for number in (first &+ 31) &>> 5..<index(spikeWordCount(count)) { words[number] = 0 }
    }

    @inline(__always)
    mutating func put(_ spikes: Int32, _ i: Int) {
        if isGraded { values[i] = Int16(truncatingIfNeeded: spikes) }  // < 2^8
        if spikes == 0 { return }
        eventCount &+= 1
        if !isGraded { words[i &>> 5] |= 1 &<< UInt32(truncatingIfNeeded: i & 31) }
    }

    /// Returns how many neurons fired.
    @inline(__always)
    func finish() -> UInt32 {
        if !isGraded { start.storeBytes(of: eventCount, as: UInt32.self) }
        return eventCount
    }

    /// Says how many fired, where a kernel wrote the words.
    @inline(__always)
    func finish(_ events: UInt32) { if !isGraded { start.storeBytes(of: events, as: UInt32.self) } }
}
