import Foundation

/// The AliveCor device that the challenge's recordings come from: 300 samples a second of 16 bits,
/// 1000 units to the millivolt, between 0.5 and 40 Hz (Clifford et al., "AF classification from a
/// short single lead ECG recording: the PhysioNet/Computing in Cardiology Challenge 2017",
/// Computing in Cardiology 44, 2017, section 2).
///
/// The filters' kind is not published. Here a simple pole takes the slow part away, and a
/// Butterworth filter of the fourth order (two sections by the bilinear transform) the fast part.
package enum RecordingDevice {
  /// Samples a second.
  package static let samplesPerSecond = 300
  /// Units of a sample that make one millivolt.
  package static let unitsPerMillivolt = 1000

  /// A second-order low-pass section in direct form II transposed.
  private struct Section {
    private let gain: Double
    private let a1: Double
    private let a2: Double
    private var memory = (0.0, 0.0)

    init(cutoff: Double, quality: Double) {
      let k = tan(.pi * cutoff / Double(RecordingDevice.samplesPerSecond))
      let norm = 1 / (1 + k / quality + k * k)
      gain = k * k * norm
      a1 = 2 * (k * k - 1) * norm
      a2 = (1 - k / quality + k * k) * norm
    }

    mutating func callAsFunction(_ x: Double) -> Double {
      let y = gain * x + memory.0
      memory.0 = 2 * gain * x - a1 * y + memory.1
      memory.1 = gain * x - a2 * y
      return y
    }
  }

  /// What the device makes of a signal in mV at 300 Hz. Held the wrong way round, it turns the
  /// signal upside down.
  package static func samples(of signal: [Double], isInverted: Bool) -> [Int16] {
    // the qualities of a fourth-order Butterworth filter
    var sections = [0.5411961001461970, 1.3065629648763766].map {
      Section(cutoff: 40, quality: $0)
    }
    let memory = exp(-2 * .pi * 0.5 / Double(samplesPerSecond))
    var slow = signal.first ?? 0
    let scale = Double(isInverted ? -unitsPerMillivolt : unitsPerMillivolt)
    return signal.map { value in
      slow = memory * slow + (1 - memory) * value
      var filtered = value - slow
      for index in sections.indices { filtered = sections[index](filtered) }
      return Int16(min(max((filtered * scale).rounded(), -32768), 32767))
    }
  }
}
