import ArgumentParser
import SensorLogs

/// What a log may leave open, or say otherwise than it is.
struct OpenQuestions: ParsableArguments {
    @Option(
        name: .customLong("map"),
        help: ArgumentHelp(
            "Takes a channel (or `time`, `label`) from another column, by name or, where there is no such name, by number from "
                + "1: --map accel_x=x_acc, --map accel_x=5; from the sum of two, --map \"accel_x=gravity.x + user.x\"; or all "
                + "channels that begin so from the columns with a text in their names, --map accel=chest_acc16. Repeatable.",
            valueName: "channel=column"))
    var mappings: [String] = []
    @Option(
        name: .customLong("unit"),
        help: ArgumentHelp(
            "The unit of a channel in the log, e.g. --unit accel_x=mg, of all that begin so, --unit accel=g, or of "
                + "those that it fits, --unit g. Default: from its column's name or a row of units, else the model's. Repeatable.",
            valueName: "channel=unit"))
    var units: [String] = []
    @Option(
        name: .customLong("scale"),
        help: ArgumentHelp(
            "A factor by which a channel's values become that unit's, e.g. --scale accel=1/64. Repeatable.",
            valueName: "channel=factor"))
    var scales: [String] = []
    @Option(
        name: .customLong("log-rate"),
        help: ArgumentHelp(
            "Rows per second, in place of a log's times, which are not read then; `model`: the model's rate. With --live the "
                + "times stay in use, and this is the rate that is expected of them. Default: by the log's times; with "
                + "--live, and in arrays, the model's rate.",
            valueName: "hz|model"))
    var logRate: LogRate?
    @Option(
        help: ArgumentHelp(
            "The layout of CSV logs: a name (\(LogLayouts.names)), a file that describes one, or none. Default: found by looking.",
            valueName: "name|file.json"))
    var layout: String?
    @Flag(
        help: ArgumentHelp(
            "Refuses a log in doubt: in another unit than it seems, say, or with clamped samples. What only its end shows "
                + "comes after its results, as an error and in the exit code. Default: a warning."))
    var strict = false
    @Flag(
        name: .customLong("skip-bad-rows"),
        help: "Drops rows that cannot be read, or whose time goes back a little, and counts them, instead of stopping.")
    var skipBadRows = false
}

/// Labels of logs.
struct LabelOptions: ParsableArguments {
    @Option(
        name: .customLong("labels"),
        help: ArgumentHelp(
            "Labels of a NumPy log: an array of one per window or one per tick, class indices from 0 (-1 is "
                + "none) or names. Repeated, one for each log.",
            valueName: "labels.npy"))
    var labels: [String] = []
    @Option(
        name: .customLong("label-map"),
        help: ArgumentHelp(
            "The classes that a log's labels stand for, e.g. --label-map walk=walking,run=jogging, or a file with a label and "
                + "a class on each line. Case, blanks, underscores and hyphens do not matter. Repeatable.",
            valueName: "label=class|file"))
    var labelMaps: [String] = []
}

/// What few logs ask for.
struct OddLogOptions: ParsableArguments {
    @Option(
        name: .customLong("log-format"), help: "How logs are written: auto (every format), csv or wisdm (2019 or v1.1)."
    )
    var logFormat: LogFormat = .auto
    @Option(
        name: .customLong("header-line"),
        help: ArgumentHelp("The line of a CSV log's header, from 1. Default: found by looking.", valueName: "n"))
    var headerLine: Int?
    @Option(
        help: ArgumentHelp(
            "Reads only the rows of a CSV log with that cell, e.g. --only Device=nexus4_1. Repeatable.",
            valueName: "column=cell"))
    var only: [String] = []
    @Option(
        name: .customLong("time-unit"),
        help: ArgumentHelp(
            "Unit of the time column: s, cs, ms, 100us, us, 100ns, ns, min, h or d. Default: from its name, or inferred "
                + "and stated."))
    var timeUnit: TimeUnit?
    @Option(
        name: .customLong("time-format"),
        help: ArgumentHelp(
            "What dates and clocks mean where the log leaves it open: dd/mm/yyyy or mm/dd/yyyy, hh:mm, mm:ss or "
                + "hhmmss. Default: "
                + "from the log, its column's name or the lines before its header; refused where they do not say it.",
            valueName: "pattern"))
    var timeFormat: String?
    @Flag(
        help: "Values are raw samples in the model's counts. Logs are int16 frames, little-endian, or NumPy integers.")
    var raw = false
    @Flag(help: "Gives each result as soon as its last row has come. Rows come at --log-rate.")
    var live = false
}
