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
    /// What the model's data looked like, as far as the model says it: a log that differs is told of.
    public var profile = DataProfile()
    /// Seconds. A gap in a log's times up to this, and up to half a second, is bridged by interpolation, where a longer one
    /// begins a segment; 0 where none is to be.
    public var longestBridgedGap: Double

    public init(
        channels: [Channel], rate: TickRate, classNames: [String] = [], longestBridgedGap: Double = 0
    ) {
        precondition(!channels.isEmpty, "a model has at least one channel")
        self.channels = channels
        self.rate = rate
        self.classNames = classNames
        self.longestBridgedGap = longestBridgedGap
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
    case centiseconds = "cs"
    case milliseconds = "ms"
    case hundredMicroseconds = "100us"
    case microseconds = "us"
    case hundredNanoseconds = "100ns"
    case nanoseconds = "ns"
    case minutes = "min"
    case hours = "h"
    case days = "d"

    /// Seconds of a number as written, which is the nearest double.
    public func seconds(_ written: Double) -> Double {
        switch self {
        case .seconds: written
        case .centiseconds: written / 1e2
        case .milliseconds: written / 1e3
        case .hundredMicroseconds: written / 1e4
        case .microseconds: written / 1e6
        case .hundredNanoseconds: written / 1e7
        case .nanoseconds: written / 1e9
        case .minutes: written * 60
        case .hours: written * 3600
        case .days: written * 86400
        }
    }
}

/// The treatment of a row that cannot be read, or whose time falls by less than begins a segment.
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

    /// `1/64` or `0.5`; nil where the text is neither, or 0, or its denominator is not above 0.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Double($0) }
        guard (1...2).contains(parts.count), let numerator = parts[0],
            let denominator = parts.count == 1 ? 1 : parts[1], numerator.isFinite, denominator.isFinite, numerator != 0,
            denominator > 0
        else { return nil }
        self.init(numerator: numerator, denominator: denominator)
    }
}

public struct ReadingOptions: Sendable {
    public var format: LogFormat = .auto
    /// Values are raw samples, in the model's counts; a log that is no NumPy array holds frames of little-endian int16.
    public var isRaw = false
    /// Channel name -> column name, or number from 1 where no column has that name; several that are added are joined by
    /// ` + `. Also `time` and `label`, unless a channel has that name, and the beginning of several channels' names -> what
    /// the names of their columns hold beside the axis.
    public var columns: [String: String] = [:]
    /// The name of a layout, the path of its description, or `none`; else it is found by looking.
    public var layout: String?
    /// The line of the header, from 1; else it is found by looking.
    public var headerLine: Int?
    /// Column name -> the only cell that its rows are to have; others are passed over.
    public var only: [String: String] = [:]
    /// The unit in which a log has a channel: by the channel's name, or the beginning of several; it overrides what the log
    /// says.
    public var units: [String: String] = [:]
    /// Factors by which values become that unit's, by the same names.
    public var scales: [String: ValueScale] = [:]
    /// Overrides the unit that the time column's name says or that its numbers suggest.
    public var timeUnit: TimeUnit?
    /// Which field of a date is the day, or whether a clock of two fields has hours, where the log leaves it open.
    public var timePattern: TimePattern?
    public var badRows: BadRowPolicy = .refuse
    /// Labels of the log, and the classes that they stand for.
    public var labelMap: [(label: String, name: String)] = []
    /// Rows per second, above 0, in place of a log's times: rows are that far apart, and no segment is held. Of a live log
    /// the times stay in use, and this says only what rate is expected of them.
    public var logRate: Double?
    /// The rows come at the model's rate, in place of a log's times: each is a tick. Without this, and without `logRate`, a
    /// CSV log without times is refused, unless it is live.
    public var usesModelRate = false
    /// Rows are ticks, whatever their rate: for those who look at a log without a model.
    public var keepsRows = false
    /// A tick is given as soon as its rows have been read, one to a batch. Unless `logRate` says otherwise rows come at
    /// the model's rate.
    public var isLive = false
    /// The most ticks one batch may hold; 1 or more. It bounds the memory of frames, not of a held segment.
    public var batchTickCount = 4096

    /// Stops reading with a `LogError` of the kind `interrupted` once it gives true. It is asked before each read of a
    /// file, and when a signal ends one.
    public var shouldStop: @Sendable () -> Bool = { false }

    public init() {}

    /// The rate that is stated in place of a log's times.
    func statedRate(_ rate: TickRate) -> Double? { logRate ?? (usesModelRate ? rate.hertz : nil) }

    /// A channel is mapped, by its name or the beginning of it.
    func maps(_ channel: String) -> Bool { longestKey(columns.keys, of: channel) != nil }

    /// A unit is stated for a channel.
    func states(_ channel: String) -> Bool { longestKey(units.keys, of: channel) != nil }

    /// The times that a log has are not read.
    var replacesTimes: Bool { !isLive && (logRate != nil || usesModelRate) }
}
