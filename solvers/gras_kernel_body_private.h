/* The kernel of gras_kernel.c, once for each instruction set: included with these macros set, without a guard.
 *   KERNEL(name)  the name with the set's suffix
 *   TARGET        function attribute of the set
 *   GROUP         columns whose sums stay in registers together: a divisor of TANLU_GRAS_TILE
 *
 * Eight sums side by side for each column, whatever the width of a register: the same bits on every processor. */

/* Sums of GROUP columns times r. */
TARGET static void KERNEL(dot_group)(size_t count, const double *const *a, const double *r, double *sum) {
  lanes lane[GROUP];
  size_t i = 0;
  UNROLL for (size_t c = 0; c < GROUP; c++) lane[c] = (lanes){0.0};
  for (; i + LANES <= count; i += LANES) {
    const lanes factor = *(const lanes *)(r + i);
    UNROLL for (size_t c = 0; c < GROUP; c++) lane[c] += *(const lanes *)(a[c] + i) * factor;
  }
  UNROLL for (size_t c = 0; c < GROUP; c++) {
    const lanes l = lane[c];
    sum[c] = ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]));
  }
  for (; i < count; i++) {
    for (size_t c = 0; c < GROUP; c++) sum[c] += a[c][i] * r[i];
  }
}

TARGET static void KERNEL(dot)(size_t count, const double *const a[TILE], const double *r, double sum[TILE]) {
  for (size_t c = 0; c < TILE; c += GROUP) KERNEL(dot_group)(count, a + c, r, sum + c);
}

TARGET static void KERNEL(add_scaled)(size_t count, const double *const a[TILE], const double s[TILE],
                                      double *restrict sum) {
  const double *a0 = a[0], *a1 = a[1], *a2 = a[2], *a3 = a[3], *a4 = a[4], *a5 = a[5], *a6 = a[6], *a7 = a[7];
  const double s0 = s[0], s1 = s[1], s2 = s[2], s3 = s[3], s4 = s[4], s5 = s[5], s6 = s[6], s7 = s[7];
#define AT(type, x) (*(const type *)((x) + i))
#define SUM(type)                                                                                                      \
  (((AT(type, a0) * s0 + AT(type, a1) * s1) + (AT(type, a2) * s2 + AT(type, a3) * s3)) +                               \
   ((AT(type, a4) * s4 + AT(type, a5) * s5) + (AT(type, a6) * s6 + AT(type, a7) * s7)))
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) *(lanes *)(sum + i) += SUM(lanes);
  for (; i < count; i++) sum[i] += SUM(double);
#undef SUM
#undef AT
}

static const tanlu_gras_kernel KERNEL(kernel) = {KERNEL(dot), KERNEL(add_scaled)};
