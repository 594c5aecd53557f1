import SNNSampling

/// The input of a model, as far as reading a log is concerned. A plain description: this library does not know
/// the model file, and the caller copies these numbers from it.
public struct LogInput: Sendable {
    public struct Channel: Sendable {
        /// E.g. `accel_x`; also the name of its column, compared without regard to case.
        public var name: String
        /// E.g. `m/s^2`. Where a log says another unit, its values are converted or it is refused; where it says none, it is
        /// believed.
        public var unit: String
        public var scale: ChannelScale

        public init(name: String, unit: String, scale: ChannelScale) {
            self.name = name
            self.unit = unit
            self.scale = scale
        }
    }

    /// The channels in the order of a frame; 1 or more.
    public var channels: [Channel]
    public var rate: TickRate
    /// The names that class indices in a label array stand for; where there are none, labels are the numbers themselves.
    public var classNames: [String]

    public init(channels: [Channel], rate: TickRate, classNames: [String] = []) {
        precondition(!channels.isEmpty, "a model has at least one channel")
        self.channels = channels
        self.rate = rate
        self.classNames = classNames
    }
}

public enum LogFormat: String, Sendable, CaseIterable {
    /// A NumPy array or Edge Impulse's JSON where the log begins as one, UCI HAR's inertial signals where files are named
    /// so, WISDM where the first line reads `subject,letter,integer,number,number,number;` or one of the first has an
    /// activity's name in place of the letter, else CSV.
    case auto
    case csv
    case wisdm
}

/// The unit in which a log counts time. The raw value is how the unit is written in a column's name.
public enum TimeUnit: String, Sendable, CaseIterable {
    case seconds = "s"
    case milliseconds = "ms"
    case microseconds = "us"
    case nanoseconds = "ns"

    /// Units per second. A time is the number as written, as the nearest double, divided by this.
    public var perSecond: Double {
        switch self {
        case .seconds: 1
        case .milliseconds: 1e3
        case .microseconds: 1e6
        case .nanoseconds: 1e9
        }
    }
}

/// The treatment of a row that cannot be read, or whose time does not exceed the time of the row before it.
public enum BadRowPolicy: Sendable {
    /// The log is refused at the first such row.
    case refuse
    /// Such rows are dropped and counted; the counts stand in the notes and in `SensorLog.repairs`.
    case skip
}

/// A factor as a user states it, e.g. 1/64 for counts of a 64th.
public struct ValueScale: Equatable, Sendable {
    public var numerator: Double
    public var denominator: Double

    public init(numerator: Double, denominator: Double) {
        (self.numerator, self.denominator) = (numerator, denominator)
    }
}

public struct ReadingOptions: Sendable {
    public var format: LogFormat = .auto
    /// Values are raw samples, in the model's counts; a log that is no NumPy array holds frames of little-endian int16.
    public var isRaw = false
    /// Channel name -> column name; also `time` and `label`, unless a channel has that name.
    public var columns: [String: String] = [:]
    /// The unit in which a log has a channel: by the channel's name, or the beginning of several; it overrides what the log
    /// says.
    public var units: [String: String] = [:]
    /// Factors by which values become that unit's, by the same names.
    public var scales: [String: ValueScale] = [:]
    /// Overrides the unit that the time column's name says or that its numbers suggest.
    public var timeUnit: TimeUnit?
    public var badRows: BadRowPolicy = .refuse
    /// Rows per second, above 0, instead of what the median of a segment's times says, when it is decided whether the
    /// segment is resampled; no segment is held then. Times that a log has stay in use; without times, rows are that far
    /// apart.
    public var logRate: Double?
    /// The rows of a log without times come at the model's rate. Without this, and without `logRate`, such a CSV log is
    /// refused, unless it is live.
    public var usesModelRate = false
    /// A tick is given as soon as its rows have been read, one to a batch. Unless `logRate` says otherwise rows come at
    /// the model's rate.
    public var isLive = false
    /// The most ticks one batch may hold; 1 or more. It bounds the memory of frames, not of a held segment.
    public var batchTickCount = 4096

    /// Stops reading with a `LogError` of the kind `interrupted` once it gives true. It is asked before each read of a
    /// file, and when a signal ends one.
    public var shouldStop: @Sendable () -> Bool = { false }

    public init() {}
}
