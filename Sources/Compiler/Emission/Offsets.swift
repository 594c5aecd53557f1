/// The offsets of the format's fields within their records and blocks (format.md).
enum Offsets {
    enum Header {
        static let magic: [UInt8] = [0x89, 0x53, 0x4e, 0x4e, 0x0d, 0x0a, 0x1a, 0x0a]
        static let arithmeticName = Array("snn-tz".utf8)
        static let majorVersion: UInt32 = 8
        static let minorVersion: UInt32 = 10
        static let byteCount: UInt32 = 12
        static let arithmetic: UInt32 = 16
        static let arithmeticVersion: UInt32 = 22
        static let sectionCount: UInt32 = 24
        static let recordByteCount: UInt32 = 32
    }

    enum Section {
        static let type: UInt32 = 0
        static let flags: UInt32 = 2
        static let offset: UInt32 = 4
        static let byteCount: UInt32 = 8
        static let recordByteCount: UInt32 = 12
    }

    enum Stream {
        static let name: UInt32 = 0
        static let channelCount: UInt32 = 2
        static let rateNumerator: UInt32 = 4
        static let rateDenominator: UInt32 = 8
        static let slot: UInt32 = 12
        static let recordByteCount: UInt32 = 16
    }

    enum Channel {
        static let name: UInt32 = 0
        static let unit: UInt32 = 2
        static let scaleNumerator: UInt32 = 4
        static let scaleDenominator: UInt32 = 8
        static let recordByteCount: UInt32 = 12
    }

    enum Slot {
        static let kind: UInt32 = 0
        static let bits: UInt32 = 1
        static let lifetime: UInt32 = 2
        static let ringDepth: UInt32 = 4
        static let count: UInt32 = 8
        static let recordByteCount: UInt32 = 12
    }

    enum Op {
        static let kind: UInt32 = 0
        static let version: UInt32 = 1
        static let period: UInt32 = 2
        static let source: UInt32 = 6
        static let otherSources: [UInt32] = [8, 10, 12]
        static let target: UInt32 = 14
        static let otherTarget: UInt32 = 16
        static let parameters: UInt32 = 18
        static let recordByteCount: UInt32 = 20
    }

    enum Output {
        static let count: UInt32 = 0
        static let name: UInt32 = 4
        static let op: UInt32 = 6
        static let classCount: UInt32 = 8
        static let classNames: UInt32 = 12
    }

    // MARK: Blocks

    enum Input {
        static let shift: UInt32 = 0
        static let table: UInt32 = 4
        static let byteCount: UInt32 = 8
    }

    /// What dense, block, sparse and convolution begin with.
    enum Synapses {
        static let encoding: UInt32 = 0
        static let join: UInt32 = 1
        static let joinShift: UInt32 = 2
        static let sourceShift: UInt32 = 3
    }

    enum Projection {
        static let groupCount: UInt32 = 4
        static let weights: UInt32 = 8
        static let multipliers: UInt32 = 12
        static let byteCount: UInt32 = 12
    }

    enum Sparse {
        static let delayCount: UInt32 = 4
        static let runs: UInt32 = 8
        static let targets: UInt32 = 12
        static let weights: UInt32 = 16
        static let multipliers: UInt32 = 20
        static let byteCount: UInt32 = 20
    }

    enum Convolution {
        static let height: UInt32 = 4
        static let width: UInt32 = 6
        static let channels: UInt32 = 8
        static let targetChannels: UInt32 = 10
        static let kernel: [UInt32] = [12, 13]
        static let stride: [UInt32] = [14, 15]
        static let padding: [UInt32] = [16, 17, 18, 19]
        static let dilation: [UInt32] = [20, 21]
        static let groups: UInt32 = 22
        static let weights: UInt32 = 24
        static let multipliers: UInt32 = 28
        static let byteCount: UInt32 = 28
    }

    enum LIF {
        static let model: UInt32 = 0
        static let reset: UInt32 = 1
        static let comparison: UInt32 = 2
        static let width: UInt32 = 3
        static let fractionBits: UInt32 = 4
        static let arrayFlags: UInt32 = 5
        static let refractoryTicks: UInt32 = 6
        static let beta: UInt32 = 8
        static let alpha: UInt32 = 12
        static let theta: UInt32 = 16
        static let bias: UInt32 = 20
        static let period: UInt32 = 24
        static let byteCount: UInt32 = 24
        static let periodFlag: UInt8 = 1 << 6
    }

    enum Memory {
        static let encoding: UInt32 = 0
        static let stateBits: UInt32 = 1
        static let inputBits: UInt32 = 2
        static let fractionBits: UInt32 = 3
        static let order: UInt32 = 4
        static let arrayFlags: UInt32 = 6
        static let a: UInt32 = 8
        static let b: UInt32 = 12
        static let bias: UInt32 = 16
        static let byteCount: UInt32 = 20
    }

    enum Readout {
        static let integration: UInt32 = 0
        static let resetsNetwork: UInt32 = 1
        static let shift: UInt32 = 2
        static let window: UInt32 = 4
        static let hop: UInt32 = 8
        static let byteCount: UInt32 = 16
    }

    enum Delay {
        static let depth: UInt32 = 0
        static let arrayFlags: UInt32 = 2
        static let ticks: UInt32 = 4
        static let byteCount: UInt32 = 8
    }

    enum Pool {
        static let function: UInt32 = 0
        static let shift: UInt32 = 1
        static let height: UInt32 = 2
        static let width: UInt32 = 4
        static let channels: UInt32 = 6
        static let kernel: [UInt32] = [8, 9]
        static let stride: [UInt32] = [10, 11]
        static let padding: [UInt32] = [12, 13, 14, 15]
        static let multiplier: UInt32 = 16
        static let byteCount: UInt32 = 20
    }

    enum Activation {
        static let function: UInt32 = 0
        static let shift: UInt32 = 1
        static let arrayFlags: UInt32 = 2
        static let multiplier: UInt32 = 4
        static let bias: UInt32 = 8
        static let low: UInt32 = 12
        static let high: UInt32 = 14
        static let period: UInt32 = 16
        static let byteCount: UInt32 = 20
        static let periodFlag: UInt8 = 1 << 2
    }

    enum Loihi {
        static let comparison: UInt32 = 0
        static let exponent: UInt32 = 1
        static let arrayFlags: UInt32 = 2
        static let currentDecay: UInt32 = 4
        static let voltageDecay: UInt32 = 8
        static let threshold: UInt32 = 12
        static let bias: UInt32 = 16
        static let byteCount: UInt32 = 24
    }

    enum Xylo {
        static let arrayFlags: UInt32 = 0
        static let membraneDash: UInt32 = 4
        static let synapticDash: UInt32 = 8
        static let threshold: UInt32 = 12
        static let bias: UInt32 = 16
        static let byteCount: UInt32 = 24
    }

    enum Recurrence {
        static let segments: UInt32 = 0
        static let poleCount: UInt32 = 1
        static let substeps: UInt32 = 2
        static let fractionBits: UInt32 = 3
        static let order: UInt32 = 4
        static let arrayFlags: UInt32 = 6
        static let outputShift: UInt32 = 7
        static let factors: UInt32 = 8
        static let limit: UInt32 = 12
        static let bias: UInt32 = 16
        static let byteCount: UInt32 = 20
        static let complexFlag: UInt8 = 1 << 1
    }
}
