import TensorCore

/// Normal distributions that are cut off at two bounds, each as likely.
struct Mixture: Sendable {
  let centres, widths: [Double]
  let a, b: Double

  init(_ centres: [Double], _ widths: [Double], _ a: Double, _ b: Double) {
    (self.centres, self.widths, self.a, self.b) = (centres, widths, a, b)
  }

  func share(_ z: Double, _ k: Int) -> Double {
    NormalDistribution.cumulative((z - centres[k]) / widths[k])
  }

  /// The probability of a number up to z.
  func cumulative(_ z: Double) -> Double {
    let z = min(max(z, a), b)
    return centres.indices.reduce(0) {
      $0 + (share(z, $1) - share(a, $1)) / (share(b, $1) - share(a, $1)) / Double(centres.count)
    }
  }
}
