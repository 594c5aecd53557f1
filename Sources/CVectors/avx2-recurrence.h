/* FORMAT.md section 9.15 with a lookahead of 3: 8 places never wait for one another. A sweep takes a block of 8 places
 * after the other, all levels of it at once, and does the same to what lies in its last block beyond its end; nothing reads that.
 * Factors are read up to 7 places before a row and behind one, where another row lies or the file's header. */
enum { SNNRT_BEYOND = 8 };

typedef struct {
    snnrt_v8i32 real, imaginary;
} snnrt_complex8;

/* Of the latest block: what each level found, and the sweep. */
typedef struct {
    snnrt_complex8 levels[3], swept;
} snnrt_history;

/* One pole: row k of g is at k·row, the imaginary parts of a row order elements behind its real ones, as those of v. */
typedef struct {
    const int32_t *g;
    int32_t *v;
    uint32_t order, row, v_apart;
} snnrt_pole;

/* rnd( x, shift ) modulo 2^32 of products in even and in odd places. Logical shifts do: only bits shift … shift + 31 count. */
SNNRT_PART snnrt_v8i32 snnrt_low32(snnrt_v4i64 even, snnrt_v4i64 odd, uint32_t shift)
{
    uint64_t half = shift == 0 ? 0 : 1ull << (shift - 1);
    snnrt_v4u64 low = ((snnrt_v4u64)even + half) >> (uint64_t)shift, high = (snnrt_v4u64)odd + half;
    high = shift == 30 ? high << 2 : high >> (uint64_t)shift << 32;
    return __builtin_shufflevector((snnrt_v8i32)low, (snnrt_v8i32)high, 0, 9, 2, 11, 4, 13, 6, 15);
}

/* mul( g, v, shift ), g's imaginary parts `apart` elements behind its real ones. */
SNNRT_PART snnrt_complex8 snnrt_times(const int32_t *g, uint32_t apart, snnrt_complex8 v, uint32_t shift, int is_complex)
{
    snnrt_v8i32 x = *(const snnrt_v8i32 *)g;
    snnrt_v4i64 even = __builtin_ia32_pmuldq256(x, v.real), odd = __builtin_ia32_pmuldq256(snnrt_odd(x), snnrt_odd(v.real));
    snnrt_complex8 result = {{0}, {0}};
    if (is_complex) {
        snnrt_v8i32 y = *(const snnrt_v8i32 *)(g + apart);
        even -= __builtin_ia32_pmuldq256(y, v.imaginary);
        odd -= __builtin_ia32_pmuldq256(snnrt_odd(y), snnrt_odd(v.imaginary));
        result.imaginary = snnrt_low32(
            __builtin_ia32_pmuldq256(x, v.imaginary) + __builtin_ia32_pmuldq256(y, v.real),
            __builtin_ia32_pmuldq256(snnrt_odd(x), snnrt_odd(v.imaginary)) + __builtin_ia32_pmuldq256(snnrt_odd(y), snnrt_odd(v.real)),
            shift);
    }
    result.real = snnrt_low32(even, odd, shift);
    return result;
}

/* The places 2^level before those of `block`, in the sweep's direction; `latest` is the block before it. */
SNNRT_PART snnrt_v8i32 snnrt_earlier(snnrt_v8i32 latest, snnrt_v8i32 block, uint32_t level, int is_down)
{
    if (level == 0)
        return is_down ? __builtin_shufflevector(block, latest, 1, 2, 3, 4, 5, 6, 7, 8)
                       : __builtin_shufflevector(latest, block, 7, 8, 9, 10, 11, 12, 13, 14);
    if (level == 1)
        return is_down ? __builtin_shufflevector(block, latest, 2, 3, 4, 5, 6, 7, 8, 9)
                       : __builtin_shufflevector(latest, block, 6, 7, 8, 9, 10, 11, 12, 13);
    return is_down ? __builtin_shufflevector(block, latest, 4, 5, 6, 7, 8, 9, 10, 11)
                   : __builtin_shufflevector(latest, block, 4, 5, 6, 7, 8, 9, 10, 11);
}

