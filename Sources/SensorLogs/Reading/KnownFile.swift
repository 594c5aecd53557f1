/// A kind of file that is no log, known by its first bytes.
struct KnownFile {
    /// In the middle of a sentence.
    let what: String
    /// How a log is made of it.
    let hint: String

    private init(_ what: String, _ hint: String) { (self.what, self.hint) = (what, hint) }

    /// Nil where the bytes begin none of those kinds.
    init?(_ bytes: Span<UInt8>) {
        func holds(_ start: [UInt8], at offset: Int = 0) -> Bool {
            bytes.count >= offset + start.count && start.indices.allSatisfy { bytes[offset + $0] == start[$0] }
        }
        // A few letters alone may begin a column's name.
        let isBinary = (0..<min(64, bytes.count)).contains { bytes[$0] < 9 || 14..<32 ~= bytes[$0] }
        let start = KnownFile.starts.first {
            holds($0.start, at: $0.offset)
                && (isBinary || $0.start.count > 4 || $0.start[0] >= 0x7F || $0.start[0] < 32)
        }
        let found = start?.kind ?? KnownFile.archive(bytes) ?? KnownFile.text(bytes)
        guard let found else { return nil }
        self = found
    }

    private static func table(_ reader: String, to_csv: String = "to_csv(\"log.csv\", index=False)") -> String {
        "make a CSV file of it, e.g. in Python: pandas.\(reader).\(to_csv)"
    }

    private static let asCSV = "save the sheet as CSV (UTF-8) in the program that made it"
    private static let unpack = "unpack it first and name the log in it"

