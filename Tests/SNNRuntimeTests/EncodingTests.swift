import Testing

@testable import SNNRuntime

@Suite struct EncodingTests {
    /// Adding a run equals adding its weights one by one, for every encoding, length and value.
    @Test(arguments: [Encoding.binary, .ternary, .int4, .int8, .int16])
    func addRunEqualsWeights(_ encoding: Encoding) {
        var random = Seeded(7)
        let bytes = Memory8((0..<600).map { _ in UInt8.random(in: 0...255, using: &random) })
        let run = UnsafeRawPointer(bytes.bytes.baseAddress!)
        for count in [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 255] {
            for value in [-32767, -3, 1, 2, 32767] as [Int32] {
                var sums = [Int32](repeating: 5, count: count + 1)
                sums.withUnsafeMutableBufferPointer {
                    Portable.addRun(
                        encoding, run, times: value, to: $0.baseAddress!, count: count, .ofThisMachine)
                }
                for i in 0..<count { #expect(sums[i] == 5 &+ encoding.weight(run, i) &* value) }
                #expect(sums[count] == 5)
            }
        }
    }

    @Test func fieldsAreReadFromTheLowEnd() {
        let bytes = Memory8([0b0010_1101, 0xf8])
        let run = UnsafeRawPointer(bytes.bytes.baseAddress!)
        #expect((0..<8).map { Encoding.binary.weight(run, $0) } == [1, -1, 1, 1, -1, 1, -1, -1])
        #expect((0..<2).map { Encoding.ternary.weight(run, $0) } == [1, -1])
        #expect((0..<4).map { Encoding.int4.weight(run, $0) } == [-3, 2, -8, -1])
        #expect((0..<2).map { Encoding.int8.weight(run, $0) } == [45, -8])
        #expect(Encoding.int16.weight(run, 0) == Int32(Int16(bitPattern: 0xf82d)))
    }
}
