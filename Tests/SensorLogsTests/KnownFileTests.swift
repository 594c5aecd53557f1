import Testing

@testable import SensorLogs

/// Files that are no logs are named; logs that begin a little like them are read.
@Suite struct KnownFileTests {
    /// A zip archive's first entry, and what else begins so.
    private func zip(_ names: String...) -> [UInt8] {
        names.flatMap { name in
            [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22) + [UInt8(name.utf8.count), 0, 0, 0] + Array(name.utf8)
        }
    }

    private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    private var files: [([UInt8], String)] {
        [
            (zip("[Content_Types].xml", "_rels/.rels"), "an Excel workbook"),
            (zip("docProps/app.xml"), "an Excel workbook"),
            (zip("xl/worksheets/sheet1.xml"), "an Excel workbook"), (zip("data.npy"), "several NumPy arrays (.npz)"),
            (zip("info.txt", "log.bin"), "an ActiGraph .gt3x recording"), (zip("ACC.csv"), "a zip archive"),
            (zip("mimetype"), "an OpenDocument file"), ([0x50, 0x4B, 5, 6], "a zip archive"),
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an old Excel workbook or other Office file"),
            ([0x89] + text("HDF\r\n\u{1A}\n"), "HDF5 data"), ([0x89] + text("SNN\r\n\u{1A}\n"), "a model file"),
            (text("MATLAB 5.0 MAT-file, Platform: GLNXA64"), "a MATLAB file (v5)"),
            (text("MATLAB 7.3 MAT-file, Platform: GLNXA64"), "a MATLAB file (v7.3)"),
            (text("PAR1\u{15}\u{4}"), "a Parquet table"), (text("ARROW1\0\0"), "an Arrow table"),
            (text("FEA1\0\0\0\0"), "a Feather table"), (text("SQLite format 3\0"), "a SQLite database"),
            (text("MD") + [0xFC, 3, 0, 0], "an Axivity .cwa recording"),
            (text("Device Identity\r\nDevice Unique Serial Code:012345\r\n"), "a GENEActiv .bin recording"),
            ([14, 0x10, 0x5C, 8, 0, 0, 0, 0] + text(".FIT"), "a Garmin .fit recording"),
            (text("RIFF") + [0x24, 8, 0, 0] + text("WAVEfmt "), "a WAV or other RIFF file"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz data"), (text("BZh91AY&SY\u{1}"), "bzip2 data"),
            ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"),
            (text("watch/") + [UInt8](repeating: 0, count: 251) + text("ustar"), "a tar archive"),
            ([0x80, 4, 0x95, 0], "a Python pickle"), ([0xA3, 0x69] + text("protected"), "a CBOR document"),
            (text("  {\"samples\": [1, 2]}"), "JSON"), (text("[{\"a\": 1}]"), "JSON"), (text("[\n1,2\n]"), "JSON"),
            (text("<?xml version=\"1.0\"?>\n<gpx>"), "a GPX or TCX track"),
            (text("<?xml version=\"1.0\"?><HealthData>"), "XML"),
            (text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"), "a pointer of Git LFS"),
            (text("@RELATION walk\n@ATTRIBUTE x NUMERIC\n@DATA\n1\n"), "Weka's ARFF"),
            (text("<!DOCTYPE html>\n<html>"), "a web page"),
            (
                text("0       X X X X") + [UInt8](repeating: 0x20, count: 153) + text("02.03.2012.13.14"),
                "an EDF recording"
            ),
        ]
    }

    @Test func filesThatAreNoLogsAreNamed() {
        for (bytes, what) in files {
            for (packed, step) in [(bytes, Int.max), (gzipped(bytes), Int.max), (bytes, 1)] {
                let error = refusal([source(packed, step: step)], model(["a"]))
                #expect(error?.kind == .notText && error?.hint != nil, "\(what): \(String(describing: error))")
                #expect(error?.message.hasPrefix("holds \(what)") == true, "\(what): \(String(describing: error))")
            }
        }
    }

    @Test(arguments: [
        "PAR1,a", "ORC,a", "[s],a", "[ms] time,a", "MD,a", "RIFF,a", "BZh,a", "RDX,a", "MATLAB,a", "{x},a", "Objekt,a",
        "Device,a", "XDF,a", "Rar!,a", "<,a", "0       ,a",
    ]) func headersThatBeginAlike(_ header: String) throws {
        let log = try SensorLog(sources: [source("\(header)\n1,2\n")], input: model(["a"]), options: atModelRate)
        #expect(try read(log)[0].frames == [2000])
    }
}
