import Foundation
import TensorCore

/// The waves of atria that fibrillate or flutter: a sawtooth whose height and frequency sway.
///
/// Source: Stridh and Sörnmo, "Spatiotemporal QRST cancellation techniques for analysis of atrial
/// fibrillation", IEEE Transactions on Biomedical Engineering 48(1), 2001 (Petrėnas,
/// Marozas and Sörnmo 2012 and 2017 extend it):
///
///     f(t) = -Σᵢ aᵢ(t) sin(i θ(t)),   i = 1 ... 5
///     aᵢ(t) = 2 / (i π) (a + Δa sin(2π f_a t)),   θ(t) = 2π f₀ t + Δf / f_f sin(2π f_f t)
///
/// with the values of their simulated signals: Δf = 0.2 Hz, f_f = 0.1 Hz, f_a = 0.08 Hz and
/// Δa = a / 3, where a is 150, 75 and 45 µV in the leads V1 to V3.
package struct AtrialWaves {
  /// f₀ in Hz.
  let frequency: Double
  /// a in mV.
  let height: Double
  /// Whether height and frequency sway: fibrillation does, flutter does not.
  let sways: Bool

  /// Waves of a frequency and a height.
  package init(frequency: Double, height: Double, sways: Bool) {
    self.frequency = frequency
    self.height = height
    self.sways = sways
  }

  /// Adds them to a signal in mV at 300 Hz.
  package func add(to signal: inout [Double], _ generator: inout MersenneTwister) {
    let waves = self.signal(count: signal.count, &generator)
    for index in signal.indices { signal[index] += waves[index] }
  }

  /// `count` samples in mV, `rate` of them a second.
  func signal(
    count: Int, rate: Int = RecordingDevice.samplesPerSecond, _ generator: inout MersenneTwister
  ) -> [Double] {
    // the three phases are ours: a recording begins anywhere
    let phases = (0..<3).map { _ in generator.draw(0...2 * .pi) }
    return (0..<count).map { index in
      let time = Double(index) / Double(rate)
      let sway = sways ? 0.2 / 0.1 * sin(2 * .pi * 0.1 * time + phases[0]) : 0
      let size = height * (1 + (sways ? sin(2 * .pi * 0.08 * time + phases[1]) / 3 : 0))
      let angle = 2 * .pi * frequency * time + phases[2] + sway
      return -(1...5).reduce(0) {
        $0 + 2 / (Double($1) * .pi) * size * sin(Double($1) * angle)
      }
    }
  }
}
