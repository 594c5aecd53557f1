// The one list of the format's records: where each field lies, what it may hold (docs/format.md, "Header" to "Op
// records", "Outputs", "Self-test", "A saved state"). The reader and the Swift writer both read it; an op's own block is
// declared in the op's file.

package enum Record {
    package enum Header {
        package static let byteCount: UInt32 = 32
        package static let trailerByteCount: UInt32 = 4
        package static let majorVersion: UInt32 = 8
        package static let minorVersion: UInt32 = 10
        package static let fileByteCount: UInt32 = 12
        package static let arithmetic: UInt32 = 16
        package static let arithmeticVersion: UInt32 = 22
        package static let sectionCount: UInt32 = 24
        package static let reserved: UInt32 = 26

        package static let magic: InlineArray<8, UInt8> = [0x89, 0x53, 0x4e, 0x4e, 0x0d, 0x0a, 0x1a, 0x0a]
        /// "snn-tz"
        package static let arithmeticName: InlineArray<6, UInt8> = [0x73, 0x6e, 0x6e, 0x2d, 0x74, 0x7a]
        package static let formatMajor: UInt32 = 1
        /// snnrt.h says it too, as SNNRT_FORMAT_MINOR.
        package static let formatMinor: UInt32 = 7
        /// Those below were used before a first release.
        package static let firstMinor: UInt32 = 6
        package static let arithmeticNumber: UInt32 = 1

        static let fields: InlineArray<3, Field> = [
            .number(sectionCount, .u16, 8, 64), .reserved(reserved, .u16), .reserved(reserved + 2, .u32),
        ]
    }

    /// An entry of the section table.
    package enum Section {
        package static let byteCount: UInt32 = 12
        package static let type: UInt32 = 0
        package static let flags: UInt32 = 2
        package static let offset: UInt32 = 4
        package static let length: UInt32 = 8

        package static let criticalFlag: UInt32 = 1
    }

    package enum Stream {
        package static let byteCount: UInt32 = 16
        package static let name: UInt32 = 0
        package static let channelCount: UInt32 = 2
        package static let rateNumerator: UInt32 = 4
        package static let rateDenominator: UInt32 = 8
        package static let slot: UInt32 = 12
        package static let reserved: UInt32 = 14

        static let fields: InlineArray<6, Field> = [
            .name(name), .number(channelCount, .u16, 1, 65535), .positive(rateNumerator), .positive(rateDenominator),
            .slot(slot), .reserved(reserved, .u16),
        ]
    }

    package enum Channel {
        package static let byteCount: UInt32 = 12
        package static let name: UInt32 = 0
        package static let unit: UInt32 = 2
        package static let scaleNumerator: UInt32 = 4
        package static let scaleDenominator: UInt32 = 8

        static let fields: InlineArray<4, Field> = [
            .name(name), .name(unit), .positive(scaleNumerator), .positive(scaleDenominator),
        ]
    }

    package enum Slot {
        package static let byteCount: UInt32 = 12
        package static let type: UInt32 = 0
        package static let bits: UInt32 = 1
        package static let lifetime: UInt32 = 2
        package static let reserved: UInt32 = 3
        package static let ringDepth: UInt32 = 4
        package static let initialValue: UInt32 = 6
        package static let elementCount: UInt32 = 8

        package static let maximumCount: UInt32 = 4096
        package static let maximumElementCount: UInt32 = 1 << 24

        // Width, lifetime and initial value depend on the type, and stand between these in the order of checks.
        static let typeField: InlineArray<1, Field> = [.code(type, .u8, 1, 5)]
        static let lifetimeField: InlineArray<1, Field> = [.flags(lifetime, 1)]
        static let ringFields: InlineArray<2, Field> = [.reserved(reserved, .u8), .code(ringDepth, .u16, 1, 1)]
        static let countField: InlineArray<1, Field> = [.number(elementCount, .u32, 1, 1 << 24)]
    }

    package enum Op {
        package static let byteCount: UInt32 = 20
        package static let kind: UInt32 = 0
        package static let version: UInt32 = 1
        package static let period: UInt32 = 2
        package static let phase: UInt32 = 4
        package static let inputs: UInt32 = 6
        package static let outputs: UInt32 = 14
        /// In units of 4 bytes of the parameters section.
        package static let parameters: UInt32 = 18

        package static let maximumCount: UInt32 = 4096
        package static let noSlot: UInt32 = 65535

        /// Behind the kind, which `OpKind` lists, and before the slots, which depend on it.
        static let fields: InlineArray<3, Field> = [
            .code(version, .u8, 1, 1), .code(period, .u16, 1, 1), .code(phase, .u16, 0, 0),
        ]
    }

    /// The outputs section: its head, one output, then class names.
    package enum Outputs {
        package static let count: UInt32 = 0
        package static let reserved: UInt32 = 2
        package static let name: UInt32 = 4
        package static let op: UInt32 = 6
        package static let classCount: UInt32 = 8
        package static let outputReserved: UInt32 = 10
        package static let classNames: UInt32 = 12

        static let fields: InlineArray<6, Field> = [
            .code(count, .u16, 1, 1), .reserved(reserved, .u16), .name(name), .op(op),
            .number(classCount, .u16, 1, 65535),
            .reserved(outputReserved, .u16),
        ]
    }

    package enum SelfTest {
        package static let frameCount: UInt32 = 0
        package static let checksum: UInt32 = 4
        package static let frames: UInt32 = 8
    }

    /// The header of a saved state, in front of the state block.
    package enum SavedState {
        package static let byteCount: UInt32 = 16
        package static let version: UInt32 = 4
        package static let accountingMode: UInt32 = 6
        package static let accountingVersion: UInt32 = 7
        package static let model: UInt32 = 8
        package static let blockByteCount: UInt32 = 12

        /// "SNNS"
        package static let magic: UInt32 = 0x534e_4e53
        package static let layoutNumber: UInt32 = 1
        /// snnrt.h says it too, as SNNRT_ACCOUNTING_VERSION.
        package static let accountingNumber: UInt32 = 1
    }
}

/// A section's number in the file.
package enum SectionType: UInt8 {
    case streams = 1, channels, slots, ops, parameters, data, outputs, names, selfTest, metadata

    /// Types 1 to 8, which every file has.
    package static let requiredCount: UInt32 = 8
    package var isRequired: Bool { rawValue <= SectionType.names.rawValue }
}

/// Op kinds as the file numbers them.
package enum OpKind: UInt8 {
    case input = 1, dense, block, lif, memory, readout, sparse, delay, convolution, pool, activation, loihi, xylo,
        recurrence
}
