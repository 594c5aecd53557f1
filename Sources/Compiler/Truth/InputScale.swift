import Glibc

/// An input scale is what one count of a raw sample is worth, chosen so that rounding loses next to nothing.
public enum InputScale {
    /// The greatest loss of a scale that is chosen.
    static let aim = 1e-3

    /// 1 for whole numbers. Else the greatest power of two by which rounding loses at most a thousandth of each channel's root mean
    /// square; finer ones than those by which `margin` times the greatest value fits 16 bits are not tried.
    ///
    /// - Parameter windows: values in the channels' units, frame after frame of `channelCount`.
    public static func chosen(
        for windows: [[Double]], channelCount: Int, margin: Double
    ) -> (numerator: UInt32, denominator: UInt32) {
        let peak = windows.joined().reduce(0) { max($0, abs($1)) }
        func fits(_ exponent: Int) -> Bool { peak * margin <= 32767 * exp2(Double(exponent)) }
        if fits(0), windows.joined().allSatisfy({ $0 == $0.rounded() }) { return (1, 1) }
        var exponent = 31
        while exponent > -31, fits(exponent - 1) { exponent -= 1 }
        // The finest that fits; coarser as long as that loses little.
        while exponent < 31, loss(windows, channelCount, unit: exp2(Double(exponent + 1))) <= aim { exponent += 1 }
        return exponent < 0 ? (1, 1 << UInt32(-exponent)) : (1 << UInt32(exponent), 1)
    }

    private static func loss(_ windows: [[Double]], _ channelCount: Int, unit: Double) -> Double {
        var (errors, squares) = (
            [Double](repeating: 0, count: channelCount), [Double](repeating: 0, count: channelCount)
        )
        for window in windows {
            for (i, value) in window.enumerated() {
                let error = value - (value / unit).rounded(.toNearestOrEven) * unit
                errors[i % channelCount] += error * error
                squares[i % channelCount] += value * value
            }
        }
        return zip(errors, squares).reduce(0) { max($0, $1.1 > 0 ? ($1.0 / $1.1).squareRoot() : 0) }
    }
}

extension CompileOptions {
    /// Windows that a network was given, as they were before they were normalized.
    public func unnormalized(_ windows: [[Double]]) -> [[Double]] {
        guard let (means, deviations) = normalization else { return windows }
        return windows.map { window in
            window.indices.map { window[$0] * deviations[$0 % deviations.count] + means[$0 % means.count] }
        }
    }
}
