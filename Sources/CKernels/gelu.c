// GELU, x Φ(x), and its gradient, (Φ(x) + x φ(x)) g, Φ and φ being the distribution function and the
// density of the normal distribution.
//
// Both need one function of a = |x| that is the same on both sides of 0, by Φ(x) = 1 − Φ(−x):
// x Φ(x) is max(x, 0) − a Φ(−a), and with h = Φ(−a) − a φ(a) the slope is h below 0 and 1 − h above.
// Where the processor has registers of 16 floats, a table of polynomials lies in seven of them:
// three times as fast as an exponential and a division, which are left for vectors with a number beyond
// the table. An element's result depends on itself alone, not on its neighbours.
//
// Error of x Φ(x) against SciPy's ndtr in double, on every seventh float: by the table 3 ulp, else
// 11 + x²/2, of which the first part is 4 below −4.4.

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

RK_CLONES static void values_beyond(float *restrict out, const float *restrict x, size_t count) {
  RK_VECTOR
  for (size_t i = 0; i < count; i++) out[i] = value_of(x[i]);
}

RK_CLONES static void slopes_beyond(float *restrict out, const float *restrict x,
                                    const float *restrict upstream, size_t count) {
  RK_VECTOR
  for (size_t i = 0; i < count; i++) out[i] = slope_of(x[i]) * upstream[i];
}

#if defined(__x86_64__) && !defined(RHYTHMLAB_PLAIN_KERNELS)
#define WIDE __attribute__((target("avx512f")))
#define TERMS 7
/// Intervals of a for each 1; the k-th is round k / 3.5, in v = 3.5 a − k.
#define STEPS 3.5f
/// The sixteenth interval ends at 15.5 / 3.5.
#define LIMIT 4.4f

// Coefficients of v⁰ … v⁶ for each interval, fitted to SciPy's ndtr in double by least squares reweighted to
// equal errors: of Φ(−a) 3.3e-8 relative, of h 1.3e-8 of φ(a).
static const float values[TERMS][16] = {
  {0.5f, 0.387548476f, 0.283854574f, 0.195682973f, 0.126548961f,
   0.0765637234f, 0.0432381332f, 0.0227501318f, 0.0111354897f, 0.00506399525f,
   0.00213736692f, 0.000836537336f, 0.000303383422f, 0.000101889229f, 3.16712431e-05f,
   9.10764902e-06f},
  {-0.113983512f, -0.109424785f, -0.0968136936f, -0.0789414793f, -0.0593227297f,
   -0.0410851054f, -0.0262237638f, -0.0154259903f, -0.00836293027f, -0.00417841226f,
   -0.00192402839f, -0.000816505402f, -0.000319340528f, -0.000115105599f, -3.82372127e-05f,
   -1.17064019e-05f},
  {1.48505441e-09f, 0.00446631806f, 0.00790315866f, 0.0096663041f, 0.00968534313f,
   0.00838471483f, 0.00642214622f, 0.00440742588f, 0.00273075281f, 0.00153492705f,
   0.000785317796f, 0.000366594293f, 0.000156411683f, 6.10764109e-05f, 2.18498135e-05f,
   7.16717068e-06f},
  {0.00155078026f, 0.00136723288f, 0.000887088187f, 0.00028495249f, -0.000247068034f,
   -0.000581791101f, -0.000691725756f, -0.000629633199f, -0.000480670453f, -0.000319053361f,
   -0.000187515776f, -9.86203086e-05f, -4.67283207e-05f, -2.00389659e-05f, -7.80330811e-06f,
   -2.76598439e-06f},
  {8.35812699e-08f, -8.86696944e-05f, -0.000143732454f, -0.000148957435f, -0.000111601097f,
   -5.47089185e-05f, -2.67456721e-06f, 2.99813946e-05f, 4.13217749e-05f, 3.77166143e-05f,
   2.75830243e-05f, 1.71513748e-05f, 9.31582144e-06f, 4.48580158e-06f, 1.93250207e-06f,
   7.49383503e-07f},
  {-1.92231037e-05f, -1.52351895e-05f, -6.16042053e-06f, 3.76849266e-06f, 1.02569884e-05f,
   1.15461125e-05f, 8.71600059e-06f, 4.29106558e-06f, 5.06613105e-07f, -1.61906655e-06f,
   -2.19809317e-06f, -1.86998727e-06f, -1.25387385e-06f, -7.08653261e-07f, -3.47806662e-07f,
   -1.50668697e-07f},
  {3.29303532e-07f, 1.17140564e-06f, 1.72445414e-06f, 1.45584318e-06f, 6.45597083e-07f,
   -1.95884454e-07f, -6.81884103e-07f, -7.29849546e-07f, -4.98455506e-07f, -2.07297518e-07f,
   1.26454847e-09f, 9.34837772e-08f, 1.02515983e-07f, 7.54807701e-08f, 4.43963906e-08f,
   2.20876029e-08f},
};

