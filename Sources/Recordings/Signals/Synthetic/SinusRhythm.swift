import Foundation
import TensorCore

/// The intervals of a heart that the sinus node drives: around a mean, with the slow Mayer waves of
/// the blood pressure and with the breath.
///
/// The intervals are a random process with the power spectrum (McSharry et al. 2003, section
/// "The dynamical model")
///
///     S(f) = σ₁² / √(2π c₁²) exp(-(f - f₁)² / 2c₁²) + σ₂² / √(2π c₂²) exp(-(f - f₂)² / 2c₂²)
///
/// with f₁ = 0.1 Hz, c₁ = c₂ = 0.01 Hz and σ₁² / σ₂² = 0.5; f₂, the paper's 0.25 Hz, is the breath.
/// As in the paper each frequency has the amplitude √S(f) and a random phase. The sum of cosines is
/// taken only where there is a beat, in place of a Fourier transform of all of it.
package struct SinusRhythm {
  /// Hz from one frequency to the next: the process repeats itself after 100 s, longer than the
  /// longest recording.
  private static let resolution = 0.01

  private let mean: Double
  private let waves: [(frequency: Double, height: Double, phase: Double)]

  /// `rate` and its standard deviation in beats a minute, the breath in Hz.
  package init(
    rate: Double, deviation: Double, breathRate: Double, _ generator: inout MersenneTwister
  ) {
    mean = 60 / rate
    func bump(_ frequency: Double, at centre: Double) -> Double {
      let distance = (frequency - centre) / 0.01
      return exp(-distance * distance / 2)
    }
    var waves = (1...50).map { index in
      let frequency = Double(index) * Self.resolution
      let power = 0.5 * bump(frequency, at: 0.1) + bump(frequency, at: breathRate)
      return (
        frequency: frequency, height: power.squareRoot(), phase: generator.draw(0...2 * .pi)
      )
    }
    // a change of the rate by d is one of the interval by 60 d / rate²
    let wanted = 60 * deviation / (rate * rate)
    let power = waves.reduce(0) { $0 + $1.height * $1.height / 2 }
    for index in waves.indices { waves[index].height *= wanted / power.squareRoot() }
    self.waves = waves.filter { $0.height > 1e-6 * wanted }
  }

  /// The interval, in seconds, that begins at a time in seconds.
  package func interval(at time: Double) -> Double {
    // no heart beats more than about 200 times a minute
    max(0.3, waves.reduce(mean) { $0 + $1.height * cos(2 * .pi * $1.frequency * time + $1.phase) })
  }
}
