/// A recording is windows of raw samples, each of which a network meets in its initial state.
public struct Recording: Sendable {
    public struct Window: Sendable {
        /// Frame after frame.
        public let samples: [Int16]
        /// Index of the class that the log names; nil where it names none.
        public let label: Int?

        public init(samples: [Int16], label: Int?) { (self.samples, self.label) = (samples, label) }
    }
    /// Samples of a frame.
    public let channelCount: Int
    public var windows: [Window] = []

    public init(channelCount: Int) { self.channelCount = channelCount }

    /// The greatest distance of each channel's samples from an offset.
    func peaks(about offsets: [Int]) -> [Int] {
        var peaks = [Int](repeating: 0, count: channelCount)
        for window in windows {
            for (i, sample) in window.samples.enumerated() {
                let channel = i % channelCount
                peaks[channel] = max(peaks[channel], abs(Int(sample) - offsets[channel]))
            }
        }
        return peaks
    }
}