/* The block of a sweep at `place`. Its sign is + downward, − upward, on the way in and on the way out. */
SNNRT_PART snnrt_complex8 snnrt_sweep(
    const snnrt_pole *pole, int32_t place, snnrt_complex8 block, snnrt_history *history, int is_down, int is_complex)
{
    const int32_t *g = pole->g + place;
    snnrt_complex8 x;
    uint32_t level;
    SNNRT_EACH(level, 3) {
        snnrt_complex8 *latest = &history->levels[level];
        x.real = snnrt_earlier(latest->real, block.real, level, is_down);
        x.imaginary = snnrt_earlier(latest->imaginary, block.imaginary, level, is_down);
        *latest = block;
        x = snnrt_times(g, pole->order, x, 30, is_complex);
        block.real += level == 0 && !is_down ? -x.real : x.real;
        block.imaginary += level == 0 && !is_down ? -x.imaginary : x.imaginary;
        g += pole->row - (is_down ? 0 : 1u << level);
    }
    x = snnrt_times(g, pole->order, history->swept, 30, is_complex);
    block.real += x.real;
    block.imaginary += x.imaginary;
    return history->swept = block;
}

SNNRT_PART snnrt_complex8 snnrt_block(const int32_t *x, uint32_t apart, int is_complex)
{
    snnrt_complex8 block = {*(const snnrt_v8i32 *)x, {0}};
    if (is_complex) block.imaginary = *(const snnrt_v8i32 *)(x + apart);
    return block;
}

/* From an end to before the middle: v = g·a, swept. */
SNNRT_PART void snnrt_sweep_in(const snnrt_pole *pole, const int32_t *a, int32_t first, int32_t count, int is_down, int is_complex)
{
    snnrt_history history = {{{{0}, {0}}}, {{0}, {0}}};
    int32_t done;
    for (done = 0; done < count; done += 8) {
        int32_t place = is_down ? first + count - 8 - done : first + done;
        snnrt_complex8 given = {*(const snnrt_v8i32 *)(a + place), {0}}, block = snnrt_times(pole->g + place, 0, given, 30, 0);
        if (is_complex) block.imaginary = snnrt_times(pole->g + pole->order + place, 0, given, 30, 0).real;
        block = snnrt_sweep(pole, place, block, &history, is_down, is_complex);
        *(snnrt_v8i32 *)(pole->v + place) = block.real;
        if (is_complex) *(snnrt_v8i32 *)(pole->v + pole->v_apart + place) = block.imaginary;
    }
}

/* From behind the middle, which has `middle`, to an end: sum += Re( d·v ), v swept. */
SNNRT_PART void snnrt_sweep_out(
    const snnrt_pole *pole, const int32_t *middle, int32_t *sum, uint32_t shift, int32_t first, int32_t count, int is_down,
    int is_complex)
{
    const int32_t *d = pole->g + pole->row * 4;
    snnrt_complex8 start = {{0}, {0}};
    int32_t rest[16], done, i;
    start.real[is_down ? 0 : 7] = middle[0];
    if (is_complex) start.imaginary[is_down ? 0 : 7] = middle[1];
    snnrt_history history = {{start, start, start}, start};
    for (done = 0; done < count; done += 8) {
        int32_t place = is_down ? first + count - 8 - done : first + done;
        snnrt_complex8 block = snnrt_block(pole->v + place, pole->v_apart, is_complex);
        const int32_t *outputs = d + place;
        uint32_t apart = pole->order;
        block = snnrt_sweep(pole, place, block, &history, is_down, is_complex);
        if (place + 8 > (int32_t)pole->order) { /* nothing is known to lie behind the last row */
            SNNRT_REST for (i = 0; i < 8; i++) {
                int is_there = place + i < (int32_t)pole->order;
                rest[i] = is_there ? outputs[i] : 0;
                rest[8 + i] = is_there && is_complex ? outputs[apart + i] : 0;
            }
            outputs = rest, apart = 8;
        }
        *(snnrt_v8i32 *)(sum + place) += snnrt_times(outputs, apart, block, shift, is_complex).real;
    }
}

/* rnd( re + im, shift ) modulo 2^32, of products summed modulo 2^64. */
SNNRT_PART int32_t snnrt_low(uint64_t sum, uint32_t shift) { return (int32_t)((sum + (shift == 0 ? 0 : 1ull << (shift - 1))) >> shift); }
SNNRT_PART uint64_t snnrt_wide(int32_t x, int32_t y) { return (uint64_t)((int64_t)x * y); }

