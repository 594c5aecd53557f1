// The functions of ops that C tables name (CKernels/parts.h): of each kind one that reads it and one or more that tick it.

@c
public func snnrt_load_input(
    _ question: UInt32, _ file: UnsafeRawPointer, _ record: UInt32, _ answer: UnsafeMutableRawPointer
) -> UInt32 { Input.answer(question, file, record, answer) }

@c
public func snnrt_tick_input(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Input.tick(step, workspace, counters, isFull) }

@c
public func snnrt_load_projection(
    _ question: UInt32, _ file: UnsafeRawPointer, _ record: UInt32, _ answer: UnsafeMutableRawPointer
) -> UInt32 { Projection.answer(question, file, record, answer) }

@c
public func snnrt_tick_projection(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Projection.tick(step, workspace, counters, saturates: false) }

@c
public func snnrt_tick_saturate(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Projection.tick(step, workspace, counters, saturates: true) }

@c
public func snnrt_load_lif(
    _ question: UInt32, _ file: UnsafeRawPointer, _ record: UInt32, _ answer: UnsafeMutableRawPointer
) -> UInt32 { LIF.answer(question, file, record, answer) }

@c
public func snnrt_tick_reset_later(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { LIF.tick(step, workspace, counters, isFull) { Kernels.fireAndResetLater($0, $1, isWide: false) } }

@c
public func snnrt_tick_reset_later_wide(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { LIF.tick(step, workspace, counters, isFull) { Kernels.fireAndResetLater($0, $1, isWide: true) } }

@c
public func snnrt_tick_reset_now(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { LIF.tick(step, workspace, counters, isFull) { Kernels.fireAndReset($0, $1) } }

@c
public func snnrt_tick_integrate(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { LIF.tick(step, workspace, counters, isFull) { Kernels.integrate($0, $1) } }

@c
public func snnrt_load_memory(
    _ question: UInt32, _ file: UnsafeRawPointer, _ record: UInt32, _ answer: UnsafeMutableRawPointer
) -> UInt32 { Memory.answer(question, file, record, answer) }

@c
public func snnrt_tick_memory(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Memory.tick(step, workspace, counters) { Kernels.advanceAny($0, $1) } }

@c
public func snnrt_tick_memory16(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Memory.tick(step, workspace, counters) { Kernels.advance16($0, $1) } }

@c
public func snnrt_load_readout(
    _ question: UInt32, _ file: UnsafeRawPointer, _ record: UInt32, _ answer: UnsafeMutableRawPointer
) -> UInt32 { Readout.answer(question, file, record, answer) }

@c
public func snnrt_tick_readout(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Readout.tick(step, workspace, counters, isFull) }

@c
public func snnrt_load_sparse(
    _ question: UInt32, _ file: UnsafeRawPointer, _ record: UInt32, _ answer: UnsafeMutableRawPointer
) -> UInt32 { Sparse.answer(question, file, record, answer) }

@c
public func snnrt_tick_sparse(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Sparse.tick(step, workspace, counters, isFull) }

@c
public func snnrt_load_delay(
    _ question: UInt32, _ file: UnsafeRawPointer, _ record: UInt32, _ answer: UnsafeMutableRawPointer
) -> UInt32 { Delay.answer(question, file, record, answer) }

@c
public func snnrt_tick_delay(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Delay.tick(step, workspace, counters, isFull) }

@c
public func snnrt_load_convolution(
    _ question: UInt32, _ file: UnsafeRawPointer, _ record: UInt32, _ answer: UnsafeMutableRawPointer
) -> UInt32 { Convolution.answer(question, file, record, answer) }

@c
public func snnrt_tick_convolution(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Convolution.tick(step, workspace, counters, isFull) }

@c
public func snnrt_load_pool(
    _ question: UInt32, _ file: UnsafeRawPointer, _ record: UInt32, _ answer: UnsafeMutableRawPointer
) -> UInt32 { Pool.answer(question, file, record, answer) }

@c
public func snnrt_tick_pool(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Pool.tick(step, workspace, counters, isFull) }

@c
public func snnrt_load_activation(
    _ question: UInt32, _ file: UnsafeRawPointer, _ record: UInt32, _ answer: UnsafeMutableRawPointer
) -> UInt32 { Activation.answer(question, file, record, answer) }

@c
public func snnrt_tick_clip(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Activation.tick(step, workspace, counters, isFull, as: .clip) }

@c
public func snnrt_tick_table(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Activation.tick(step, workspace, counters, isFull, as: nil) }

@c
public func snnrt_load_loihi(
    _ question: UInt32, _ file: UnsafeRawPointer, _ record: UInt32, _ answer: UnsafeMutableRawPointer
) -> UInt32 { Loihi.answer(question, file, record, answer) }

@c
public func snnrt_tick_loihi(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Loihi.tick(step, workspace, counters, isFull) }

@c
public func snnrt_load_xylo(
    _ question: UInt32, _ file: UnsafeRawPointer, _ record: UInt32, _ answer: UnsafeMutableRawPointer
) -> UInt32 { Xylo.answer(question, file, record, answer) }

@c
public func snnrt_tick_xylo(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Xylo.tick(step, workspace, counters, isFull) }

@c
public func snnrt_load_recurrence(
    _ question: UInt32, _ file: UnsafeRawPointer, _ record: UInt32, _ answer: UnsafeMutableRawPointer
) -> UInt32 { Recurrence.answer(question, file, record, answer) }

@c
public func snnrt_tick_recurrence(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _ isFull: UInt32
) { Recurrence.tick(step, workspace, counters, isFull) }

@c
public func snnrt_tick_count_input(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _: UInt32
) { Input.count(step, workspace, counters) }

@c
public func snnrt_tick_count_projection(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _: UInt32
) { Projection.count(step, workspace, counters) }

@c
public func snnrt_tick_count_memory(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _: UInt32
) { Memory.count(step, workspace, counters) }

@c
public func snnrt_tick_count_sparse(
    _ step: UnsafeRawPointer, _ workspace: UnsafeRawPointer, _ counters: UnsafeMutableRawPointer, _: UInt32
) { Sparse.count(step, workspace, counters) }
