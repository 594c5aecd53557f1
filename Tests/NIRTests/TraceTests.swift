import TestSupport
import Testing

@testable import NIR

/// Each dialect against the NIR paper's own traces of one LIF neuron (dt = 1e-4): spikes tick for tick, voltages as near
/// as the trace's own precision allows.
@Suite(.enabled(if: hasShared)) struct TraceTests {
    @Test(arguments: LIFTrace.all) func spikesAndVoltagesOfTheTrace(_ trace: LIFTrace) throws {
        let table = try columns(nir("lif-traces/lif_\(trace.file).csv"))
        if trace.isDouble { try compare(trace, table, Double.self) } else { try compare(trace, table, Float.self) }
    }

    private func compare<Scalar: BinaryFloatingPoint>(_ trace: LIFTrace, _ table: [[Double]], _: Scalar.Type) throws {
        let path = nir("lif_norse.nir")
        let dialect = TestSupport.dialect(trace.dialect)
        var network = try FloatNetwork<Scalar>(try Graph(path: path), file: path, dialect: dialect, dt: 1e-4)
        var spikes: [Double] = Array(repeating: 0, count: dialect.spikeDelay)
        var worst = 0.0
        for tick in table[0].indices {
            network.tick([Scalar(table[0][tick] * trace.inputScale)])
            spikes.append(Double(network.values["1"]![0]))
            worst = max(worst, abs(Double(network.membranes["1"]![0]) * trace.voltageScale - table[1][tick]))
        }
        #expect(Array(spikes.prefix(table[2].count)) == table[2])
        #expect(table[2].reduce(0, +) == 4)
        #expect(worst <= trace.tolerance, "voltages differ by \(worst)")
    }
}

/// The Braille networks on test sample 0 against activities that frameworks published: every spike of the hidden
/// population.
@Suite(.enabled(if: hasShared)) struct BrailleTests {
    private func hidden(_ file: String, _ dialect: Dialect, ticks: Int = 256) throws -> (
        spikes: [Double], counts: [Double]
    ) {
        let path = nir(file)
        var network = try FloatNetwork<Float>(try Graph(path: path), file: path, dialect: dialect, dt: 1e-4)
        let sample = try Array2(npy: nir("braille_ds_test0_input_256x12_u8.npy"))
        var (spikes, counts): ([Double], [Double]) = ([], Array(repeating: 0, count: 7))
        for tick in 0..<ticks {
            network.tick(sample.values[12 * tick..<12 * tick + 12].map { Float($0) })
            spikes += network.values["lif1.lif"]!.map { Double($0) }
            for (i, spike) in network.values["lif2"]!.enumerated() { counts[i] += Double(spike) }
        }
        return (spikes, counts)
    }

    @Test func zeroResetIsSnnTorchs() throws {
        let (spikes, counts) = try hidden("braille_noDelay_bias_zero.nir", dialect("snntorch zero same"))
        let published = try Array2(npy: nir("braille-activity/snntorch_activity_noDelay_bias_zero.npy"))
        #expect(published.values.count == 9728)
        #expect(spikes == published.values)
        #expect(counts == [10, 160, 112, 113, 103, 68, 121])
    }

    @Test func subtractionIsSpyxsOneTickLater() throws {
        let dialect = try #require(Dialect.named("spyx"))
        let (spikes, counts) = try hidden("braille_noDelay_noBias_subtract.nir", dialect)
        let published = try Array2(npy: nir("braille-activity/spyx_activity_noDelay_noBias_subtract.npy"))
        #expect(published.values.count == 10240)
        #expect(Array(repeating: 0, count: 40) + spikes.dropLast(40) == published.values)
        #expect(counts == [0, 64, 23, 19, 4, 24, 22])
    }
}
