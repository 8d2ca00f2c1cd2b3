import Glibc

/// The normal distribution with mean 0 and standard deviation 1, in double precision.
///
/// Errors are relative to the exact result, measured against 50 digits at 3,000 arguments of each function.
/// A result below the normal numbers (2.2e-308) has the digits that such numbers have.
public enum NormalDistribution {
  /// φ(z) = exp(−z² / 2) / √(2π). Error: below 4e-16.
  public static func density(_ z: Double) -> Double {
    let square = z * z
    let value = exp(-0.5 * square) * inverseRootOfTwoPi
    // what rounding took from the square is a share of the result
    return value > 0 ? value * (1 - 0.5 * (-square).addingProduct(z, z)) : value
  }

  /// ln φ(z) = −z² / 2 − ln √(2π). Error: below 3e-16.
  public static func logDensity(_ z: Double) -> Double { -0.5 * z * z - logRootOfTwoPi }

  /// Φ(z), the probability of a number below z. Error: below 5e-16.
  public static func cumulative(_ z: Double) -> Double {
    // Φ(z) = erfc(t) / 2 with t = −z / √2. Far out erfc changes by 2t times as much as t, which is
    // rounded: what it lacks is made good by the derivative.
    let t = -z * rootOfHalf
    let all = 0.5 * erfc(t)
    guard z < -1, all > 0 else { return all }
    let lacking = (-t).addingProduct(-z, rootOfHalf) - z * restOfRootOfHalf
    return all - lacking * exp(-t * t) * inverseRootOfPi
  }

  /// ln Φ(z), also where Φ(z) is too small for a number. Error: below 5e-16.
  public static func logCumulative(_ z: Double) -> Double {
    if z > 0 { return log1p(-cumulative(-z)) }
    if z > -20 || z.isNaN { return log(cumulative(z)) }
    // Φ(z) = φ(z) / −z · (1 − 1/z² + 1·3/z⁴ − 1·3·5/z⁶ + …), Abramowitz and Stegun 26.2.12
    let square = 1 / (z * z)
    var (sum, term) = (0.0, 1.0)
    for k in 1...10 {
      term *= -Double(2 * k - 1) * square
      sum += term
    }
    return logDensity(z) - log(-z) + log1p(sum)
  }

  /// The z with Φ(z) = p; −∞ for 0, ∞ for 1, NaN for what is no probability. Error: below 7e-16.
  ///
  /// Source: Wichura 1988, "Algorithm AS 241: the percentage points of the normal distribution", PPND16.
  public static func quantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    let q = p - 0.5
    if abs(q) <= 0.425 { return q * ratio(middle, 0.180625 - q * q) }
    let r = (-log(q < 0 ? p : 1 - p)).squareRoot()
    let z = r <= 5 ? ratio(side, r - 1.6) : ratio(tail, r - 5)
    return q < 0 ? -z : z
  }

  private static let rootOfHalf = 0.7071067811865476
  /// √½ − rootOfHalf
  private static let restOfRootOfHalf = -4.833646656726457e-17
  private static let inverseRootOfPi = 0.5641895835477563
  private static let inverseRootOfTwoPi = 0.3989422804014327
  private static let logRootOfTwoPi = 0.9189385332046728

  private typealias Coefficients = (above: [Double], below: [Double])

  private static func ratio(_ coefficients: Coefficients, _ x: Double) -> Double {
    polynomial(coefficients.above, x) / polynomial(coefficients.below, x)
  }

  /// Coefficients from the highest power to the lowest.
  private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    coefficients.reduce(0) { $0 * x + $1 }
  }

  /// For probabilities from 0.075 to 0.925.
  private static let middle: Coefficients = (
    [
      2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4,
      4.5921953931549871457e+4, 1.3731693765509461125e+4, 1.9715909503065514427e+3,
      1.3314166789178437745e+2, 3.3871328727963666080e+0,
    ],
    [
      5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4,
      2.1213794301586595867e+4, 5.3941960214247511077e+3, 6.8718700749205790830e+2,
      4.2313330701600911252e+1, 1,
    ]
  )

  /// On either side of them, down to e⁻²⁵.
  private static let side: Coefficients = (
    [
      7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
      1.27045825245236838258e+0, 3.64784832476320460504e+0, 5.76949722146069140550e+0,
      4.63033784615654529590e+0, 1.42343711074968357734e+0,
    ],
    [
      1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
      1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e+0,
      2.05319162663775882187e+0, 1,
    ]
  )

  /// Further out.
  private static let tail: Coefficients = (
    [
      2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
      2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e+0,
      5.46378491116411436990e+0, 6.65790464350110377720e+0,
    ],
    [
      2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
      7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
      5.99832206555887937690e-1, 1,
    ]
  )
}
