import FoundationEssentials

/// The files of UCI's HAR dataset that hold windows of inertial signals: one file a channel, a window a row. Source: the
/// dataset's README (Anguita and others 2013, UCI dataset 240).
struct InertialSignals {
    /// Acceleration is in g; without gravity, which body_acc is, it is none that a model of sensor values takes.
    static let columns: [NamedColumn] = ["total_acc", "body_gyro", "body_acc"].flatMap { kind in
        ["x", "y", "z"].map { axis in
            NamedColumn(
                name: "\(kind)_\(axis)",
                meaning: ["total_acc": "accel_\(axis)", "body_gyro": "gyro_\(axis)"][kind],
                unit: kind == "body_gyro" ? "rad/s" : "g")
        }
    }
    static let hertz = 50.0
    /// What the numbers of y_train.txt and y_test.txt mean, from 1.
    static let labels = ["WALKING", "WALKING_UPSTAIRS", "WALKING_DOWNSTAIRS", "SITTING", "STANDING", "LAYING"]

    /// The folder of the files, as messages name it.
    let folder: String
    /// `train` or `test`.
    let split: String
    /// The paths by column; nil where there is no such file, or none was named.
    let paths: [String?]
    /// y_SPLIT.txt, beside the folder's files or above them.
    let labelPath: String?

    /// A file's place among such files: its folder, its split and its column.
    static func place(of path: String) -> (folder: String, split: String, column: Int)? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for split in ["train", "test"] {
            let column = columns.firstIndex { parts.last! == "\($0.name)_\(split).txt" }
            guard let column else { continue }
            return (parts.dropLast().joined(separator: "/"), split, column)
        }
        return nil
    }

    /// Of the files with those paths, which are all in one place.
    init(files: [String]) {
        let places = files.map { InertialSignals.place(of: $0)! }
        (folder, split) = (places[0].folder, places[0].split)
        var paths = [String?](repeating: nil, count: InertialSignals.columns.count)
        for (path, place) in zip(files, places) { paths[place.column] = path }
        self.paths = paths
        let folder = folder
        let above = folder.isEmpty ? ".." : folder.hasSuffix("..") ? folder + "/.." : InertialSignals.parent(of: folder)
        labelPath = [folder.isEmpty ? "." : folder, above].map { "\($0)/y_\(places[0].split).txt" }.first {
            FileManager.default.fileExists(atPath: $0)
        }
    }

    private static func parent(of folder: String) -> String {
        let parts = folder.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return parts.isEmpty ? "." : parts.count == 1 && parts[0].isEmpty ? "/" : parts.joined(separator: "/")
    }

    /// The files in a folder, or in `Inertial Signals` in it; nil where there are none. Refused: those of both splits.
    init?(folder: String) throws(LogError) {
        let trimmed = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        var found: [String] = []
        for place in [trimmed, trimmed + "/Inertial Signals"] where found.isEmpty {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
            found = names.sorted().map { "\(place)/\($0)" }.filter { InertialSignals.place(of: $0) != nil }
        }
        if found.isEmpty {
            let splits = ["test", "train"].map { "\(trimmed)/\($0)" }.filter {
                FileManager.default.fileExists(atPath: $0 + "/Inertial Signals")
            }
            guard !splits.isEmpty else { return nil }
            throw LogError(
                .request, file: folder, "holds the inertial signals of \(splits.joined(separator: " and "))",
                hint: "name one or both: snnrt infer MODEL \(splits.map { "\"\($0)\"" }.joined(separator: " "))")
        }
        guard Set(found.map { InertialSignals.place(of: $0)!.split }).count == 1 else {
            throw LogError(
                .request, file: folder, "holds inertial signals of both train and test",
                hint: "name the files of one: snnrt infer MODEL \(trimmed)/*_test.txt")
        }
        self.init(files: found)
    }
}