    /// A zip archive's kind is told by what it holds, `archive`.
    private static let starts: [(offset: Int, start: [UInt8], kind: KnownFile)] =
        [
            (0, [0x1F, 0x8B], KnownFile("gzip data, packed once more", "unpack it first: gunzip FILE.gz")),
            (
                0, [0x28, 0xB5, 0x2F, 0xFD],
                KnownFile("zstd data, packed once more", "unpack it first: zstd -d FILE.zst")
            ),
            (
                0, [0xFD, 0x37, 0x7A, 0x58, 0x5A],
                KnownFile("xz data", "unpack it: xz -dc FILE.xz | snnrt infer MODEL -")
            ),
            (0, text("BZh"), KnownFile("bzip2 data", "unpack it: bzip2 -dc FILE.bz2 | snnrt infer MODEL -")),
            (0, [0x04, 0x22, 0x4D, 0x18], KnownFile("lz4 data", "unpack it: lz4 -dc FILE.lz4 | snnrt infer MODEL -")),
            (0, [0x1F, 0x9D], KnownFile("data of compress", "unpack it: gunzip -c FILE.Z | snnrt infer MODEL -")),
            (0, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], KnownFile("a 7z archive", unpack)),
            (0, text("Rar!"), KnownFile("a rar archive", unpack)),
            (257, text("ustar"), KnownFile("a tar archive", "unpack it first, tar -xf FILE, and name the log in it")),
            (0, [0xFF, 0xFE, 0, 0], KnownFile("UTF-32 text", "save the log as UTF-8")),
            (0, [0, 0, 0xFE, 0xFF], KnownFile("UTF-32 text", "save the log as UTF-8")),
            (0, [0xFF, 0xFE], KnownFile("UTF-16 text", "save the log as UTF-8")),
            (0, [0xFE, 0xFF], KnownFile("UTF-16 text", "save the log as UTF-8")),
            (0, NPYHeader.magic, KnownFile("a NumPy array", "--log-format auto reads it")),
            (
                0, [0x89] + text("SNN\r\n"),
                KnownFile("a model file", "the model comes first, then the logs: snnrt infer MODEL LOG")
            ),
            (
                0, [0x89] + text("HDF\r\n"),
                KnownFile(
                    "HDF5 data", "make an array of it, e.g. in Python: numpy.save(\"log.npy\", h5py.File(FILE)[NAME])")
            ),
            (
                0, text("MATLAB 7.3"),
                KnownFile("a MATLAB file (v7.3)", "make a CSV file of it, in MATLAB: writetable or writematrix")
            ),
            (
                0, text("MATLAB 5"),
                KnownFile(
                    "a MATLAB file (v5)",
                    "make an array of it, e.g. in Python: numpy.save(\"log.npy\", scipy.io.loadmat(FILE)[NAME])")
            ),
            (0, text("PAR1"), KnownFile("a Parquet table", table("read_parquet(FILE)"))),
            (0, text("ARROW1"), KnownFile("an Arrow table", table("read_feather(FILE)"))),
            (0, text("FEA1"), KnownFile("a Feather table", table("read_feather(FILE)"))),
            (0, text("ORC"), KnownFile("an ORC table", table("read_orc(FILE)"))),
            (
                0, text("Obj") + [1],
                KnownFile("Avro records", "make a CSV file of them, e.g. in Python with fastavro and csv")
            ),
            (
                0, text("SQLite format 3"),
                KnownFile(
                    "a SQLite database", "export a table: sqlite3 -header -csv FILE \"select * from TABLE\" > log.csv")
            ),
            (
                0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1],
                KnownFile("an old Excel workbook or other Office file", asCSV)
            ),
            (
                0, text("MD") + [0xFC, 0x03],
                KnownFile("an Axivity .cwa recording", "export it as CSV: cwa-convert FILE -out log.csv")
            ),
            (
                0, text("Device Identity"),
                KnownFile("a GENEActiv .bin recording", "export it as CSV with the GENEActiv software or GENEAread")
            ),
            (8, text(".FIT"), KnownFile("a Garmin .fit recording", "make a CSV file of it with Garmin's FitCSVTool")),
            (
                0, text("RIFF"),
                KnownFile(
                    "a WAV or other RIFF file", "make an array of it, e.g. in Python: scipy.io.wavfile.read, numpy.save"
                )
            ),
            (0, text("#ROSBAG"), KnownFile("a ROS bag", "export a topic: rostopic echo -b FILE -p /TOPIC > log.csv")),
            (0, [0x89] + text("MCAP"), KnownFile("an MCAP recording", "make a CSV file of a topic of it")),
            (
                0, [0xFF] + text("BIOSEMI"),
                KnownFile("a BDF recording", "make an array of it, e.g. in Python with pyedflib and numpy.save")
            ),
            (
                0, text("XDF:"),
                KnownFile("an XDF recording", "make an array of it, e.g. in Python with pyxdf and numpy.save")
            ),
            (0, text("TDSm"), KnownFile("a TDMS recording", "make a CSV file of it, e.g. in Python with nptdms")),
            (
                0, text("RDX"),
                KnownFile("data of R", "make a CSV file of it, in R: write.csv(TABLE, \"log.csv\", row.names = FALSE)")
            ),
            (
                0, text("X\n") + [0, 0, 0],
                KnownFile(
                    "data of R", "make a CSV file of it, in R: write.csv(readRDS(FILE), \"log.csv\", row.names = FALSE)"
                )
            ),
            (
                0, text("version https://git-lfs"),
                KnownFile("a pointer of Git LFS, not the file itself", "git lfs pull fetches the file")
            ),
            (0, text("bplist00"), KnownFile("a binary property list", "export the data as CSV")),
            (
                0, text("%PDF"),
                KnownFile("a PDF document", "a log is CSV with a header row: export the data themselves")
            ),
            (
                0, [0x89] + text("PNG"),
                KnownFile("a picture", "a log is CSV with a header row: export the data themselves")
            ),
            (
                0, [0xFF, 0xD8, 0xFF],
                KnownFile("a picture", "a log is CSV with a header row: export the data themselves")
            ),
        ] + (UInt8(2)...5).map { (0, [0x80, $0], KnownFile("a Python pickle", table("read_pickle(FILE)"))) }

    private static func text(_ string: String) -> [UInt8] { Array(string.utf8) }

    /// A zip archive, by the names of what it holds first.
    private static func archive(_ bytes: Span<UInt8>) -> KnownFile? {
        func isEntry(_ position: Int, _ kind: UInt8) -> Bool {
            position + 4 <= bytes.count && bytes[position] == 0x50 && bytes[position + 1] == 0x4B
                && bytes[position + 2] == kind && bytes[position + 3] == kind + 1
        }
        guard isEntry(0, 3) || isEntry(0, 5) else { return nil }
        var names: [String] = []
        for position in bytes.indices where position + 30 <= bytes.count && isEntry(position, 3) {
            let end = position + 30 + (Int(bytes[position + 26]) | Int(bytes[position + 27]) << 8)
            names.append(string(bytes.extracting(position + 30..<min(end, bytes.count))) ?? "")
        }
        func hold(_ starts: String...) -> Bool { names.contains { name in starts.contains { name.hasPrefix($0) } } }
        if hold("info.txt", "log.bin", "log.txt") {
            return KnownFile("an ActiGraph .gt3x recording", "export it as raw CSV with ActiLife or pygt3x")
        }
        if names.contains(where: { $0.hasSuffix(".npy") }) {
            return KnownFile(
                "several NumPy arrays (.npz)", "save one: numpy.save(\"log.npy\", numpy.load(FILE)[NAME])")
        }
        if hold("word/", "ppt/") { return KnownFile("an Office document", asCSV) }
        if hold("[Content_Types].xml", "xl/", "_rels/", "docProps/") { return KnownFile("an Excel workbook", asCSV) }
        if hold("mimetype") { return KnownFile("an OpenDocument file", asCSV) }
        return KnownFile("a zip archive", "unpack it first, unzip FILE, and name the log in it")
    }

    /// Text in another format than a log's, or CBOR.
    private static func text(_ bytes: Span<UInt8>) -> KnownFile? {
        func skipped(_ start: Int) -> Int {
            var position = start
            while position < bytes.count, [0x20, 9, 10, 13].contains(bytes[position]) { position += 1 }
            return position
        }
        /// The 200 bytes there hold the text, in whatever case.
        func holds(_ text: String, from start: Int) -> Bool {
            let part = bytes.extracting(start..<min(start + 200, bytes.count))
            return part.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self).lowercased().contains(text) }
        }
        let first = skipped(0)
        guard first < bytes.count else { return nil }
        let next = skipped(first + 1)
        let follower = next < bytes.count ? bytes[next] : 0
        if bytes.count >= 11, bytes[0] >= 0xA1, bytes[0] <= 0xBF, bytes[1] >= 0x60, bytes[1] <= 0x78,
            holds("protected", from: 0)
        {
            return KnownFile(
                "a CBOR document, as Edge Impulse's devices send", "export it from the studio as JSON or CSV")
        }
        if bytes.count > 181, [170, 173, 178, 181].allSatisfy({ bytes[$0] == UInt8(ascii: ".") }),
            (0..<8).allSatisfy({ bytes[$0] == ($0 == 0 ? UInt8(ascii: "0") : 0x20) })
        {
            return KnownFile("an EDF recording", "make an array of it, e.g. in Python with pyedflib and numpy.save")
        }
        switch bytes[first] {
        case UInt8(ascii: "{") where follower == UInt8(ascii: "\\"):
            return KnownFile("rich text", "save the log as plain text")
        case UInt8(ascii: "{") where follower == UInt8(ascii: "\"") || follower == UInt8(ascii: "}"),
            UInt8(ascii: "[") where "{[\"-0123456789".utf8.contains(follower):
            return KnownFile(
                "JSON", "of JSON only Edge Impulse's acquisition format is read; " + table("read_json(FILE)"))
        case UInt8(ascii: "@") where holds("@relation", from: first):
            return KnownFile(
                "Weka's ARFF",
                "make a CSV file of it: delete all up to the line @data, and write the names of the columns there")
        case UInt8(ascii: "<"):
            if holds("<gpx", from: first) || holds("<trainingcenterdatabase", from: first) {
                return KnownFile("a GPX or TCX track", "a track has places, not sensor values: export those as CSV")
            }
            if holds("<html", from: first) || holds("<!doctype html", from: first) {
                return KnownFile("a web page", "was it downloaded with a login? Save the data themselves")
            }
            if follower == UInt8(ascii: "?") || follower == UInt8(ascii: "!")
                || UInt8(ascii: "A")...UInt8(ascii: "z") ~= follower
            {
                return KnownFile("XML", "export the data as CSV; " + table("read_xml(FILE)"))
            }
        default: break
        }
        return nil
    }
}

/// Refuses what is plainly no text log, from its first bytes, before any line is read, and says what it is and how a log
/// is made of it.
func refuseBinary(_ bytes: Span<UInt8>, file: String) throws(LogError) {
    if let known = KnownFile(bytes) {
        throw LogError(.notText, file: file, "holds \(known.what), expected a text log", hint: known.hint)
    }
    // Only the first line tells: a log whose rows end in zeros after a power cut is a log with bad rows.
    for i in bytes.indices {
        if bytes[i] == 0x0A || bytes[i] == 0x0D { return }
        guard bytes[i] == 0 else { continue }
        throw LogError(
            .notText, file: file, "is binary (a zero byte at offset \(i)), expected a text log",
            hint: "a log is CSV with a header row, WISDM raw text or a NumPy array; with --raw, int16 frames")
    }
}
