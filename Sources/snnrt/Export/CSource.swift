import SNNRuntime

/// The source of an exported model: its bytes as a constant.
struct CSource {
    let exported: ExportedModel

    var text: String {
        """
        \(ExportedModel.mark) \(snnrtVersion) from \(cComment(exported.loaded.name)). Export again instead of editing. */
        #include "\(exported.name.text).h"

        #if defined(__ELF__)
        __attribute__((aligned(8), section("\(exported.section)")))
        #elif defined(__GNUC__)
        __attribute__((aligned(8)))
        #elif defined(__cplusplus) && __cplusplus >= 201103L
        alignas(8)
        #elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
        _Alignas(8)
        #else
        #error "say how this compiler lays a constant at a multiple of 8"
        #endif
        const uint8_t \(exported.symbol)[\(exported.macro("MODEL_BYTES"))] = {
        \(rows)
        };

        """
    }

    /// 24 bytes a line in hexadecimal: 119 characters. Characters are written to a buffer, since a model may have megabytes.
    private var rows: String {
        let digits = Array("0123456789abcdef".utf8)
        let bytes = exported.loaded.bytes
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
