import ArgumentParser
import CSNNRT
import Glibc

/// The version of library and command, as snnrt.h has it, and those of what they compute.
let snnrtVersion = """
    \(SNNRT_VERSION_MAJOR).\(SNNRT_VERSION_MINOR).\(SNNRT_VERSION_PATCH) (model format 1.\(SNNRT_FORMAT_MINOR), \
    arithmetic snn-tz 1, accounting \(SNNRT_ACCOUNTING_VERSION))
    """

@main
struct Main: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snnrt",
        abstract: "Runs quantized spiking and LMU networks on raw sensor logs, with exact bit accounting.",
        discussion: """
            Examples:
              snnrt infer models/wisdm-small/wisdm-small-w4.snn watch.csv
              snnrt inspect model.snn
              snnrt budget model.snn watch.csv

            Exit codes: 0 done; 1 a model gives other labels than the framework, or its float reference, gave; 64 the command line was wrong; 65 the model was refused; 66 a log was \
            refused (of several, the others were still read); 74 output could not be written; 130 Ctrl-C ended \
            the run after what it had so far was printed. A run that was started to ignore Ctrl-C, by nohup or in the \
            background of a script, goes on.
            """,
        version: snnrtVersion,
        subcommands: [
            Infer.self, Look.self, Inspect.self, Budget.self, Bench.self, Check.self, Compile.self, Verify.self,
            Export.self,
        ])

    static func main() {
        // A reader that goes away is seen by the write that it fails.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as Failure {
            standardError("snnrt: \(failure.message)")
            Glibc.exit(failure.code.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}

/// The reason for which the command stops, and its exit code.
struct Failure: Error {
    enum Code: Int32 {
        /// The model is sound, and says something else than what it was compared with.
        case disagreement = 1
        case usage = 64
        case model = 65
        case log = 66
        case output = 74
        case interrupted = 130
    }
    let code: Code
    let message: String
}

func standardError(_ line: String) { writeStandardError(line + "\n") }

/// Says what it can: a standard error that is closed, full or gone must not cost the results.
func writeStandardError(_ text: String) { writeAll(Array(text.utf8), to: 2) }
