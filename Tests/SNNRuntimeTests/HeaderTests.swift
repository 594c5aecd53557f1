import CSNNRT
import Testing

@testable import SNNRuntime

/// The header's statuses and the one list of them, `Status`.
@Suite struct HeaderTests {
    @Test func statusesAreThoseOfTheHeader() {
        let header: [(Int32, Status)] = [
            (SNNRT_ERR_BAD_ARGUMENT, .badArgument), (SNNRT_ERR_MISALIGNED, .misaligned),
            (SNNRT_ERR_NOT_A_MODEL, .notAModel), (SNNRT_ERR_NEWER_VERSION, .newerVersion),
            (SNNRT_ERR_UNSUPPORTED_ARITHMETIC, .unsupportedArithmetic), (SNNRT_ERR_TRUNCATED, .truncated),
            (SNNRT_ERR_DAMAGED, .damaged), (SNNRT_ERR_MALFORMED, .malformed), (SNNRT_ERR_UNSUPPORTED, .unsupported),
            (SNNRT_ERR_BAD_WIRING, .badWiring), (SNNRT_ERR_BAD_VALUE, .badValue),
            (SNNRT_ERR_MAY_OVERFLOW, .mayOverflow), (SNNRT_ERR_ARENA_TOO_SMALL, .arenaTooSmall),
            (SNNRT_ERR_OVER_BUDGET, .overBudget), (SNNRT_ERR_NOT_A_NETWORK, .notANetwork),
            (SNNRT_ERR_NO_RESULT, .noResult), (SNNRT_ERR_NOT_A_STATE, .notAState),
            (SNNRT_ERR_OTHER_MODEL, .otherModel), (SNNRT_ERR_BAD_STATE, .badState),
            (SNNRT_ERR_NO_SELFTEST, .noSelfTest), (SNNRT_ERR_SELFTEST_FAILED, .selfTestFailed),
            (SNNRT_ERR_BUSY, .busy), (SNNRT_ERR_BAD_IMAGE, .badImage),
        ]
        for (value, status) in header { #expect(value == status.rawValue) }
        let all = (-64...64).compactMap { Status(rawValue: $0) }
        #expect(Set(all.map(\.rawValue)) == Set(header.map(\.0)))
        #expect(SNNRT_ACCOUNTING_BASIC == Network.Accounting.basic.rawValue)
        #expect(SNNRT_ACCOUNTING_FULL == Network.Accounting.full.rawValue)
    }
}
