import FoundationEssentials

/// Which sensor a WISDM file is of, and where the other sensor's file lies, from names alone:
/// `…/accel/data_1600_accel_watch.txt` and `…/gyro/data_1600_gyro_watch.txt`.
enum WISDMTwin {
    private static let sensors = ["accel", "gyro"]

    /// 0 accelerometer, 1 gyroscope; nil where neither the file's name nor its folder's says one of the two.
    static func sensor(of path: String) -> Int? {
        for part in path.split(separator: "/").suffix(2).reversed() {
            let holds = sensors.map { part.lowercased().contains($0) }
            if holds[0] != holds[1] { return holds[0] ? 0 : 1 }
        }
        return nil
    }

    /// Paths at which the other sensor's file may lie, the likeliest first.
    static func candidates(for path: String) -> [String] {
        guard let sensor = sensor(of: path) else { return [] }
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let last = parts.count - 1
        parts[last] = parts[last].replacing(sensors[sensor], with: sensors[1 - sensor])
        var paths = [parts.joined(separator: "/")]
        if last > 0 {
            parts[last - 1] = parts[last - 1].replacing(sensors[sensor], with: sensors[1 - sensor])
            paths.insert(parts.joined(separator: "/"), at: 0)
        }
        return paths.filter { $0 != path }
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
