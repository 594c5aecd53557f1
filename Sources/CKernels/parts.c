/* Everything: the tables of a program that has none of its own. An object of its own in the archive, which is linked only then. */
#include "../../include/snnrt.h"
/* The runtime's view of the same. */
#include "parts.h"

SNNRT_LOADERS = {
    [SNNRT_LOAD_INPUT] = snnrt_load_input,
    [SNNRT_LOAD_DENSE] = snnrt_load_projection,
    [SNNRT_LOAD_BLOCK] = snnrt_load_projection,
    [SNNRT_LOAD_LIF] = snnrt_load_lif,
    [SNNRT_LOAD_MEMORY] = snnrt_load_memory,
    [SNNRT_LOAD_READOUT] = snnrt_load_readout,
    [SNNRT_LOAD_SPARSE] = snnrt_load_sparse,
    [SNNRT_LOAD_DELAY] = snnrt_load_delay,
    [SNNRT_LOAD_CONVOLUTION] = snnrt_load_convolution,
    [SNNRT_LOAD_POOL] = snnrt_load_pool,
    [SNNRT_LOAD_ACTIVATION] = snnrt_load_activation,
    [SNNRT_LOAD_LOIHI] = snnrt_load_loihi,
    [SNNRT_LOAD_XYLO] = snnrt_load_xylo,
    [SNNRT_LOAD_RECURRENCE] = snnrt_load_recurrence,
};

SNNRT_TICKS = {
    [SNNRT_TICK_INPUT] = snnrt_tick_input,
    [SNNRT_TICK_PROJECTION] = snnrt_tick_projection,
    [SNNRT_TICK_SATURATE] = snnrt_tick_saturate,
    [SNNRT_TICK_RESET_LATER] = snnrt_tick_reset_later,
    [SNNRT_TICK_RESET_LATER_WIDE] = snnrt_tick_reset_later_wide,
    [SNNRT_TICK_RESET_NOW] = snnrt_tick_reset_now,
    [SNNRT_TICK_INTEGRATE] = snnrt_tick_integrate,
    [SNNRT_TICK_MEMORY] = snnrt_tick_memory,
    [SNNRT_TICK_MEMORY16] = snnrt_tick_memory16,
    [SNNRT_TICK_READOUT] = snnrt_tick_readout,
    [SNNRT_TICK_SPARSE] = snnrt_tick_sparse,
    [SNNRT_TICK_DELAY] = snnrt_tick_delay,
    [SNNRT_TICK_CONVOLUTION] = snnrt_tick_convolution,
    [SNNRT_TICK_POOL] = snnrt_tick_pool,
    [SNNRT_TICK_CLIP] = snnrt_tick_clip,
    [SNNRT_TICK_TABLE] = snnrt_tick_table,
    [SNNRT_TICK_LOIHI] = snnrt_tick_loihi,
    [SNNRT_TICK_XYLO] = snnrt_tick_xylo,
    [SNNRT_TICK_RECURRENCE] = snnrt_tick_recurrence,
    [SNNRT_TICK_COUNT_INPUT] = snnrt_tick_count_input,
    [SNNRT_TICK_COUNT_PROJECTION] = snnrt_tick_count_projection,
    [SNNRT_TICK_COUNT_MEMORY] = snnrt_tick_count_memory,
    [SNNRT_TICK_COUNT_SPARSE] = snnrt_tick_count_sparse,
};

SNNRT_ADDERS = {
    [SNNRT_ADDER_SPIKES_BINARY] = SNNRT_ADDER(spikes_binary),
    [SNNRT_ADDER_SPIKES_TERNARY] = SNNRT_ADDER(spikes_ternary),
    [SNNRT_ADDER_SPIKES_INT4] = SNNRT_ADDER(spikes_int4),
    [SNNRT_ADDER_SPIKES_INT8] = SNNRT_ADDER(spikes_int8),
    [SNNRT_ADDER_SPIKES_INT16] = SNNRT_ADDER(spikes_int16),
    [SNNRT_ADDER_VALUES_BINARY] = SNNRT_ADDER(values_binary),
    [SNNRT_ADDER_VALUES_TERNARY] = SNNRT_ADDER(values_ternary),
    [SNNRT_ADDER_VALUES_INT4] = SNNRT_ADDER(values_int4),
    [SNNRT_ADDER_VALUES_INT8] = SNNRT_ADDER(values_int8),
    [SNNRT_ADDER_VALUES_INT16] = SNNRT_ADDER(values_int16),
    [SNNRT_ADDER_WIDE_SOURCES] = SNNRT_ADDER(wide_sources),
};
