// GELU, x · Φ(x), and its slope Φ(x) + x · φ(x).
//
// With registers of sixteen numbers both are polynomials of |x|, another one for each quarter, whose
// coefficients lie in registers: neither a division nor an exponential is left, and the time is that of
// reading and writing. Elsewhere, and beyond 3.875, they are computed from the normal distribution. Which of the two a
// number gets depends on it alone, not on its neighbours.

#include "internal.h"

RK_INLINE float value_of(float x) {
  float density;
  return x * rk_normalf(x, &density);
}

RK_INLINE float slope_of(float x) {
  float density;
  float below = rk_normalf(x, &density);
  return below + x * density;
}

RK_CLONES static void plain_values(float *restrict out, const float *restrict x, size_t count) {
  RK_VECTOR
  for (size_t i = 0; i < count; i++) out[i] = value_of(x[i]);
}

RK_CLONES static void plain_gradients(float *restrict out, const float *restrict x,
                                      const float *restrict upstream, size_t count) {
  RK_VECTOR
  for (size_t i = 0; i < count; i++) out[i] = slope_of(x[i]) * upstream[i];
}

#if defined(__x86_64__) && defined(__linux__) && !defined(RHYTHMLAB_PLAIN_KERNELS)
#define WIDE __attribute__((target("avx512f")))
#define LANES 16
#define INTERVALS 16
#define DEGREE 6
/// Interval k goes from k/4 − 1/8 to k/4 + 1/8.
#define LAST 3.875f

// Fitted to SciPy's ndtr by least squares reweighted to equal errors; the coefficients of u⁰ first, u = a − k/4.
/// Φ(−a), 2.6e-9 relative.
static const float belowTable[DEGREE + 1][INTERVALS] = {
    {0.5f, 0.401293665f, 0.308537543f, 0.22662735f, 0.158655256f, 0.105649777f, 0.066807203f,
     0.0400591567f, 0.0227501318f, 0.0122244731f, 0.00620966544f, 0.00297976332f,
     0.00134989806f, 0.000577025057f, 0.000232629085f, 8.84172841e-05f},
    {-0.398942292f, -0.386668116f, -0.352065325f, -0.301137418f, -0.241970718f, -0.182649091f,
     -0.1295176f, -0.086277321f, -0.0539909676f, -0.0317396522f, -0.0175283011f,
     -0.00909356214f, -0.00443184841f, -0.00202904805f, -0.000872682722f, -0.0003525957f},
    {1.01322861e-09f, 0.0483335145f, 0.0880163312f, 0.112926535f, 0.120985359f, 0.11415568f,
     0.0971381962f, 0.0754926503f, 0.0539909676f, 0.0357071087f, 0.0219103768f, 0.0125036491f,
     0.00664777262f, 0.00329720322f, 0.00152719463f, 0.000661116792f},
    {0.0664901286f, 0.0604166947f, 0.0440080948f, 0.0219580103f, 1.6257664e-07f, -0.0171231795f,
     -0.0269827135f, -0.0296577886f, -0.026995508f, -0.0214904435f, -0.0153373182f,
     -0.00994612183f, -0.00590914907f, -0.00323379831f, -0.00163627567f, -0.000767624006f},
    {-1.72909296e-07f, -0.0118317138f, -0.0201703385f, -0.0229380038f, -0.0201639663f,
     -0.013674668f, -0.00607100921f, 0.000393192342f, 0.00449915091f, 0.00613702182f,
     0.00593393575f, 0.00475391047f, 0.00332385302f, 0.00207792618f, 0.00117723108f,
     0.000609489041f},
    {-0.0099411672f, -0.00844532065f, -0.00457527023f, 0.000137717114f, 0.00401194161f,
     0.00596502563f, 0.00585357705f, 0.00430598296f, 0.00225279643f, 0.000468975515f,
     -0.000659324171f, -0.00111789233f, -0.0011056728f, -0.000865197624f, -0.000579178508f,
     -0.000342767162f},
    {7.37721894e-06f, 0.00192927686f, 0.00306205521f, 0.00302620442f, 0.00200308766f,
     0.000567302515f, -0.000659988611f, -0.00130658562f, -0.00134355656f, -0.000985017396f,
     -0.000508697645f, -0.00011669549f, 0.000111426416f, 0.000191262676f, 0.000179582799f,
     0.000131519846f},
};

