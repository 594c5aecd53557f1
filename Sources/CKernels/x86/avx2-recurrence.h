/* recurrence (docs/format.md) in 16 segments, which go side by side: a row is place j of all of them. Only the 32 low bits of
 * a lane of 64 count. */
enum { SNNRT_SEGMENTS = 16, SNNRT_PLACES = SNNRT_ORDER / SNNRT_SEGMENTS };

/* Segment k lies in part 2·(k / 8) + k % 2, lane k % 8 / 2. */
typedef struct {
    snnrt_v4i64 part[4];
} snnrt_row;

typedef struct {
    snnrt_row real, imaginary;
} snnrt_complex_row;

/* What enters a segment or leaves it: real parts, imaginary ones. */
typedef int32_t snnrt_ends[2][SNNRT_SEGMENTS];

SNNRT_PART snnrt_row snnrt_row_at(const int32_t *x)
{
    snnrt_v4i64 first = (snnrt_v4i64) * (const snnrt_v8i32 *)x, second = (snnrt_v4i64) * (const snnrt_v8i32 *)(x + 8);
    return (snnrt_row){
        {first, (snnrt_v4i64)((snnrt_v4u64)first >> 32), second, (snnrt_v4i64)((snnrt_v4u64)second >> 32)}};
}

/* Segments 8·half … 8·half + 7. */
SNNRT_PART snnrt_v8i32 snnrt_segments(const snnrt_row *row, uint32_t half)
{
    return __builtin_shufflevector((snnrt_v8i32)row->part[2 * half], (snnrt_v8i32)row->part[2 * half + 1], 0, 8, 2, 10,
                                   4, 12, 6, 14);
}

/* sum + sign·g·x, exact modulo 2^64. Clang makes shifts of the product's sign extension and moves them out of loops, where it no longer
 * sees that they belong to it; it cannot move them past the empty instruction. */
SNNRT_PART snnrt_row snnrt_plus(snnrt_row sum, int64_t sign, const int32_t *g, snnrt_row x)
{
    snnrt_row factors = snnrt_row_at(g);
    uint32_t i;
    SNNRT_EACH(i, 4)
    {
        __asm__("" : "+x"(x.part[i]));
        sum.part[i] += sign * __builtin_ia32_pmuldq256((snnrt_v8i32)factors.part[i], (snnrt_v8i32)x.part[i]);
    }
    return sum;
}

SNNRT_PART snnrt_row snnrt_rounded_row(snnrt_row x, uint32_t shift)
{
    uint64_t half = shift == 0 ? 0 : 1ull << (shift - 1);
    uint32_t i;
    SNNRT_EACH(i, 4) x.part[i] = (snnrt_v4i64)(((snnrt_v4u64)x.part[i] + half) >> (uint64_t)shift);
    return x;
}

/* x + rnd( g·y, 30 ); a row of complex factors has its imaginary parts behind its real ones. */
SNNRT_PART snnrt_complex_row snnrt_swept(snnrt_complex_row x, const int32_t *g, snnrt_complex_row y, int is_complex)
{
    snnrt_row none = {{{0}}}, real = snnrt_plus(none, 1, g, y.real), imaginary = none;
    uint32_t i;
    if (is_complex) {
        real = snnrt_plus(real, -1, g + SNNRT_SEGMENTS, y.imaginary);
        imaginary = snnrt_plus(snnrt_plus(none, 1, g, y.imaginary), 1, g + SNNRT_SEGMENTS, y.real);
    }
    real = snnrt_rounded_row(real, 30), imaginary = snnrt_rounded_row(imaginary, 30);
    SNNRT_EACH(i, 4) x.real.part[i] += real.part[i], x.imaginary.part[i] += imaginary.part[i];
    return x;
}

SNNRT_PART void snnrt_keep_ends(snnrt_ends ends, const snnrt_complex_row *row, int is_complex)
{
    uint32_t half;
    SNNRT_EACH(half, 2)
    {
        *(snnrt_v8i32 *)(ends[0] + 8 * half) = snnrt_segments(&row->real, half);
        if (is_complex) *(snnrt_v8i32 *)(ends[1] + 8 * half) = snnrt_segments(&row->imaginary, half);
    }
}

/* 4·x·y: a sum of such has in bits 32 … 63 what that of x·y has in bits 30 … 61. */
SNNRT_PART uint64_t snnrt_times4(int32_t x, int64_t y) { return (uint64_t)((int64_t)x * 4) * (uint64_t)y; }

/* end + rnd( sum, 30 ), of the sum fourfold. */
SNNRT_PART int64_t snnrt_joined(int32_t end, uint64_t sum)
{
    return (int64_t)(((uint64_t)(uint32_t)end << 32) + (2u << 30) + sum) >> 32;
}

