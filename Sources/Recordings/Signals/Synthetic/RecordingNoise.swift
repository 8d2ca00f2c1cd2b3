import Foundation
import TensorCore

/// What a recording holds besides the heart.
///
/// The kinds are those of Moody, Muldrow and Mark, "A noise stress test for arrhythmia detectors",
/// Computers in Cardiology 11, 1984 (baseline wander, muscle noise, electrode motion), and the hum
/// of the mains. The sizes are ours: so that the standard deviation, the 99th percentile and the
/// spectrum of the set's samples are near those of the challenge's recordings.
package struct RecordingNoise {
  /// Standard deviation of the muscles' noise in mV.
  private let muscle: Double
  /// Height of the mains' hum in mV, and its frequency in Hz.
  private let hum: (height: Double, frequency: Double)
  /// Standard deviation of the slow wander in mV.
  private let wander: Double
  /// Times a second that an electrode slips, and how far, in mV.
  private let motion: (rate: Double, height: Double)

  /// The noise of a recording in which a rhythm can be told, or of one (label ~) in which none can.
  package init(isIllegible: Bool, _ generator: inout MersenneTwister) {
    muscle = generator.drawByFactor(isIllegible ? 0.03...0.25 : 0.005...0.06)
    let isHumming = generator.chance(0.3)
    hum = (
      height: isHumming ? generator.drawByFactor(0.01...0.1) : 0,
      frequency: generator.chance(0.5) ? 50 : 60
    )
    wander = generator.drawByFactor(isIllegible ? 0.2...1 : 0.03...0.2)
    motion = (
      rate: isIllegible ? generator.draw(0.5...2) : 0.03,
      height: generator.drawByFactor(isIllegible ? 0.5...3 : 0.2...0.6)
    )
  }

  /// Adds the noise to a signal in mV.
  package func add(
    to signal: inout [Double], rate: Int = RecordingDevice.samplesPerSecond,
    _ generator: inout MersenneTwister
  ) {
    let rate = Double(rate)
    let phase = generator.draw(0...2 * .pi)
    // the wander forgets within a second; so does an electrode that has slipped
    let memory = exp(-1 / rate)
    let fresh = wander * (1 - memory * memory).squareRoot()
    var drift = wander * generator.normal()
    var slip = 0.0
    var nextSlip = generator.waitingTime(rate: motion.rate)
    for index in signal.indices {
      let time = Double(index) / rate
      drift = memory * drift + fresh * generator.normal()
      slip *= memory
      if time >= nextSlip {
        slip += motion.height * generator.normal()
        nextSlip += generator.waitingTime(rate: motion.rate)
      }
      signal[index] +=
        drift + slip + muscle * generator.normal()
        + hum.height * sin(2 * .pi * hum.frequency * time + phase)
    }
  }
}
