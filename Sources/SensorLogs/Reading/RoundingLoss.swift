/// A rounding loss is what a log's values lose where they become samples, which are whole counts, channel by channel.
public struct RoundingLoss: Sendable {
    private struct Channel {
        var (count, sum, squares, errors) = (0.0, 0.0, 0.0, 0.0)
    }
    private var channels: [Channel]

    public init(channelCount: Int) { channels = Array(repeating: Channel(), count: channelCount) }

    /// - Parameter value: in counts. Values beyond 16 bits are clamped, which is another matter.
    mutating func add(_ value: Double, channel: Int) {
        guard value >= -32768.5, value < 32767.5 else { return }
        let error = value - value.rounded(.toNearestOrEven)
        channels[channel].count += 1
        channels[channel].sum += value
        channels[channel].squares += value * value
        channels[channel].errors += error * error
    }

    public mutating func add(_ other: RoundingLoss) {
        for (i, channel) in other.channels.enumerated() {
            channels[i].count += channel.count
            channels[i].sum += channel.sum
            channels[i].squares += channel.squares
            channels[i].errors += channel.errors
        }
    }

    /// The root mean square of the errors over that of the values about `origins`, in counts, of each channel; 0 where all values are
    /// whole.
    public func shares(about origins: [Double]) -> [Double] {
        zip(channels, origins).map { channel, origin in
            if channel.errors == 0 { return 0 }
            let squares = channel.squares - 2 * origin * channel.sum + channel.count * origin * origin
            // Cancellation may leave less than the errors, which values about an origin never are.
            return squares > channel.errors ? (channel.errors / squares).squareRoot() : 1
        }
    }
}
