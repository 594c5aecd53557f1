#if _pointerBitWidth(_32)
    import CKernels

    // Rows of weights (CKernels/embedded): of each encoding one function for spikes and one for values.

    @c
    public func snnrt_adder_spikes_binary(
        _ events: UnsafePointer<snnrt_events>, _ column: Int32, _ sums: UnsafeMutablePointer<Int32>, _ blocks: UInt32
    ) { snnrt_spikes_binary(events, column, sums, blocks) }

    @c
    public func snnrt_adder_spikes_ternary(
        _ events: UnsafePointer<snnrt_events>, _ column: Int32, _ sums: UnsafeMutablePointer<Int32>, _ blocks: UInt32
    ) { snnrt_spikes_ternary(events, column, sums, blocks) }

    @c
    public func snnrt_adder_spikes_int4(
        _ events: UnsafePointer<snnrt_events>, _ column: Int32, _ sums: UnsafeMutablePointer<Int32>, _ blocks: UInt32
    ) { snnrt_spikes_int4(events, column, sums, blocks) }

    @c
    public func snnrt_adder_spikes_int8(
        _ events: UnsafePointer<snnrt_events>, _ column: Int32, _ sums: UnsafeMutablePointer<Int32>, _ blocks: UInt32
    ) { snnrt_spikes_int8(events, column, sums, blocks) }

    @c
    public func snnrt_adder_spikes_int16(
        _ events: UnsafePointer<snnrt_events>, _ column: Int32, _ sums: UnsafeMutablePointer<Int32>, _ blocks: UInt32
    ) { snnrt_spikes_int16(events, column, sums, blocks) }

    @c
    public func snnrt_adder_values_binary(
        _ events: UnsafePointer<snnrt_events>, _ column: Int32, _ sums: UnsafeMutablePointer<Int32>, _ blocks: UInt32
    ) { snnrt_values_binary(events, column, sums, blocks) }

    @c
    public func snnrt_adder_values_ternary(
        _ events: UnsafePointer<snnrt_events>, _ column: Int32, _ sums: UnsafeMutablePointer<Int32>, _ blocks: UInt32
    ) { snnrt_values_ternary(events, column, sums, blocks) }

    @c
    public func snnrt_adder_values_int4(
        _ events: UnsafePointer<snnrt_events>, _ column: Int32, _ sums: UnsafeMutablePointer<Int32>, _ blocks: UInt32
    ) { snnrt_values_int4(events, column, sums, blocks) }

    @c
    public func snnrt_adder_values_int8(
        _ events: UnsafePointer<snnrt_events>, _ column: Int32, _ sums: UnsafeMutablePointer<Int32>, _ blocks: UInt32
    ) { snnrt_values_int8(events, column, sums, blocks) }

    @c
    public func snnrt_adder_values_int16(
        _ events: UnsafePointer<snnrt_events>, _ column: Int32, _ sums: UnsafeMutablePointer<Int32>, _ blocks: UInt32
    ) { snnrt_values_int16(events, column, sums, blocks) }

    @c
    public func snnrt_adder_wide_sources(
        _ events: UnsafeMutablePointer<snnrt_events>, _ values: UnsafePointer<Int32>, _ shift: UInt32, _ first: UInt32,
        _ end: UInt32, _ row: UnsafePointer<UInt8>
    ) -> UInt32 { snnrt_list_wide(events, values, shift, first, end, row) }
#endif
