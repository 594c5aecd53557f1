import CSNNRT
import SNNRuntime

@c @implementation
public func snnrt_status_text(_ status: Int32) -> UnsafePointer<CChar>! {
    let text: StaticString
    if let error = Status(rawValue: status) {
        text = sentence(error)
    } else if status == SNNRT_OK {
        text = "no error"
    } else if status == SNNRT_RESULT {
        text = "a result or a frame is ready"
    } else if status == SNNRT_GAP {
        text = "a gap in the rows: reset the network's state"
    } else {
        text = "not a status of this library"
    }
    return UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

private func sentence(_ status: Status) -> StaticString {
    switch status {
    case .badArgument: "bad argument: a null pointer, an unknown struct size or flag, or a reserved field not 0"
    case .misaligned: "misaligned: the model must start at a multiple of 4, arena and image of 8, samples of 2"
    case .notAModel: "not an snnrt model file"
    case .newerVersion: "the model's format is newer than this library: update the library"
    case .unsupportedArithmetic: "the model asks for an arithmetic that this library does not have: update the library"
    case .truncated: "the model is truncated: pass the whole file"
    case .damaged: "the model is damaged: its checksum is wrong"
    case .malformed: "malformed model: a section, record, array or reference is out of place"
    case .unsupported:
        "the model needs what this program does not link (its tables of ops), or a newer library: export it again or update"
    case .badWiring: "malformed model: ops and slots do not fit each other"
    case .badValue: "malformed model: a parameter is outside its range"
    case .mayOverflow: "the model's sums may overflow: quantize with smaller weights or fraction bits"
    case .arenaTooSmall: "the arena is too small: snnrt_inspect, or the exported header, says how large it must be"
    case .overBudget: "the model exceeds a limit given in the options"
    case .notANetwork: "the pointer is not an open network"
    case .noResult: "no result yet: push more samples"
    case .notAState: "not a saved state, or one of a newer layout"
    case .otherModel: "the saved state or image belongs to another model, or to other accounting"
    case .badState: "the saved state is cut off, damaged or out of range"
    case .noSelfTest: "the model carries no self-test"
    case .busy: "the result is being replaced while it is read: read it again later"
    case .badImage:
        "not an image of an opened model, or damaged, or of another version of this library: export it again"
    case .selfTestFailed: "the self-test's results differ from the model's: do not trust this build or machine"
    }
}
