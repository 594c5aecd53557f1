/// A complex number.
struct Complex: Equatable {
    var real: Double
    var imaginary: Double

    init(_ real: Double, _ imaginary: Double) { (self.real, self.imaginary) = (real, imaginary) }

    static func * (x: Complex, y: Complex) -> Complex {
        Complex(x.real * y.real - x.imaginary * y.imaginary, x.real * y.imaginary + x.imaginary * y.real)
    }
    static func / (x: Complex, y: Complex) -> Complex {
        let size = y.real * y.real + y.imaginary * y.imaginary
        return x * Complex(y.real / size, -y.imaginary / size)
    }
    static func - (x: Complex, y: Complex) -> Complex { Complex(x.real - y.real, x.imaginary - y.imaginary) }
    static func += (x: inout Complex, y: Complex) { x = Complex(x.real + y.real, x.imaginary + y.imaginary) }
    static func -= (x: inout Complex, y: Complex) { x = x - y }
}
