/// One field of a record or of an op's parameter block: where it lies and what it may hold. Records and ops state their
/// fields as tables, and one loop (`FileView.check`) holds a file to them (docs/format.md, "The order of checks").
struct Field {
    /// What a value that is not allowed means: a newer writer (unsupported), a wrong one (bad value), a reference to
    /// nothing (malformed).
    enum Class: UInt8 {
        /// A value in a range, else bad value.
        case number
        /// One of the listed values, the range, else unsupported. Reserved fields are codes of 0.
        case code
        /// One of the two ends of the range, else unsupported.
        case either
        /// A set of bits, else unsupported. The same byte says which parameters are arrays.
        case flags
        /// An offset in the names section of a string's first byte.
        case name
        /// The number of a slot, or of an op, below their count.
        case slot, op
        /// Four bytes: a value, or with its bit in the flags byte the offset in data of an array.
        case parameter
    }

    /// How a number lies in the file; of a parameter, how an array's element does.
    enum Form: UInt8 {
        case u8, i8, u16, i16, u32, i32
        /// Three bytes at an odd offset: of reserved fields only.
        case u24
        /// 0 … L, of the width of a population's state: i16 or i32.
        case state

        /// Of all but u24.
        @inline(__always)
        func byteCount(isWide: Bool) -> UInt32 {
            self == .state ? (isWide ? 4 : 2) : 1 &<< UInt32(truncatingIfNeeded: rawValue &>> 1)
        }
    }

    let offset: UInt8
    let kind: Class
    let form: Form
    /// Of a parameter: its bit in the flags byte.
    let arrayFlag: UInt8
    /// The least value, and the greatest less the least, modulo 2^32, so that one comparison serves signed and unsigned
    /// ranges. Of flags `span` is the set of bits.
    let low: UInt32
    let span: UInt32

    @inline(__always)
    private init(_ offset: UInt32, _ kind: Class, _ form: Form, _ low: Int32, _ high: Int32, flag: UInt8 = 0) {
        self.offset = UInt8(truncatingIfNeeded: offset)
        (self.kind, self.form, arrayFlag) = (kind, form, flag)
        (self.low, span) = (UInt32(bitPattern: low), UInt32(bitPattern: high &- low))
    }

    @inline(__always)
    static func number(_ offset: UInt32, _ form: Form, _ low: Int32, _ high: Int32) -> Field {
        Field(offset, .number, form, low, high)
    }
    /// 1 … 2^32 − 1.
    @inline(__always)
    static func positive(_ offset: UInt32) -> Field { Field(offset, .number, .u32, 1, -1) }
    @inline(__always)
    static func code(_ offset: UInt32, _ form: Form, _ low: Int32, _ high: Int32) -> Field {
        Field(offset, .code, form, low, high)
    }
    @inline(__always)
    static func either(_ offset: UInt32, _ low: Int32, _ high: Int32) -> Field {
        Field(offset, .either, .u8, low, high)
    }
    @inline(__always)
    static func reserved(_ offset: UInt32, _ form: Form) -> Field { Field(offset, .code, form, 0, 0) }
    @inline(__always)
    static func flags(_ offset: UInt32, _ bits: Int32) -> Field { Field(offset, .flags, .u8, 0, bits) }
    @inline(__always)
    static func name(_ offset: UInt32) -> Field { Field(offset, .name, .u16, 0, 0) }
    @inline(__always)
    static func slot(_ offset: UInt32) -> Field { Field(offset, .slot, .u16, 0, 0) }
    @inline(__always)
    static func op(_ offset: UInt32) -> Field { Field(offset, .op, .u16, 0, 0) }
    /// Parameter number `number`, of the width of a state.
    @inline(__always)
    static func stateParameter(_ offset: UInt32, _ number: UInt8) -> Field {
        Field(offset, .parameter, .state, 0, Int32.wideLimit, flag: 1 &<< number)
    }
    /// Parameter number `number`, whose flag is that bit.
    @inline(__always)
    static func parameter(_ offset: UInt32, _ number: UInt8, _ form: Form, _ low: Int32, _ high: Int32) -> Field {
        Field(offset, .parameter, form, low, high, flag: 1 &<< number)
    }

    @inline(__always)
    func allows(_ value: UInt32, isWide: Bool = false) -> Bool {
        value &- low <= (form == .state && !isWide ? Int32.narrowLimit.magnitude : span)
    }
}

extension FileView {
    /// Refuses the first of a record's fields that holds what its class does not allow. Arrays of parameters are left to the
    /// op, `requireArrays`.
    ///
    /// - Parameter isWide: states have 32 bits.
    @inline(never)
    func check(_ fields: Span<Field>, at record: UInt32, isWide: Bool = false) throws(Refusal) {
        var arrays: UInt8 = 0
        for i in 0..<fields.count {
            let field = fields[i]
            let at = record &+ UInt32(truncatingIfNeeded: field.offset)
            let value = field.kind == .parameter ? u32(at) : number(field.form, at)
            var fault: Status?
            switch field.kind {
            case .number: fault = field.allows(value) ? nil : .badValue
            case .code: fault = field.allows(value) ? nil : .unsupported
            case .either: fault = value == field.low || value &- field.low == field.span ? nil : .unsupported
            case .flags:
                arrays = UInt8(truncatingIfNeeded: value)
                fault = value & ~field.span == 0 ? nil : .unsupported
            case .name: fault = isName(value) ? nil : .malformed
            case .slot: fault = value < slotCount ? nil : .malformed
            case .op: fault = value < opCount ? nil : .malformed
            case .parameter:
                fault = arrays & field.arrayFlag != 0 || field.allows(value, isWide: isWide) ? nil : .badValue
            }
            if let fault { throw Refusal(fault, at: at) }
        }
    }

    /// A number of up to 32 bits, sign-extended where its form is signed.
    @inline(never)
    func number(_ form: Field.Form, _ at: UInt32) -> UInt32 {
        switch form {
        case .u8: return UInt32(truncatingIfNeeded: u8(at))
        case .i8: return UInt32(bitPattern: Int32(truncatingIfNeeded: Int8(bitPattern: u8(at))))
        case .u16: return u16(at)
        case .i16: return UInt32(bitPattern: i16(at))
        case .u32, .i32, .state: return u32(at)
        case .u24:
            let rest = at &+ 1
            return UInt32(truncatingIfNeeded: u8(at)) | u16(rest) &<< 8
        }
    }

    /// True if an offset in the names section is that of a string's first byte.
    func isName(_ reference: UInt32) -> Bool {
        let names = section(.names)
        return reference < names.byteCount && (reference == 0 || u8(names.offset &+ reference &- 1) == 0)
    }
}
