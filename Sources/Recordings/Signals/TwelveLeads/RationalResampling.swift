import Foundation

/// Another sampling rate that is a fraction of the old one, as SciPy's `resample_poly` has it: up by one whole number,
/// a low-pass filter, down by another, with zeros beyond both ends.
///
/// The filter is SciPy's standard one: 2 · 10 · max(up, down) + 1 taps, a sinc with the cut-off 1 / max(up, down) of
/// half the rate, under a Kaiser window with β = 5, of gain 1 at frequency 0 (`firwin`).
package struct RationalResampling: Sendable {
  /// The factors, without a common divisor.
  package let up, down: Int
  /// The taps that an output is made with, by its place between two inputs, the last tap first.
  private let phases: [[Double]]
  private let halfLength: Int

  /// The largest factor, which gives 200001 taps.
  private static let largestFactor = 10_000

  /// From `rate` to `wanted` samples a second; the fraction's denominator is at most 1000.
  ///
  /// - Returns: nil for a rate below half or above a hundred times what is wanted, and for one that is no fraction of
  ///   numbers up to 10000 of it.
  package init?(from rate: Double, to wanted: Double) {
    guard (wanted / 2...100 * wanted).contains(rate),
      let (numerator, denominator) = Self.fraction(rate, atMost: 1000)
    else { return nil }
    let (up, down) = (Int(wanted) * denominator, numerator)
    let divisor = Self.commonDivisor(up, down)
    guard max(up, down) / divisor <= Self.largestFactor else { return nil }
    self.init(up: up / divisor, down: down / divisor)
  }

  /// By factors of at least 1 that have no common divisor.
  package init(up: Int, down: Int) {
    self.up = up
    self.down = down
    guard up != down else {
      (phases, halfLength) = ([], 0)
      return
    }
    let largest = max(up, down)
    let halfLength = 10 * largest
    self.halfLength = halfLength
    let taps = (-halfLength...halfLength).map { place in
      let x = Double(place) / Double(largest)
      let sinc = place == 0 ? 1 : sin(.pi * x) / (.pi * x)
      let edge = Double(place) / Double(halfLength)
      return sinc / Double(largest) * Self.bessel(5 * max(0, 1 - edge * edge).squareRoot())
    }
    let sum = taps.reduce(0, +)
    let scaled = taps.map { $0 * Double(up) / sum }
    phases = (0..<up).map { phase in
      stride(from: phase, to: scaled.count, by: up).map { scaled[$0] }.reversed()
    }
  }

  /// How many samples become of so many.
  package func count(of count: Int) -> Int { (count * up + down - 1) / down }

  /// A signal at the other rate.
  package func callAsFunction(_ signal: [Double]) -> [Double] {
    guard !phases.isEmpty else { return signal }
    return signal.withUnsafeBufferPointer { signal in
      (0..<count(of: signal.count)).map { index in
        // the tap of input j is place - j · up
        let place = index * down + halfLength
        let taps = phases[place % up]
        // the first of the taps in memory belongs to the earliest input
        let first = place / up - (taps.count - 1)
        let (low, high) = (max(0, -first), min(taps.count, signal.count - first))
        guard low < high else { return 0 }
        return taps.withUnsafeBufferPointer { Self.product($0, signal, first, low..<high) }
      }
    }
  }

  /// The sum of products of some taps with the inputs from `first` on, in eight partial sums.
  @inline(__always)
  private static func product(
    _ taps: UnsafeBufferPointer<Double>, _ signal: UnsafeBufferPointer<Double>, _ first: Int,
    _ range: Range<Int>
  ) -> Double {
    guard let taps = taps.baseAddress, let signal = signal.baseAddress else { return 0 }
    var sums = SIMD8<Double>.zero
    var place = range.lowerBound
    while place + 8 <= range.upperBound {
      let a = UnsafeRawPointer(taps + place).loadUnaligned(as: SIMD8<Double>.self)
      let b = UnsafeRawPointer(signal + first + place).loadUnaligned(as: SIMD8<Double>.self)
      sums += a * b
      place += 8
    }
    var sum = sums.sum()
    while place < range.upperBound {
      sum += taps[place] * signal[first + place]
      place += 1
    }
    return sum
  }

  /// The modified Bessel function of order 0, by its series.
  private static func bessel(_ x: Double) -> Double {
    var (sum, term, n) = (1.0, 1.0, 1.0)
    while term > 1e-17 * sum {
      term *= x * x / (4 * n * n)
      sum += term
      n += 1
    }
    return sum
  }

  /// The nearest fraction by continued fractions.
  private static func fraction(_ value: Double, atMost bound: Int) -> (Int, Int)? {
    guard value.isFinite, value > 0, value < 1e9 else { return nil }
    var (before, last) = ((0, 1), (1, 0))
    var rest = value
    for _ in 0..<32 {
      let whole = rest.rounded(.down)
      let next = (Int(whole) * last.0 + before.0, Int(whole) * last.1 + before.1)
      guard next.1 <= bound else { break }
      (before, last) = (last, next)
      let part = rest - whole
      guard part > 1e-12 else { break }
      rest = 1 / part
      guard rest < 1e9 else { break }
    }
    return last
  }

  private static func commonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : commonDivisor(b, a % b)
  }
}
