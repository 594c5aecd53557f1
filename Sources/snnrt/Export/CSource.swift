import SNNRuntime

/// The source of an exported model: its bytes as a constant.
struct CSource {
    let exported: ExportedModel

    var text: String {
        let image = exported.image.map { array(exported.imageSymbol, "IMAGE_BYTES", $0, ".image") } ?? ""
        return """
            \(ExportedModel.mark) \(snnrtVersion) from \(cComment(exported.loaded.name)). Export again instead of editing. */
            #include "\(exported.name.text).h"

            #if defined(__ELF__)
            #define CONSTANT(name) __attribute__((aligned(8), section("\(exported.section)" name))) const uint8_t
            #elif defined(__GNUC__)
            #define CONSTANT(name) __attribute__((aligned(8))) const uint8_t
            #elif defined(__cplusplus) && __cplusplus >= 201103L
            #define CONSTANT(name) alignas(8) const uint8_t
            #elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
            #define CONSTANT(name) _Alignas(8) const uint8_t
            #else
            #error "say how this compiler lays a constant at a multiple of 8"
            #endif

            \(array(exported.symbol, "MODEL_BYTES", exported.loaded.bytes.map { $0 }, ""))\(image)
            """
    }

    private func array(_ symbol: String, _ length: String, _ bytes: [UInt8], _ part: String) -> String {
        """
        CONSTANT("\(part)") \(symbol)[\(exported.macro(length))] = {
        \(rows(bytes))
        };

        """
    }

    /// 24 bytes a line in hexadecimal: 119 characters. Characters are written to a buffer, since a model may have megabytes.
    private func rows(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 5)
        for (index, byte) in bytes.enumerated() {
            if index > 0 { text.append(index % 24 == 0 ? UInt8(ascii: "\n") : UInt8(ascii: " ")) }
            text += [
                UInt8(ascii: "0"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)], UInt8(ascii: ","),
            ]
        }
        text.removeLast()
        return String(decoding: text, as: UTF8.self)
    }
}
