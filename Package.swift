// swift-tools-version: 6.3
import PackageDescription

// The device half (SNNRuntime and its C surface) compiles twice from the same sources: as ordinary Swift
// for the command and the tests, and, with the trait "Embedded", as Embedded Swift without a heap for C
// programs: `make lib`. docs/design.md says why.
let device: [SwiftSetting] = [
    .enableExperimentalFeature("Embedded", .when(traits: ["Embedded"])),
    .unsafeFlags(
        [
            "-wmo", "-no-allocations",
            "-Xfrontend", "-function-sections", "-Xfrontend", "-disable-stack-protector",
            // The header's names as they are written: a core's own are given to the finished objects.
            "-Xcc", "-DSNNRT_BUILDING",
        ], .when(traits: ["Embedded"])),
]

// Debug builds optimise the runtime, with its assertions kept: the tests run every golden trace through every set of loops,
// which unoptimised takes three times as long.
let tested: [SwiftSetting] = [
    .unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))
]

let package = Package(
    name: "snnrt",
    products: [
        .executable(name: "snnrt", targets: ["snnrt"]),
        .library(name: "SNNSurface", type: .static, targets: ["SNNSurface"]),
    ],
    traits: ["Embedded"],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        // Device half.
        .systemLibrary(name: "CSNNRT", path: "include"),
        .target(name: "CKernels", publicHeadersPath: "."),
        .target(name: "SNNRuntime", dependencies: ["CKernels"], swiftSettings: device + tested),
        .target(name: "SNNSampling", swiftSettings: device),
        .target(
            name: "SNNSurface", dependencies: ["SNNRuntime", "SNNSampling", "CSNNRT", "CKernels"], swiftSettings: device
        ),
        // Desk half.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(
            name: "SensorLogs", dependencies: ["SNNSampling", "CZlib", "CZstd"],
            resources: [.embedInCode("Layouts/Descriptions")]),
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
        .target(name: "NIR", dependencies: ["CHDF5"]),
        .target(name: "Compiler", dependencies: ["NIR", "SNNRuntime"]),
        .executableTarget(
            name: "snnrt",
            dependencies: [
                "CSNNRT", "SNNRuntime", "SensorLogs", "NIR", "Compiler",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(name: "SNNRuntimeTests", dependencies: ["SNNRuntime", "CSNNRT", "CKernels"]),
        .target(name: "TestSupport", dependencies: ["NIR", "SNNRuntime"], path: "Tests/TestSupport"),
        .testTarget(name: "NIRTests", dependencies: ["NIR", "TestSupport"]),
        .testTarget(name: "CompilerTests", dependencies: ["Compiler", "NIR", "SNNRuntime", "TestSupport"]),
        .testTarget(name: "SensorLogsTests", dependencies: ["SensorLogs", "SNNSampling", "CZlib", "CZstd"]),
    ]
)
