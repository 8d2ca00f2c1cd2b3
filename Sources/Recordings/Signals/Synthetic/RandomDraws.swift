import Foundation
import TensorCore

/// The distributions that a patient's parameters and noises are drawn from.
extension MersenneTwister {
  /// A number between two others, all equally likely.
  package mutating func draw(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(uniform())
  }

  /// A positive number between two others whose logarithm is equally likely anywhere: for sizes
  /// that differ by factors.
  package mutating func drawByFactor(_ range: ClosedRange<Double>) -> Double {
    exp(draw(log(range.lowerBound)...log(range.upperBound)))
  }

  /// True with the given probability.
  package mutating func chance(_ probability: Double) -> Bool { Double(uniform()) < probability }

  /// The waiting time until an event that comes `rate` times a second on average.
  package mutating func waitingTime(rate: Double) -> Double { -log(1 - Double(uniform())) / rate }

  /// A standard normal number by the sum of twelve uniform ones: by additions only, and several
  /// times as fast as logarithms and cosines, of which a recording would need thousands.
  package mutating func normal() -> Double {
    var sum = 0.0
    for _ in 0..<6 {
      let bits = next32()
      sum += Double(bits & 0xFFFF) + Double(bits >> 16)
    }
    return sum / 65536 - 6 + 6.0 / 65536
  }
}
