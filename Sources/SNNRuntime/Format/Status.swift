/// Why something was refused. The raw values are the C surface's `SNNRT_ERR_…` and format.md's status
/// table; a value is never reused. Each tells the caller what to do about it.
public enum Status: Int32, Error, Sendable {
    /// A null pointer, a negative size, a struct size or flag this build does not know: fix the call.
    case badArgument = -1
    /// The model's buffer is not 4-byte aligned, the arena not 8-byte aligned, or samples lie at an odd address: move it.
    case misaligned = -2
    /// These bytes are no snnrt model: pass another file.
    case notAModel = -3
    /// The file's format is newer than this build: update snnrt.
    case newerVersion = -4
    /// The file asks for an arithmetic this build does not have: update snnrt.
    case unsupportedArithmetic = -5
    /// The buffer ends before the file does: read all of it.
    case truncated = -6
    /// The checksum is wrong: fetch the file again.
    case damaged = -7
    /// A section, record, array or reference is out of place: the writer is at fault.
    case malformed = -8
    /// The file uses a value that format 1 reserves: update snnrt, or compile for this version.
    case unsupported = -9
    /// Ops and slots do not fit each other: the writer is at fault.
    case badWiring = -10
    /// A parameter is outside its range: the writer is at fault.
    case badValue = -11
    /// It cannot be proved that no sum overflows: requantize with smaller weights or fraction bits.
    case mayOverflow = -12
    /// The arena is smaller than *inspect* reports: supply that many bytes.
    case arenaTooSmall = -13
    /// The model exceeds a limit given at opening.
    case overBudget = -14
    /// The pointer is not an open network.
    case notANetwork = -15
    /// No result has been issued yet: push more samples.
    case noResult = -16
    /// These bytes are no saved state, or one of a newer layout.
    case notAState = -17
    /// The saved state belongs to another model, or was saved under other accounting.
    case otherModel = -18
    /// The saved state is cut off, damaged or out of range.
    case badState = -19
    /// The model carries no self-test.
    case noSelfTest = -20
    /// The self-test's results differ from those the model states: this build or this machine is at fault.
    case selfTestFailed = -21
    /// The result is being replaced while it is read: read it again later.
    case busy = -22
    /// These bytes are no image of an opened model, or one of another version of the library, or damaged: export it again.
    case badImage = -23
}

/// A refusal and the place in the file that caused it.
public struct Refusal: Error, Equatable, Sendable {
    public let status: Status
    /// Byte offset from the start of the file; 0 where no byte of the file is at fault.
    public let offset: UInt32

    public init(_ status: Status, at offset: UInt32 = 0) {
        self.status = status
        self.offset = offset
    }
}
