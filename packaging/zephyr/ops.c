/* The tables of snnrt.h, "What is linked", as Kconfig has chosen them; part of the application with CONFIG_SNNRT_LINK_CHOSEN. */
#include <snnrt.h>

SNNRT_LOADERS = {
    [SNNRT_LOAD_INPUT] = snnrt_load_input,
    [SNNRT_LOAD_DENSE] = snnrt_load_projection,
    [SNNRT_LOAD_BLOCK] = snnrt_load_projection,
    [SNNRT_LOAD_READOUT] = snnrt_load_readout,
#ifdef CONFIG_SNNRT_OP_LIF
    [SNNRT_LOAD_LIF] = snnrt_load_lif,
#endif
#ifdef CONFIG_SNNRT_OP_MEMORY
    [SNNRT_LOAD_MEMORY] = snnrt_load_memory,
#endif
#ifdef CONFIG_SNNRT_OP_RECURRENCE
    [SNNRT_LOAD_RECURRENCE] = snnrt_load_recurrence,
#endif
#ifdef CONFIG_SNNRT_OP_ACTIVATION
    [SNNRT_LOAD_ACTIVATION] = snnrt_load_activation,
#endif
#ifdef CONFIG_SNNRT_OP_SPARSE
    [SNNRT_LOAD_SPARSE] = snnrt_load_sparse,
#endif
#ifdef CONFIG_SNNRT_OP_DELAY
    [SNNRT_LOAD_DELAY] = snnrt_load_delay,
#endif
#ifdef CONFIG_SNNRT_OP_CONVOLUTION
    [SNNRT_LOAD_CONVOLUTION] = snnrt_load_convolution,
    [SNNRT_LOAD_POOL] = snnrt_load_pool,
#endif
#ifdef CONFIG_SNNRT_OP_LOIHI
    [SNNRT_LOAD_LOIHI] = snnrt_load_loihi,
#endif
#ifdef CONFIG_SNNRT_OP_XYLO
    [SNNRT_LOAD_XYLO] = snnrt_load_xylo,
#endif
};

SNNRT_TICKS = {
    [SNNRT_TICK_INPUT] = snnrt_tick_input,
    [SNNRT_TICK_PROJECTION] = snnrt_tick_projection,
    [SNNRT_TICK_READOUT] = snnrt_tick_readout,
#ifdef CONFIG_SNNRT_OP_LIF
    [SNNRT_TICK_RESET_LATER] = snnrt_tick_reset_later,
    [SNNRT_TICK_INTEGRATE] = snnrt_tick_integrate,
#endif
#ifdef CONFIG_SNNRT_OP_LIF_WIDE
    [SNNRT_TICK_RESET_LATER_WIDE] = snnrt_tick_reset_later_wide,
#endif
#ifdef CONFIG_SNNRT_OP_LIF_RESET_NOW
    [SNNRT_TICK_RESET_NOW] = snnrt_tick_reset_now,
#endif
#ifdef CONFIG_SNNRT_OP_MEMORY
    [SNNRT_TICK_MEMORY] = snnrt_tick_memory,
    [SNNRT_TICK_MEMORY16] = snnrt_tick_memory16,
#endif
#ifdef CONFIG_SNNRT_OP_RECURRENCE
    [SNNRT_TICK_RECURRENCE] = snnrt_tick_recurrence,
#endif
#ifdef CONFIG_SNNRT_OP_ACTIVATION
    [SNNRT_TICK_CLIP] = snnrt_tick_clip,
#endif
#ifdef CONFIG_SNNRT_OP_ACTIVATION_TABLE
    [SNNRT_TICK_TABLE] = snnrt_tick_table,
#endif
#ifdef CONFIG_SNNRT_OP_SPARSE
    [SNNRT_TICK_SPARSE] = snnrt_tick_sparse,
#endif
#ifdef CONFIG_SNNRT_OP_DELAY
    [SNNRT_TICK_DELAY] = snnrt_tick_delay,
#endif
#ifdef CONFIG_SNNRT_OP_CONVOLUTION
    [SNNRT_TICK_CONVOLUTION] = snnrt_tick_convolution,
    [SNNRT_TICK_POOL] = snnrt_tick_pool,
#endif
#ifdef CONFIG_SNNRT_OP_LOIHI
    [SNNRT_TICK_LOIHI] = snnrt_tick_loihi,
#endif
#ifdef CONFIG_SNNRT_OP_XYLO
    [SNNRT_TICK_SATURATE] = snnrt_tick_saturate,
    [SNNRT_TICK_XYLO] = snnrt_tick_xylo,
#endif
#ifdef CONFIG_SNNRT_ACCOUNTING_FULL
    [SNNRT_TICK_COUNT_INPUT] = snnrt_tick_count_input,
    [SNNRT_TICK_COUNT_PROJECTION] = snnrt_tick_count_projection,
#ifdef CONFIG_SNNRT_OP_MEMORY
    [SNNRT_TICK_COUNT_MEMORY] = snnrt_tick_count_memory,
#endif
#ifdef CONFIG_SNNRT_OP_SPARSE
    [SNNRT_TICK_COUNT_SPARSE] = snnrt_tick_count_sparse,
#endif
#endif
};

SNNRT_ADDERS = {
#ifdef CONFIG_SNNRT_WEIGHTS_BINARY
    [SNNRT_ADDER_SPIKES_BINARY] = SNNRT_ADDER(spikes_binary),
    [SNNRT_ADDER_VALUES_BINARY] = SNNRT_ADDER(values_binary),
#endif
#ifdef CONFIG_SNNRT_WEIGHTS_TERNARY
    [SNNRT_ADDER_SPIKES_TERNARY] = SNNRT_ADDER(spikes_ternary),
    [SNNRT_ADDER_VALUES_TERNARY] = SNNRT_ADDER(values_ternary),
#endif
#ifdef CONFIG_SNNRT_WEIGHTS_INT4
    [SNNRT_ADDER_SPIKES_INT4] = SNNRT_ADDER(spikes_int4),
    [SNNRT_ADDER_VALUES_INT4] = SNNRT_ADDER(values_int4),
#endif
#ifdef CONFIG_SNNRT_WEIGHTS_INT8
    [SNNRT_ADDER_SPIKES_INT8] = SNNRT_ADDER(spikes_int8),
    [SNNRT_ADDER_VALUES_INT8] = SNNRT_ADDER(values_int8),
#endif
#ifdef CONFIG_SNNRT_WEIGHTS_INT16
    [SNNRT_ADDER_SPIKES_INT16] = SNNRT_ADDER(spikes_int16),
    [SNNRT_ADDER_VALUES_INT16] = SNNRT_ADDER(values_int16),
#endif
#ifdef CONFIG_SNNRT_WIDE_SOURCES
    [SNNRT_ADDER_WIDE_SOURCES] = SNNRT_ADDER(wide_sources),
#endif
};