/* below[k] and above[k] of recurrence (docs/format.md); `joins` is the rows p, x₀ and y₀. */
SNNRT_PART void snnrt_join_segments(const int32_t *joins, snnrt_ends lasts, snnrt_ends firsts, snnrt_ends below,
                                    snnrt_ends above, int is_complex)
{
    enum { I = SNNRT_SEGMENTS };
    const int32_t *p = joins, *x = p + (I << is_complex), *y = x + (I << is_complex);
    int64_t real = 0, imaginary = 0;
    int k;
    SNNRT_EACH(k, I)
    {
        uint64_t sum = snnrt_times4(p[k], real);
        below[0][k] = (int32_t)real, below[1][k] = (int32_t)imaginary;
        if (is_complex) {
            sum -= snnrt_times4(p[I + k], imaginary);
            imaginary = snnrt_joined(lasts[1][k], snnrt_times4(p[k], imaginary) + snnrt_times4(p[I + k], real));
        }
        real = snnrt_joined(lasts[0][k], sum);
    }
    real = imaginary = 0;
    _Pragma("clang loop unroll(full)") for (k = I - 1; k >= 0; k--)
    {
        uint64_t sum = snnrt_times4(x[k], below[0][k]);
        above[0][k] = (int32_t)real, above[1][k] = (int32_t)imaginary;
        if (is_complex) {
            uint64_t other =
                snnrt_times4(x[k], below[1][k]) + snnrt_times4(x[I + k], below[0][k]) + snnrt_times4(y[I + k], real);
            sum -= snnrt_times4(x[I + k], below[1][k]) + snnrt_times4(y[I + k], imaginary);
            imaginary = snnrt_joined(firsts[1][k], other + snnrt_times4(y[k], imaginary));
        }
        real = snnrt_joined(firsts[0][k], sum + snnrt_times4(y[k], real));
    }
}

/* sum += z of the pole whose factors are at g, of the right side a; v is for its use. */
SNNRT_PART void snnrt_solve(const int32_t *g, uint32_t places, uint32_t shift, const int32_t *a, int32_t *sum,
                            snnrt_complex_row *v, int is_complex)
{
    const uint32_t row = SNNRT_SEGMENTS << is_complex;
    const int32_t *d = g + places * row, *x = d + places * row, *y = x + places * row;
    const snnrt_complex_row none = {{{{0}}}, {{{0}}}};
    snnrt_complex_row swept = none, right;
    snnrt_ends lasts, firsts, below, above;
    uint32_t i, j;
    for (j = 0; j < places; j++) {
        right.real = snnrt_row_at(a + SNNRT_SEGMENTS * j);
        SNNRT_EACH(i, 4) right.real.part[i] -= swept.real.part[i], right.imaginary.part[i] = -swept.imaginary.part[i];
        swept = snnrt_swept(none, g + row * j, right, is_complex);
        v[j].real = swept.real;
        if (is_complex) v[j].imaginary = swept.imaginary;
    }
    snnrt_keep_ends(lasts, &swept, is_complex);
    for (j = places - 1; j-- > 0;) {
        swept = snnrt_swept(v[j], g + row * j, swept, is_complex);
        v[j].real = swept.real;
        if (is_complex) v[j].imaginary = swept.imaginary;
    }
    snnrt_keep_ends(firsts, &swept, is_complex);
    snnrt_join_segments(y + places * row, lasts, firsts, below, above, is_complex);

    const snnrt_complex_row lower = {snnrt_row_at(below[0]), is_complex ? snnrt_row_at(below[1]) : none.real};
    const snnrt_complex_row upper = {snnrt_row_at(above[0]), is_complex ? snnrt_row_at(above[1]) : none.real};
    for (j = 0; j < places; j++, d += row, x += row, y += row, sum += SNNRT_SEGMENTS) {
        snnrt_row z = snnrt_plus(none.real, 1, d, v[j].real);
        z = snnrt_plus(snnrt_plus(z, 1, x, lower.real), 1, y, upper.real);
        if (is_complex) {
            z = snnrt_plus(z, -1, d + SNNRT_SEGMENTS, v[j].imaginary);
            z = snnrt_plus(snnrt_plus(z, -1, x + SNNRT_SEGMENTS, lower.imaginary), -1, y + SNNRT_SEGMENTS,
                           upper.imaginary);
        }
        z = snnrt_rounded_row(z, shift);
        SNNRT_EACH(i, 2) * (snnrt_v8i32 *)(sum + 8 * i) += snnrt_segments(&z, i);
    }
}

