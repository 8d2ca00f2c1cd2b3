import Foundation

/// The twelve leads of a record: as its files have them, and at the rate of the course's examples.
package struct TwelveLeadSignal: Sendable {
  /// Samples a second of the course's examples.
  package static let samplesPerSecond = 100
  /// Samples of a crop, 10 s.
  package static let cropLength = 10 * samplesPerSecond

  /// One lead after another at 100 Hz, in mV.
  package let values: [Float]
  /// Samples of each lead at 100 Hz.
  package let count: Int
  /// Samples of each lead in the file.
  package let sampleCount: Int
  /// How large the leads are, in mV: the median over them of the 99th percentile of |x - median|.
  package let amplitude: Double
  /// How many leads have the same sample throughout.
  package let constantLeads: Int
  /// The largest |III - (II - I)| in mV, which is rounding in a whole record.
  package let limbError: Double

  /// What a number of the file means: `(number - zero) / gain` in mV.
  package struct Scale: Sendable, Equatable {
    /// Numbers to a millivolt.
    package let gain: Double
    /// The number of 0 mV.
    package let zero: Int

    package init(gain: Double, zero: Int) {
      self.gain = gain
      self.zero = zero
    }
  }

  /// Takes the twelve leads of a file, in the order of `StandardLead`, all of one length.
  ///
  /// - Parameter rate: samples a second of the file.
  /// - Throws: `WFDBError` where there is no way from that rate to 100 Hz.
  package init(_ leads: [[Int16]], scales: [Scale], rate: Double) throws(WFDBError) {
    guard let resampling = RationalResampling(from: rate, to: Double(Self.samplesPerSecond)) else {
      throw WFDBError("its header says \(WFDBHeader.plain(rate)) Hz, which is no rate for a heart")
    }
    self.init(leads, scales: scales, resampling)
  }

  /// The same by a resampling that is made already.
  package init(_ leads: [[Int16]], scales: [Scale], _ resampling: RationalResampling) {
    sampleCount = leads.first?.count ?? 0
    count = resampling.count(of: sampleCount)
    var values: [Float] = []
    values.reserveCapacity(leads.count * count)
    var amplitudes: [Double] = []
    var counter = SampleCounter()
    var constant = 0
    for (lead, scale) in zip(leads, scales) {
      values += resampling(Self.millivolts(lead, scale)).map { Float($0) }
      let figures = counter.figures(of: lead)
      amplitudes.append(figures.amplitude / scale.gain)
      if figures.isConstant { constant += 1 }
    }
    self.values = values
    constantLeads = constant
    amplitudes.sort()
    let middle = amplitudes.count / 2
    amplitude =
      amplitudes.isEmpty
      ? 0
      : amplitudes.count % 2 == 1
        ? amplitudes[middle] : (amplitudes[middle - 1] + amplitudes[middle]) / 2
    limbError = leads.count < 3 ? 0 : Self.limbError(Array(leads[..<3]), scales)
  }

  /// A lead in mV.
  package static func millivolts(_ samples: [Int16], _ scale: Scale) -> [Double] {
    samples.map { (Double($0) - Double(scale.zero)) / scale.gain }
  }

  private static func limbError(_ leads: [[Int16]], _ scales: [Scale]) -> Double {
    var largest = 0.0
    for place in leads[0].indices {
      func value(_ lead: Int) -> Double {
        (Double(leads[lead][place]) - Double(scales[lead].zero)) / scales[lead].gain
      }
      largest = max(largest, abs(value(2) - (value(1) - value(0))))
    }
    return largest
  }
}

/// Counts how often each number occurs, for percentiles without sorting.
private struct SampleCounter {
  private var counts = [Int32](repeating: 0, count: 1 << 16)

  /// The 99th percentile of |x - median| of samples, in their units, interpolated as NumPy does; whether all are equal.
  mutating func figures(of samples: [Int16]) -> (amplitude: Double, isConstant: Bool) {
    guard var low = samples.min().map(Int.init), var high = samples.max().map(Int.init) else {
      return (0, true)
    }
    let isConstant = low == high
    let range = low...high
    for sample in samples { counts[Int(sample) + 32768] += 1 }
    defer { for value in range { counts[value + 32768] = 0 } }
    // twice the median is a whole number
    let n = samples.count
    let median2 = value(at: (n - 1) / 2, from: low) + value(at: n / 2, from: low)
    let place = 0.99 * Double(n - 1)
    let below = Int(place)
    // from the largest distance down
    var (passed, distances) = (0, [Double]())
    for rank in [min(below + 1, n - 1), below] {
      let wanted = n - 1 - rank
      while true {
        let isHigh = 2 * high - median2 >= median2 - 2 * low
        let own = isHigh ? high : low
        let count = Int(counts[own + 32768])
        if passed + count > wanted {
          distances.append(Double(abs(2 * own - median2)) / 2)
          break
        }
        passed += count
        if isHigh { high -= 1 } else { low += 1 }
      }
    }
    let part = place - Double(below)
    return (distances[1] + (distances[0] - distances[1]) * part, isConstant)
  }

  /// The sample of a place among the sorted ones.
  private func value(at rank: Int, from low: Int) -> Int {
    var (value, passed) = (low, Int(counts[low + 32768]))
    while passed <= rank {
      value += 1
      passed += Int(counts[value + 32768])
    }
    return value
  }
}