static const float slopes[TERMS][16] = {
  {0.5f, 0.278123707f, 0.0902271941f, -0.0411414765f, -0.110741965f,
   -0.1288618f, -0.11410445f, -0.0852318034f, -0.0557679534f, -0.0325417146f,
   -0.0171029177f, -0.00814502221f, -0.003528703f, -0.00139448338f, -0.000503649644f,
   -0.000166488331f},
  {-0.227967024f, -0.209916934f, -0.162014753f, -0.0998851433f, -0.0411627144f,
   0.00167694211f, 0.024618227f, 0.0308519807f, 0.0269661844f, 0.0192718618f,
   0.0118582975f, 0.00643206295f, 0.00311519927f, 0.00135777611f, 0.000535320898f,
   0.000191602696f},
  {1.15303544e-08f, 0.0175006744f, 0.0290320106f, 0.0315634385f, 0.0260911286f,
   0.0164271966f, 0.00681533944f, 1.17542243e-09f, -0.00334377796f, -0.00400960445f,
   -0.00326948613f, -0.00215467694f, -0.00121298898f, -0.000598299957f, -0.000262198038f,
   -0.00010297339f},
  {0.00620306097f, 0.00511423033f, 0.0023984923f, -0.000647678913f, -0.0027739068f,
   -0.00342137227f, -0.00283111096f, -0.00167904259f, -0.000600347237f, 8.16293032e-05f,
   0.000353289506f, 0.000360190548f, 0.000260241475f, 0.000153094108f, 7.69952967e-05f,
   3.3890803e-05f},
  {6.57905957e-07f, -0.000519808033f, -0.000780344009f, -0.00068768044f, -0.000351730647f,
   1.62035394e-05f, 0.000248581899f, 0.000299811712f, 0.000226142613f, 0.000114989831f,
   2.75520106e-05f, -1.72359469e-05f, -2.85938804e-05f, -2.35033676e-05f, -1.45661843e-05f,
   -7.47546392e-06f},
  {-0.000115786352f, -8.42946029e-05f, -1.62652741e-05f, 4.88149126e-05f, 7.71045452e-05f,
   6.35182951e-05f, 2.78215484e-05f, -4.95227732e-06f, -2.10376529e-05f, -2.10871003e-05f,
   -1.32398736e-05f, -5.09557594e-06f, -1.2333004e-07f, 1.68275983e-06f, 1.68918234e-06f,
   1.11727275e-06f},
  {2.62005597e-06f, 9.10345261e-06f, 1.23217606e-05f, 8.34255843e-06f, 8.90422655e-07f,
   -4.87939724e-06f, -6.29800434e-06f, -4.20243896e-06f, -1.13786223e-06f, 9.20804553e-07f,
   1.49192408e-06f, 1.12070484e-06f, 5.24770826e-07f, 1.04322091e-07f, -7.46177591e-08f,
   -1.00886595e-07f},
};

/// The polynomial of each lane's interval at v.
WIDE RK_INLINE __m512 at_intervals(const float (*table)[16], __m512 a) {
  __m512 shifted = _mm512_fmadd_ps(a, _mm512_set1_ps(STEPS), _mm512_set1_ps(RK_ROUNDING));
  __m512 v = _mm512_fmsub_ps(a, _mm512_set1_ps(STEPS),
                             _mm512_sub_ps(shifted, _mm512_set1_ps(RK_ROUNDING)));
  // the low four bits, all that a permutation looks at
  __m512i k = _mm512_castps_si512(shifted);
  __m512 p = _mm512_permutexvar_ps(k, _mm512_loadu_ps(table[TERMS - 1]));
  for (int term = TERMS - 2; term >= 0; term--) {
    p = _mm512_fmadd_ps(p, v, _mm512_permutexvar_ps(k, _mm512_loadu_ps(table[term])));
  }
  return p;
}

/// The lanes that the table does not have; NaN is one of them.
WIDE RK_INLINE __mmask16 beyond(__m512 a) {
  return _mm512_cmp_ps_mask(a, _mm512_set1_ps(LIMIT), _CMP_NLT_UQ);
}

/// Of a multiple of 16.
WIDE static void values_by_table(float *restrict out, const float *restrict from, size_t count) {
  for (size_t i = 0; i < count; i += 16) {
    __m512 x = _mm512_loadu_ps(from + i), a = _mm512_abs_ps(x);
    // the second of equals is the larger: −0 stays
    __m512 positive = _mm512_max_ps(_mm512_setzero_ps(), x);
    __m512 y = _mm512_fnmadd_ps(a, at_intervals(values, a), positive);
    __mmask16 rest = beyond(a);
    if (rest) {
      float far[16];
      values_beyond(far, from + i, 16);
      y = _mm512_mask_loadu_ps(y, rest, far);
    }
    _mm512_storeu_ps(out + i, y);
  }
}

WIDE static void slopes_by_table(float *restrict out, const float *restrict from,
                                 const float *restrict upstream, size_t count) {
  for (size_t i = 0; i < count; i += 16) {
    __m512 x = _mm512_loadu_ps(from + i), a = _mm512_abs_ps(x), h = at_intervals(slopes, a);
    __mmask16 positive = _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GT_OQ);
    h = _mm512_mask_sub_ps(h, positive, _mm512_set1_ps(1.0f), h);
    __m512 y = _mm512_mul_ps(h, _mm512_loadu_ps(upstream + i));
    __mmask16 rest = beyond(a);
    if (rest) {
      float far[16];
      slopes_beyond(far, from + i, upstream + i, 16);
      y = _mm512_mask_loadu_ps(y, rest, far);
    }
    _mm512_storeu_ps(out + i, y);
  }
}

static void by_table(float *restrict out, const float *restrict x, const float *restrict upstream,
                     size_t count) {
  if (upstream) slopes_by_table(out, x, upstream, count);
  else values_by_table(out, x, count);
}
#endif

void rk_gelu(float *restrict out, const float *restrict x, const float *restrict upstream,
             size_t count) {
#if defined(__x86_64__) && !defined(RHYTHMLAB_PLAIN_KERNELS)
  if (rk_tiles_are_wide()) {
    size_t whole = count / 16 * 16, size = (count - whole) * sizeof(float);
    by_table(out, x, upstream, whole);
    if (size == 0) return;
    float rest[3][16] = {{0}};
    memcpy(rest[0], x + whole, size);
    if (upstream) memcpy(rest[1], upstream + whole, size);
    by_table(rest[2], rest[0], upstream ? rest[1] : NULL, 16);
    memcpy(out + whole, rest[2], size);
    return;
  }
#endif
  if (upstream) slopes_beyond(out, x, upstream, count);
  else values_beyond(out, x, count);
}