/* Blocks of 4 rows of 4 segments across their diagonal, in either direction: of segments 0, 1, 2, 3 in the first halves, 4 to 7 in the second. */
SNNRT_PART void snnrt_transpose(snnrt_v8i32 x[4])
{
    snnrt_v8i32 a = __builtin_shufflevector(x[0], x[1], 0, 8, 1, 9, 4, 12, 5, 13),
                b = __builtin_shufflevector(x[0], x[1], 2, 10, 3, 11, 6, 14, 7, 15);
    snnrt_v8i32 c = __builtin_shufflevector(x[2], x[3], 0, 8, 1, 9, 4, 12, 5, 13),
                d = __builtin_shufflevector(x[2], x[3], 2, 10, 3, 11, 6, 14, 7, 15);
    x[0] = __builtin_shufflevector(a, c, 0, 1, 8, 9, 4, 5, 12, 13),
    x[1] = __builtin_shufflevector(a, c, 2, 3, 10, 11, 6, 7, 14, 15);
    x[2] = __builtin_shufflevector(b, d, 0, 1, 8, 9, 4, 5, 12, 13),
    x[3] = __builtin_shufflevector(b, d, 2, 3, 10, 11, 6, 7, 14, 15);
}

/* Rows of elements that lie segment after segment; both go on for up to 3 places beyond the last. */
SNNRT_PART void snnrt_rows_from(int32_t *rows, const int32_t *elements, uint32_t places)
{
    uint32_t half, j, k;
    for (j = 0; j < places; j += 4) SNNRT_EACH(half, 2)
        {
            snnrt_v8i32 x[4];
            SNNRT_EACH(k, 4)
            {
                const int32_t *from = elements + (8 * half + k) * places + j;
                x[k] = __builtin_shufflevector(*(const snnrt_v4i32 *)from, *(const snnrt_v4i32 *)(from + 4 * places), 0,
                                               1, 2, 3, 4, 5, 6, 7);
            }
            snnrt_transpose(x);
            SNNRT_EACH(k, 4) * (snnrt_v8i32 *)(rows + SNNRT_SEGMENTS * (j + k) + 8 * half) = x[k];
        }
}

/* The other way. What goes on beyond a segment's last place is overwritten by the next one's first: later places go first. */
SNNRT_PART void snnrt_elements_from(int32_t *elements, const int32_t *rows, uint32_t places)
{
    uint32_t half, k, j = (places + 3) / 4 * 4;
    while (j > 0) {
        j -= 4;
        SNNRT_EACH(half, 2)
        {
            int32_t *to = elements + 8 * half * places + j;
            snnrt_v8i32 x[4];
            SNNRT_EACH(k, 4) x[k] = *(const snnrt_v8i32 *)(rows + SNNRT_SEGMENTS * (j + k) + 8 * half);
            snnrt_transpose(x);
            SNNRT_EACH(k, 4) * (snnrt_v4i32 *)(to + k * places) = __builtin_shufflevector(x[k], x[k], 0, 1, 2, 3);
            SNNRT_EACH(k, 4) * (snnrt_v4i32 *)(to + (4 + k) * places) = __builtin_shufflevector(x[k], x[k], 4, 5, 6, 7);
        }
    }
}

/* `substeps` of them, of a unit in 16 segments: m = clamp( m + z, limit ). */
SNNRT_KERNEL void snnrt_recurrence(const int32_t *factors, uint32_t order, uint32_t poles, uint32_t substeps,
                                   uint32_t shift, uint32_t is_complex, int32_t drive, int32_t limit, int32_t *m)
{
    const uint32_t places = (order + SNNRT_SEGMENTS - 1) / SNNRT_SEGMENTS, count = places * SNNRT_SEGMENTS;
    const uint32_t pole_factors = (4 * places + 3) * SNNRT_SEGMENTS << is_complex;
    int32_t rows[2 * SNNRT_ORDER + 4], *sum = rows, *a = rows + (places + 3) / 4 * 4 * SNNRT_SEGMENTS, *elements = m;
    snnrt_complex_row v[SNNRT_PLACES];
    uint32_t i, pole;
    if (order < count || places % 4 != 0) { /* what lies beyond is not the unit's */
        elements = a;
        SNNRT_REST for (i = 0; i < count + 4; i++) a[i] = i < order ? m[i] : 0;
    }
    snnrt_rows_from(sum, elements, places);
    for (; substeps > 0; substeps--) {
        for (i = 0; i < count; i += 8) *(snnrt_v8i32 *)(a + i) = *(const snnrt_v8i32 *)(sum + i);
        *(snnrt_v8i32 *)a -= (snnrt_v8i32){drive};
        for (pole = 0; pole < poles; pole++) {
            if (is_complex)
                snnrt_solve(factors + pole * pole_factors, places, shift, a, sum, v, 1);
            else
                snnrt_solve(factors + pole * pole_factors, places, shift, a, sum, v, 0);
        }
        for (i = 0; i < count; i += 8)
            *(snnrt_v8i32 *)(sum + i) = snnrt_clamped(*(const snnrt_v8i32 *)(sum + i), limit);
        for (i = order; i < count; i++) sum[SNNRT_SEGMENTS * (i % places) + i / places] = 0;
    }
    snnrt_elements_from(elements, sum, places);
    if (elements != m) { SNNRT_REST for (i = 0; i < order; i++) m[i] = a[i]; }
}