/* sum += Re( d·v ) of one pole with the right side a. All go on for SNNRT_BEYOND elements on either side; v has room for either half. */
SNNRT_PART void snnrt_solve(const snnrt_pole *pole, uint32_t shift, const int32_t *a, int32_t *sum, int is_complex)
{
    int32_t order = (int32_t)pole->order, h = (order - 1) / 2, apart = (int32_t)pole->v_apart, middle[2] = {0, 0}, x, y = 0;
    const int32_t *g = pole->g + h, *d = pole->g + pole->row * 4 + h;
    snnrt_pole upper = *pole;
    upper.v += order + 2 * SNNRT_BEYOND;
    snnrt_sweep_in(pole, a, 0, h, 0, is_complex);
    snnrt_sweep_in(&upper, a, h + 1, order - h - 1, 1, is_complex);

    x = (int32_t)((uint32_t)a[h] - (uint32_t)pole->v[h - 1] + (uint32_t)upper.v[h + 1]);
    if (is_complex) y = (int32_t)((uint32_t)upper.v[apart + h + 1] - (uint32_t)pole->v[apart + h - 1]);
    middle[0] = snnrt_low(snnrt_wide(g[0], x) - (is_complex ? snnrt_wide(g[order], y) : 0), 30);
    if (is_complex) middle[1] = snnrt_low(snnrt_wide(g[0], y) + snnrt_wide(g[order], x), 30);
    x = snnrt_low(snnrt_wide(d[0], middle[0]) - (is_complex ? snnrt_wide(d[order], middle[1]) : 0), shift);
    sum[h] = (int32_t)((uint32_t)sum[h] + (uint32_t)x);

    snnrt_sweep_out(pole, middle, sum, shift, 0, h, 1, is_complex);
    snnrt_sweep_out(&upper, middle, sum, shift, h + 1, order - h - 1, 0, is_complex);
}

/* A substep of a unit: m = clamp( m + Σ Re( d·v ), limit ); order 16 … 4096. */
SNNRT_KERNEL void snnrt_recurrence(
    const int32_t *factors, uint32_t order, uint32_t poles, uint32_t shift, uint32_t is_complex, int32_t drive, int32_t limit,
    int32_t *m)
{
    int32_t v[4 * (SNNRT_ORDER + 2 * SNNRT_BEYOND)], room[2][SNNRT_ORDER + 2 * SNNRT_BEYOND];
    int32_t *a = room[0] + SNNRT_BEYOND, *sum = room[1] + SNNRT_BEYOND;
    snnrt_v8i32 none = {0};
    snnrt_pole pole = {factors, v + SNNRT_BEYOND, order, order << is_complex, 2 * (order + 2 * SNNRT_BEYOND)};
    uint32_t i;
    *(snnrt_v8i32 *)(a - SNNRT_BEYOND) = *(snnrt_v8i32 *)(a + order) = none;
    for (i = 0; i + 8 <= order; i += 8) *(snnrt_v8i32 *)(a + i) = *(const snnrt_v8i32 *)(m + i), *(snnrt_v8i32 *)(sum + i) = none;
    SNNRT_REST for (; i < order; i++) a[i] = m[i], sum[i] = 0;
    a[0] = (int32_t)((uint32_t)a[0] - (uint32_t)drive);
    for (; poles > 0; poles--, pole.g += pole.row * 5) {
        if (is_complex)
            snnrt_solve(&pole, shift, a, sum, 1);
        else
            snnrt_solve(&pole, shift, a, sum, 0);
    }
    for (i = 0; i + 8 <= order; i += 8)
        *(snnrt_v8i32 *)(m + i) = snnrt_clamped(*(const snnrt_v8i32 *)(m + i) + *(const snnrt_v8i32 *)(sum + i), limit);
    SNNRT_REST for (; i < order; i++) {
        int32_t x = (int32_t)((uint32_t)m[i] + (uint32_t)sum[i]);
        m[i] = x > limit ? limit : x < -limit ? -limit : x;
    }
}
