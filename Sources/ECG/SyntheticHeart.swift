import Foundation
import TensorCore

/// One imaginary patient with one electrode: how the beats look and when they come.
///
/// A beat is a sum of Gaussian bumps (P, Q, R, S, T), after McSharry et al. 2003, "A dynamical
/// model for generating synthetic electrocardiogram signals". Fibrillation takes the P wave away,
/// makes the intervals irregular and adds waves of 4 to 9 Hz.
struct SyntheticHeart {
  /// A bump of a beat: height in mV, time from the R peak and width in seconds.
  private struct Bump {
    var height: Double
    var time: Double
    var width: Double
  }

  private let fibrillates: Bool
  private let bumps: [Bump]
  private let meanInterval: Double
  private let irregularity: Double
  private let breathing: (rate: Double, depth: Double)
  private let fibrillatoryHeight: Double
  private let fibrillatoryRate: Double
  private let polarity: Double
  private let noise: Double
  private let hum: Double
  private let wander: (height: Double, rate: Double)

  init(_ rhythm: Rhythm, _ generator: inout MersenneTwister) {
    func between(_ low: Double, _ high: Double) -> Double {
      low + (high - low) * Double(generator.uniform())
    }
    fibrillates = rhythm == .fibrillation
    let size = between(0.7, 1.3)
    let rHeight = size * between(0.6, 1.1)
    // Both kinds draw the same numbers in the same order; a weak P wave is common in normal ones.
    let pHeight = size * between(0.06, 0.18)
    bumps = [
      Bump(height: fibrillates ? 0 : pHeight, time: -between(0.14, 0.18), width: 0.022),
      Bump(height: -rHeight * between(0.02, 0.15), time: -0.028, width: 0.010),
      Bump(height: rHeight, time: 0, width: between(0.009, 0.014)),
      Bump(height: -rHeight * between(0.05, 0.30), time: 0.030, width: 0.011),
      Bump(
        height: size * between(0.08, 0.35), time: between(0.24, 0.30), width: between(0.04, 0.06)),
    ]
    meanInterval = fibrillates ? between(0.45, 0.90) : between(0.60, 1.10)
    irregularity = fibrillates ? between(0.14, 0.30) : between(0.01, 0.04)
    breathing = (between(0.15, 0.35), between(0.01, 0.05))
    fibrillatoryHeight = fibrillates ? size * between(0.03, 0.10) : 0
    fibrillatoryRate = between(4, 9)
    polarity = between(0, 1) < 0.2 ? -1 : 1
    noise = pow(10, between(-2.4, -1.3))
    hum = between(0, 1) < 0.3 ? between(0.005, 0.03) : 0
    wander = (between(0.02, 0.12), between(0.1, 0.4))
  }

  /// `count` samples at 300 Hz, 1000 units to the millivolt.
  mutating func samples(_ count: Int, _ generator: inout MersenneTwister) -> [Int16] {
    let rate = Double(Recording.samplesPerSecond)
    var signal = [Double](repeating: 0, count: count)
    let duration = Double(count) / rate
    var time = -Double(generator.uniform()) * meanInterval
    while time < duration + 0.5 {
      add(beatAt: time, to: &signal, &generator)
      time += interval(at: time, &generator)
    }
    addBackground(to: &signal, &generator)
    return signal.map { millivolts in
      let units = (millivolts * polarity * Double(Recording.unitsPerMillivolt)).rounded()
      return Int16(min(max(units, -32768), 32767))
    }
  }

  private func interval(at time: Double, _ generator: inout MersenneTwister) -> Double {
    let random = irregularity * Self.normal(&generator)
    let breath = breathing.depth * sin(2 * .pi * breathing.rate * time)
    // No heart beats more than about 200 times a minute.
    return max(0.3, meanInterval * (1 + random + breath))
  }

  private func add(
    beatAt time: Double, to signal: inout [Double], _ generator: inout MersenneTwister
  ) {
    let rate = Double(Recording.samplesPerSecond)
    let strength = 1 + 0.06 * Self.normal(&generator)
    for bump in bumps where bump.height != 0 {
      let centre = time + bump.time
      let first = max(0, Int(((centre - 4 * bump.width) * rate).rounded(.up)))
      let last = min(signal.count - 1, Int(((centre + 4 * bump.width) * rate).rounded(.down)))
      guard first <= last else { continue }
      for index in first...last {
        let distance = (Double(index) / rate - centre) / bump.width
        signal[index] += strength * bump.height * exp(-0.5 * distance * distance)
      }
    }
  }

  private func addBackground(to signal: inout [Double], _ generator: inout MersenneTwister) {
    let rate = Double(Recording.samplesPerSecond)
    var phases = (0..<3).map { _ in 2 * .pi * Double(generator.uniform()) }
    var drift = 0.0
    for index in signal.indices {
      // The fibrillatory rate wanders slowly within about a tenth.
      drift = 0.999 * drift + 0.005 * Self.normal(&generator)
      phases[0] += 2 * .pi * fibrillatoryRate * (1 + drift) / rate
      phases[1] += 2 * .pi * wander.rate / rate
      phases[2] += 2 * .pi * 50 / rate
      signal[index] +=
        fibrillatoryHeight * (sin(phases[0]) + 0.35 * sin(2 * phases[0]))
        + wander.height * sin(phases[1]) + hum * sin(phases[2])
        + noise * Self.normal(&generator)
    }
  }

  /// A normal number by the sum of twelve uniform ones: additions only, so that it is the same to
  /// the bit on every machine.
  private static func normal(_ generator: inout MersenneTwister) -> Double {
    var sum = 0.0
    for _ in 0..<6 {
      let bits = generator.next32()
      sum += Double(bits & 0xFFFF) + Double(bits >> 16)
    }
    return sum / 65536 - 6 + 6.0 / 65536
  }
}