/// Φ(−a) − a · φ(a), 5.1e-9 of φ(a).
static const float slopeTable[DEGREE + 1][INTERVALS] = {
    {0.5f, 0.304626644f, 0.13250488f, 0.000774278247f, -0.0833154693f, -0.122661583f,
     -0.127469197f, -0.110926151f, -0.0852318034f, -0.0591897443f, -0.0376110859f,
     -0.0220275335f, -0.0119456472f, -0.00601738133f, -0.00282176025f, -0.0012338165f},
    {-0.797884583f, -0.749169469f, -0.616114318f, -0.432885051f, -0.241970733f, -0.0799089745f,
     0.0323793963f, 0.0916696489f, 0.107981935f, 0.0972026885f, 0.0744952783f, 0.0505829416f,
     0.031022938f, 0.0173737239f, 0.00894499756f, 0.00425318535f},
    {-6.03961325e-14f, 0.190313205f, 0.330061227f, 0.388184965f, 0.362956077f, 0.278254449f,
     0.169991836f, 0.0707743689f, 6.47679377e-09f, -0.037938796f, -0.0492983423f, -0.044544246f,
     -0.0332388654f, -0.0216378979f, -0.0125993583f, -0.00665248977f},
    {0.265959501f, 0.229834422f, 0.135691583f, 0.0190180987f, -0.080655396f, -0.136866659f,
     -0.144357651f, -0.115879193f, -0.0719885379f, -0.0307276901f, -0.00200877991f,
     0.0125094922f, 0.0162501875f, 0.0140779596f, 0.009935949f, 0.0060715368f},
    {1.43245416e-11f, -0.069746308f, -0.112311363f, -0.114138111f, -0.0806555003f,
     -0.0309535302f, 0.0136599503f, 0.03968684f, 0.0449913107f, 0.0358805135f, 0.0213393383f,
     0.0083317142f, 2.88527445e-07f, -0.00367574487f, -0.00423930818f, -0.00336421048f},
    {-0.0595821217f, -0.0477376953f, -0.0182577725f, 0.0144397039f, 0.036101941f, 0.0400832109f,
     0.0292287115f, 0.0121415034f, -0.00262394897f, -0.010540925f, -0.0116590802f,
     -0.00869456865f, -0.00466335332f, -0.00146876357f, 0.000307933195f, 0.000922072737f},
    {-7.45785655e-10f, 0.0150902513f, 0.0225349441f, 0.0193732195f, 0.00867241714f,
     -0.0031135208f, -0.0104205981f, -0.0113825081f, -0.00774237188f, -0.00275363936f,
     0.00101087801f, 0.0026301262f, 0.00253191707f, 0.00164661207f, 0.000730825879f,
     0.000129523833f},
};

/// The polynomial of |x|'s interval, at |x|. Of |x| beyond the last it is anything.
WIDE static inline __m512 polynomial(const __m512 table[DEGREE + 1], __m512 x) {
  __m512 a = _mm512_abs_ps(x), rounding = _mm512_set1_ps(RK_ROUNDING);
  __m512 shifted = _mm512_fmadd_ps(a, _mm512_set1_ps(4.0f), rounding);
  __m512i interval = _mm512_castps_si512(shifted);  // in the low bits
  __m512 u = _mm512_fnmadd_ps(_mm512_sub_ps(shifted, rounding), _mm512_set1_ps(0.25f), a);
  __m512 p = _mm512_permutexvar_ps(interval, table[DEGREE]);
  for (int d = DEGREE - 1; d >= 0; d--) {
    p = _mm512_fmadd_ps(p, u, _mm512_permutexvar_ps(interval, table[d]));
  }
  return p;
}

/// f(x) from f(−|x|), where f(x) = 1 − f(−x).
WIDE static inline __m512 of_both_signs(__m512 x, __m512 below) {
  __mmask16 isPositive = _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GT_OQ);
  return _mm512_mask_sub_ps(below, isPositive, _mm512_set1_ps(1.0f), below);
}

/// Lanes that no interval has, those of NaN among them.
WIDE static inline __mmask16 beyond(__m512 x) {
  return _mm512_cmp_ps_mask(_mm512_abs_ps(x), _mm512_set1_ps(LAST), _CMP_NLT_UQ);
}

/// One of the two, which a constant says: without upstream the values.
WIDE static inline __attribute__((always_inline)) void wide_of(
    const float rows[DEGREE + 1][INTERVALS], float *restrict out, const float *restrict x,
    const float *restrict upstream, size_t count) {
  __m512 table[DEGREE + 1];
  for (int d = 0; d <= DEGREE; d++) table[d] = _mm512_loadu_ps(rows[d]);
  for (size_t i = 0; i < count; i += LANES) {
    __mmask16 here = count - i < LANES ? (__mmask16)((1u << (count - i)) - 1) : (__mmask16)0xFFFF;
    __m512 v = _mm512_maskz_loadu_ps(here, x + i);
    __m512 g = upstream ? _mm512_maskz_loadu_ps(here, upstream + i) : v;
    __m512 result = _mm512_mul_ps(of_both_signs(v, polynomial(table, v)), g);
    __mmask16 outside = beyond(v);
    if (__builtin_expect(outside != 0, 0)) {
      float xs[LANES], gs[LANES], results[LANES];
      _mm512_storeu_ps(xs, v);
      _mm512_storeu_ps(gs, g);
      if (upstream) plain_gradients(results, xs, gs, LANES);
      else plain_values(results, xs, LANES);
      result = _mm512_mask_loadu_ps(result, outside, results);
    }
    _mm512_mask_storeu_ps(out + i, here, result);
  }
}

WIDE static void wide(float *restrict out, const float *restrict x, const float *restrict upstream,
                      size_t count) {
  if (upstream) wide_of(slopeTable, out, x, upstream, count);
  else wide_of(belowTable, out, x, NULL, count);
}

static bool is_wide(void) { return __builtin_cpu_supports("avx512f"); }
#else
static void wide(float *restrict out, const float *restrict x, const float *restrict upstream,
                 size_t count) {
  (void)out, (void)x, (void)upstream, (void)count;
}
static bool is_wide(void) { return false; }
#endif

void rk_gelu(float *restrict out, const float *restrict x, const float *restrict upstream, float p,
             float q, size_t count) {
  (void)upstream, (void)p, (void)q;
  if (is_wide()) wide(out, x, NULL, count);
  else plain_values(out, x, count);
}

void rk_gelu_gradient(float *restrict out, const float *restrict x, const float *restrict upstream,
                      float p, float q, size_t count) {
  (void)p, (void)q;
  if (is_wide()) wide(out, x, upstream, count);
  else plain_gradients(out, x, upstream, count);
}
