import Glibc
import SensorLogs

/// Progress of what takes long on standard error, at most ten times a second; silent unless that is a terminal.
final class ProgressLine {
    private let isShown: Bool
    /// Nanoseconds, of OpClock.
    private var last: UInt64 = 0
    private let start = OpClock.now()
    private var isDirty = false

    init(isWanted: Bool) { isShown = isWanted && isatty(2) != 0 }

    func report(_ bytesRead: Int, _ byteCount: Int?) {
        let megabytes = "\(fixed(Double(bytesRead) / 1e6, 1)) MB"
        let share = byteCount.map {
            " of \(fixed(Double($0) / 1e6, 1)) MB, \(percent(Double(bytesRead), of: Double($0), 0))"
        }
        show("\(megabytes)\(share ?? "")")
    }

    func show(_ text: String) {
        let now = OpClock.now()
        guard isShown, now - start > 1_000_000_000, now - last > 100_000_000 else { return }
        last = now
        writeStandardError("\r\u{1b}[K\(text)")
        isDirty = true
    }

    /// Says something about the log on a line of its own.
    func note(_ note: Note) {
        clear()
        standardError("\(note.isDoubt ? "warning" : "note"): \(note)")
    }

    /// Says why a log was refused.
    func refuse(_ text: String) {
        clear()
        standardError(text)
    }

    /// Removes the line.
    func clear() {
        if isDirty { writeStandardError("\r\u{1b}[K") }
        isDirty = false
    }
}
