/// Taps are the positions at which the elements of a convolution's source meet its kernel.
struct Taps {
    private let convolution: ConvolutionNode
    private let size: [Int]
    private let outSize: [Int]
    /// Positions of the target, per channel.
    let placeCount: Int

    /// Shapes with channels first, of one or two dimensions behind them.
    init(_ convolution: ConvolutionNode, from: [Int], to: [Int]) {
        self.convolution = convolution
        (size, outSize) = (Array(([1] + from[1...]).suffix(2)), Array(([1] + to[1...]).suffix(2)))
        placeCount = outSize[0] * outSize[1]
    }

    /// The element's channel, the position in the kernel, and the place in the target.
    @inline(__always)
    func forEach(of element: Int, _ body: (_ channel: Int, _ position: Int, _ place: Int) -> Void) {
        let (kernelHeight, kernelWidth) = (convolution.weight.shape[2], convolution.weight.shape[3])
        let (channel, at) = element.quotientAndRemainder(dividingBy: size[0] * size[1])
        let (sourceRow, sourceColumn) = at.quotientAndRemainder(dividingBy: size[1])
        for ky in 0..<kernelHeight {
            let (row, rest) = (sourceRow + convolution.padding[0][0] - convolution.dilation[0] * ky)
                .quotientAndRemainder(dividingBy: convolution.stride[0])
            if rest != 0 || row < 0 || row >= outSize[0] { continue }
            for kx in 0..<kernelWidth {
                let (column, rest) = (sourceColumn + convolution.padding[1][0] - convolution.dilation[1] * kx)
                    .quotientAndRemainder(dividingBy: convolution.stride[1])
                if rest != 0 || column < 0 || column >= outSize[1] { continue }
                body(channel, ky * kernelWidth + kx, row * outSize[1] + column)
            }
        }
    }
}
