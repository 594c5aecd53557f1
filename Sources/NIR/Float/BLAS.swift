import Glibc

/// A BLAS is a library of matrix products that was found at run time: the one whose path SNNRT_BLAS gives, else the system's
/// OpenBLAS or CBLAS. Where there is none, or SNNRT_BLAS is "none", plain loops take its place, with the same results
/// (`ExactMatrix`).
///
/// A library's integers have 32 bits, or 64 where its names end in `64_`; the copy in NumPy's and SciPy's packages puts
/// `scipy_` before its names.
struct BLAS: @unchecked Sendable {
    /// cblas_dgemm with integers of 32 bits, and with those of 64. Enumerations of C have 32.
    private typealias Product32 =
        @convention(c) (
            Int32, Int32, Int32, Int32, Int32, Int32, Double, UnsafePointer<Double>, Int32, UnsafePointer<Double>,
            Int32,
            Double, UnsafeMutablePointer<Double>, Int32
        ) -> Void
    private typealias Product64 =
        @convention(c) (
            Int32, Int32, Int32, Int64, Int64, Int64, Double, UnsafePointer<Double>, Int64, UnsafePointer<Double>,
            Int64,
            Double, UnsafeMutablePointer<Double>, Int64
        ) -> Void
    private let narrow: Product32?
    private let wide: Product64?

    /// Found once, and never closed; nil where there is none.
    static let found: BLAS? = {
        let asked = getenv("SNNRT_BLAS").map { String(cString: $0) }
        if asked == "none" { return nil }
        let usual = ["libopenblas.so.0", "libopenblas.so", "libcblas.so.3"]
        for path in asked.map({ [$0] }) ?? usual {
            if let library = dlopen(path, RTLD_NOW | RTLD_LOCAL), let blas = BLAS(library) { return blas }
        }
        return nil
    }()

    private init?(_ library: UnsafeMutableRawPointer) {
        for prefix in ["", "scipy_"] {
            for suffix in ["", "64_"] {
                guard let product = dlsym(library, "\(prefix)cblas_dgemm\(suffix)") else { continue }
                narrow = suffix.isEmpty ? unsafeBitCast(product, to: Product32.self) : nil
                wide = suffix.isEmpty ? nil : unsafeBitCast(product, to: Product64.self)
                // Products are small: threads would wait for each other.
                if let setThreads = dlsym(library, "\(prefix)openblas_set_num_threads\(suffix)") {
                    unsafeBitCast(setThreads, to: (@convention(c) (Int32) -> Void).self)(1)
                }
                return
            }
        }
        return nil
    }

    /// y = a·b, all row after row: a [rows, inner], or [inner, rows] where it is `transposed`; b [inner, columns]; y [rows,
    /// columns].
    func multiply(
        _ a: UnsafePointer<Double>, transposed: Bool = false, _ b: UnsafePointer<Double>, rows: Int, inner: Int,
        columns: Int, into y: UnsafeMutablePointer<Double>
    ) {
        let (rowMajor, plain, turned): (Int32, Int32, Int32) = (101, 111, 112)
        let (order, width) = (transposed ? turned : plain, transposed ? rows : inner)
        if let narrow {
            let (m, n, k) = (Int32(rows), Int32(columns), Int32(inner))
            narrow(rowMajor, order, plain, m, n, k, 1, a, Int32(width), b, n, 0, y, n)
        } else if let wide {
            let (m, n, k) = (Int64(rows), Int64(columns), Int64(inner))
            wide(rowMajor, order, plain, m, n, k, 1, a, Int64(width), b, n, 0, y, n)
        }
    }
}
