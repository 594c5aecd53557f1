/* The order in which an interrupt, a signal handler or another thread sees stores. */
#ifndef SNNRT_ORDER_H
#define SNNRT_ORDER_H

/* Every load and store before it happens before every one behind it, as seen from this core and from others. Compilers keep
 * to it; on a core that reorders memory it is an instruction. */
static inline __attribute__((unused, always_inline)) void snnrt_order_memory(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif
