// Elementary functions in single precision, written without branches, tables and calls, so that a
// loop over them becomes vector code for each processor that `RK_CLONES` names.
//
// Errors are in units in the last place (ulp) against the C library in double precision, over every
// one of the 2³² floats, with and without fused multiplication and addition; the larger is given.
// `FunctionTests` repeats it on a dense sample. NaN, infinities and signed zeros come out as the C
// library's; arguments and results that are denormal are right even where the processor is told to
// flush them (their bits are then made by integer instructions), except where a comment says so.
#ifndef RHYTHMLAB_CKERNELS_FUNCTIONS_H
#define RHYTHMLAB_CKERNELS_FUNCTIONS_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define RK_INLINE static inline __attribute__((always_inline))

RK_INLINE int32_t rk_bits(float x) {
  int32_t bits;
  memcpy(&bits, &x, 4);
  return bits;
}

RK_INLINE float rk_float(int32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

/// 2^n, n in −126…127.
RK_INLINE float rk_power_of_two(int32_t n) { return rk_float((int32_t)((uint32_t)(n + 127) << 23)); }

/// 1.5 · 2²³: a float near it has no fraction, so that adding it rounds and leaves the whole number
/// in the low bits.
#define RK_ROUNDING 12582912.0f
#define RK_ROUNDING_BITS 0x4B400000

/// x = n·ln 2 + r, |r| ≤ ln 2 / 2, and what rounding took from r; ln 2 in two parts so that r keeps its
/// digits.
RK_INLINE float rk_reduce(float x, int32_t *n, float *rest) {
  float shifted = x * 1.44269504f + RK_ROUNDING;
  float whole = shifted - RK_ROUNDING;
  *n = rk_bits(shifted) - RK_ROUNDING_BITS;
  float high = x - whole * 0.693359375f;
  float r = high + whole * 2.12194440e-4f;
  *rest = (high - r) + whole * 2.12194440e-4f;
  return r;
}

/// (e^r − 1 − r) for |r| ≤ ln 2 / 2 (Cephes, expf).
RK_INLINE float rk_exp_tail(float r) {
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  return p * (r * r);
}

/// e^x in 0.7…1.42, to be multiplied with 2^n.
RK_INLINE float rk_exp_fraction(float x, int32_t *n) {
  float rest;
  float r = rk_reduce(x, n, &rest);
  float one = 1.0f + r;
  return one + ((1.0f - one + r) + (rk_exp_tail(r) + rest));
}

/// A float of less than 2⁻¹²⁶ from itself times 2¹⁴⁹, rounded to nearest.
RK_INLINE float rk_denormal(float scaled) {
  return rk_float(rk_bits(scaled + 8388608.0f) - 0x4B000000);
}

/// e^x for x ≤ 0.
RK_INLINE float rk_exp_negativef(float x) {
  float clamped = x < -104.0f ? -104.0f : x;
  int32_t n;
  float p = rk_exp_fraction(clamped, &n);
  bool isSmall = x < -87.3365402f;
  float y = p * rk_power_of_two(isSmall ? n + 149 : n);
  return isSmall ? rk_denormal(y) : y;
}

/// e^x.
RK_INLINE float rk_expf(float x) {
  float clamped = x < -104.0f ? -104.0f : x;
  clamped = clamped > 89.0f ? 89.0f : clamped;
  int32_t n;
  float p = rk_exp_fraction(clamped, &n);
  bool isSmall = x < -87.3365402f, isLarge = x > 0.0f;
  // 2^128 is no float: one doubling is left for the end
  float y = p * rk_power_of_two(isSmall ? n + 149 : (isLarge ? n - 1 : n));
  return isSmall ? rk_denormal(y) : (isLarge ? y + y : y);
}

/// e^x − 1.
RK_INLINE float rk_expm1f(float x) {
  float clamped = x < -30.0f ? -30.0f : x;
  clamped = clamped > 89.0f ? 89.0f : clamped;
  int32_t n;
  float rest;
  float r = rk_reduce(clamped, &n, &rest);
  float p = r + (rk_exp_tail(r) + rest);
  float half = rk_power_of_two(n - 1);
  float y = p * half + (half - 0.5f);
  y = y + y;
  // near 0 the argument itself, −0 too
  return fabsf(x) < 1e-8f ? x : y;
}

/// σ(x) = 1 / (1 + e^−x).
RK_INLINE float rk_sigmoidf(float x) {
  float e = rk_exp_negativef(-fabsf(x));
  float sum = 1.0f + e;
  float y = (x < 0.0f ? e : 1.0f) / sum;
  y = y - y * (1.0f - sum + e);  // most of what rounding the sum changed
  return x < -17.0f ? e : y;
}

RK_INLINE float rk_tanhf(float x) {
  float a = fabsf(x);
  // near 0 a polynomial (Cephes): 1 − 2 / (e^2a + 1) would lose the digits of a small result
  float s = x * x;
  float p = -5.70498872745e-3f;
  p = p * s + 2.06390887954e-2f;
  p = p * s - 5.37397155531e-2f;
  p = p * s + 1.33314422036e-1f;
  p = p * s - 3.33332819422e-1f;
  p = p * s * x + x;
  float e = rk_exp_negativef(-2.0f * a);
  float q = copysignf((1.0f - e) / (1.0f + e), x);
  return a < 1e-4f ? x : (a < 0.625f ? p : q);
}

/// The logarithm of k powers of two and 1 + f, 1 + f in √½…√2, with c added where it loses nothing
/// (fdlibm, e_logf.c).
RK_INLINE float rk_log_reduced(float k, float f, float c) {
  float s = f / (2.0f + f);
  float z = s * s, w = z * z;
  float t1 = w * (0.40000972152f + w * 0.24279078841f);
  float t2 = z * (0.66666662693f + w * 0.28498786688f);
  float hfsq = 0.5f * f * f;
  return s * (hfsq + t1 + t2) + (k * 9.0580006145e-06f + c) - hfsq + f + k * 6.9313812256e-01f;
}

/// The natural logarithm.
RK_INLINE float rk_logf(float x) {
  int32_t bits = rk_bits(x);
  // a denormal's bits are its number of 2⁻¹⁴⁹
  bool isSmall = bits < 0x00800000;
  int32_t normal = isSmall ? rk_bits((float)bits) : bits;
  int32_t t = normal - 0x3F3504F3;  // √½
  int32_t k = (t >> 23) - (isSmall ? 149 : 0);
  float f = rk_float((t & 0x007FFFFF) + 0x3F3504F3) - 1.0f;
  float y = rk_log_reduced((float)k, f, 0.0f);
  y = bits >= 0x7F800000 ? x : y;  // ∞, NaN
  y = k < -200 ? -INFINITY : y;  // 0
  y = bits < 0 ? NAN : y;
  // The compiler would make (bits & 0x7FFFFFFF) == 0, for both zeros at once, a comparison of floats,
  // to which a flushed denormal is 0 too.
  return bits == INT32_MIN ? -INFINITY : y;
}

/// log(1 + x).
RK_INLINE float rk_log1pf(float x) {
  float u = 1.0f + x;
  int32_t bits = rk_bits(u);
  int32_t t = bits - 0x3F3504F3;
  int32_t k = t >> 23;
  float f = rk_float((t & 0x007FFFFF) + 0x3F3504F3) - 1.0f;
  // what rounding u took away
  float c = (x > 1.0f ? 1.0f - (u - x) : x - (u - 1.0f)) / u;
  float y = rk_log_reduced((float)k, k == 0 ? x : f, k == 0 ? 0.0f : c);
  y = bits >= 0x7F800000 ? u : y;
  y = u < 0.0f ? NAN : y;
  y = u == 0.0f ? -INFINITY : y;
  return fabsf(x) < 1e-8f ? x : y;
}

/// log(1 + e^x).
RK_INLINE float rk_softplusf(float x) {
  float y = rk_log1pf(rk_exp_negativef(-fabsf(x)));
  return x > 0.0f ? x + y : y;
}

/// The error function; the polynomials are N. Juffa's.
RK_INLINE float rk_erff(float x) {
  float t = fabsf(x);
  t = t > 4.0f ? 4.0f : t;  // 1 from there on
  float s = t * t;
  float r = -1.72853470e-5f * t + 3.83197126e-4f;
  float u = -3.88396438e-3f * t + 2.42546219e-2f;
  r = r * s + u;
  r = r * t - 1.06777877e-1f;
  r = r * t - 6.34846687e-1f;
  r = r * t - 1.28717512e-1f;
  r = r * t - t;
  r = copysignf(1.0f - rk_exp_negativef(r), x);
  float p = -5.96761703e-4f;
  p = p * s + 4.99119423e-3f;
  p = p * s - 2.67681349e-2f;
  p = p * s + 1.12819925e-1f;
  p = p * s - 3.76125336e-1f;
  p = p * s + 1.28379166e-1f;
  // 2/√π · x where the cubic term is below the rounding: p · x would be flushed next to the denormals
  p = t < 1e-4f ? x * 1.12837917f : p * x + x;
  return t < 0.927734375f ? p : r;
}

/// The normal distribution at x: its density φ(x), and Φ(x), which keeps its digits far below 0.
///
/// Φ(−a) = φ(a) · M(a) with Mills' ratio M, t times a polynomial in t = 1 / (1 + 0.21 a), fitted to
/// SciPy's erfcx by least squares reweighted to equal errors, 2.3e-8 relative. The
/// rounding of x²/2 in the exponent adds x²/4 ulp; gelu.c has the error of x Φ(x).
RK_INLINE float rk_normalf(float x, float *density) {
  float t = 1.0f / (1.0f + 0.21f * fabsf(x));
  float m = -0.17783692f;
  m = m * t + 0.70208049f;
  m = m * t - 0.80935973f;
  m = m * t + 0.85417956f;
  m = m * t - 0.22001538f;
  m = m * t + 0.30617729f;
  m = m * t + 0.17527480f;
  m = m * t + 0.21296279f;
  m = m * t + 0.20985104f;
  *density = 0.39894228f * rk_exp_negativef(-0.5f * x * x);
  float tail = *density * (m * t);
  return x > 0.0f ? 1.0f - tail : tail;
}

/// x^y, and the C library's results for every special case. Error: computed in double precision and
/// rounded once, 0.51 ulp; what comes out denormal is 0 where the processor flushes.
RK_INLINE float rk_powf(float x, float y) {
  int32_t bits = rk_bits(x) & 0x7FFFFFFF;
  bool isSmall = bits < 0x00800000;
  int32_t t = (isSmall ? rk_bits((float)bits) : bits) - 0x3F3504F3;
  int32_t k = (t >> 23) - (isSmall ? 149 : 0);
  double f = (double)rk_float((t & 0x007FFFFF) + 0x3F3504F3);
  // log₂ by the series of the area tangent, |s| ≤ 0.172
  double s = (f - 1.0) / (f + 1.0), z = s * s;
  double l = 1.0 / 15;
  l = l * z + 1.0 / 13;
  l = l * z + 1.0 / 11;
  l = l * z + 1.0 / 9;
  l = l * z + 1.0 / 7;
  l = l * z + 1.0 / 5;
  l = l * z + 1.0 / 3;
  l = l * z + 1.0;
  double logarithm = (double)k + l * s * 2.8853900817779268;
  logarithm = bits == 0 ? -(double)INFINITY : logarithm;
  logarithm = bits >= 0x7F800000 ? (double)rk_float(bits) : logarithm;
  double power = (double)y * logarithm;
  power = power < -300.0 ? -300.0 : power;
  power = power > 300.0 ? 300.0 : power;
  // 2^power: a whole power and the series of the rest
  double shifted = power + 6755399441055744.0;
  double rest = (power - (shifted - 6755399441055744.0)) * 0.69314718055994531;
  double e = 1.0 / 3628800;
  e = e * rest + 1.0 / 362880;
  e = e * rest + 1.0 / 40320;
  e = e * rest + 1.0 / 5040;
  e = e * rest + 1.0 / 720;
  e = e * rest + 1.0 / 120;
  e = e * rest + 1.0 / 24;
  e = e * rest + 1.0 / 6;
  e = e * rest + 0.5;
  e = e * rest + 1.0;
  e = e * rest + 1.0;
  int64_t whole;
  memcpy(&whole, &shifted, 8);
  // the low bits hold the whole number; what is above them leaves with the shift
  uint64_t scaleBits = ((uint64_t)whole + 1023) << 52;
  double scale;
  memcpy(&scale, &scaleBits, 8);
  float result = (float)(e * scale);
  // signs, and what logarithms do not tell
  bool isWide = !(fabsf(y) < 16777216.0f);  // even, infinite or NaN
  int32_t n = (int32_t)(isWide ? 0.0f : y);
  bool isWhole = isWide || (float)n == y;
  bool isOdd = isWhole && (n & 1) != 0;
  bool isNegative = rk_bits(x) < 0;
  result = bits == 0x3F800000 && (y == y || !isNegative) ? 1.0f : result;
  result = isNegative && !isWhole && bits != 0 && bits < 0x7F800000 ? NAN : result;
  result = isNegative && isOdd ? -result : result;
  return y == 0.0f ? 1.0f : result;
}

#endif
