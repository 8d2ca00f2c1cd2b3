import Examples
import Signals

/// A record of twelve leads: what its header says, and its signal at the rate of the course's examples.
public struct TwelveLeadRecord: Sendable, Equatable {
  /// Samples a second of `values`.
  static let samplesPerSecond = TwelveLeadSignal.samplesPerSecond
  /// Which amplitudes a heart can have, in mV; beyond them the gain of the header is wrong.
  static let plausible = 0.2...3.2
  /// So many leads that have one value throughout leave a record out. One chest lead that was off leaves eleven.
  static let mostConstantLeads = 1

  /// Its name, such as `HR00599`.
  public let name: String
  /// Samples a second and samples of a lead in its file.
  let rate: Double
  let sampleCount: Int
  /// Numbers to a millivolt, of the first lead.
  let gain: Double
  /// The SNOMED CT codes of what it shows, merged.
  let codes: [String]
  /// The official part that it belongs to, from 1 to 10; nil where there is none.
  let fold: Int?
  /// How large its leads are, in mV; see `TwelveLeadSignal`.
  let amplitude: Double
  let constantLeads: Int
  let limbError: Double
  /// Where `values` are.
  private(set) var numbers: StoredNumbers<Float>
  /// The leads one after another at 100 Hz, in mV, read where they are in a file: ask once.
  package var values: [Float] { numbers.array }

  /// The set that it belongs to.
  var origin: String { RecordOrigin.set(of: name) }
  /// Samples of a lead at 100 Hz.
  var count: Int { numbers.count / StandardLead.count }
  /// Crops of 10 s, side by side.
  var cropCount: Int { count / TwelveLeadSignal.cropLength }

  /// Why examples are not made of it, a clause; nil where they are.
  var problem: String? {
    if constantLeads > Self.mostConstantLeads { return "\(constantLeads) constant leads" }
    // of synthetic ones nobody doubts the gain
    if !RecordOrigin.isSynthetic(origin), !Self.plausible.contains(amplitude) {
      return "an amplitude of \(WFDBHeader.fixed(amplitude, 2)) mV under the gain "
        + WFDBHeader.plain(gain)
    }
    return cropCount == 0 ? "shorter than 10 s" : nil
  }

  /// The same with its numbers elsewhere.
  func with(_ numbers: StoredNumbers<Float>) -> TwelveLeadRecord {
    var record = self
    record.numbers = numbers
    return record
  }

  init(
    name: String, rate: Double, gain: Double, codes: [String], fold: Int?, signal: TwelveLeadSignal
  ) {
    self.init(
      name: name, rate: rate, sampleCount: signal.sampleCount, gain: gain, codes: codes, fold: fold,
      amplitude: signal.amplitude, constantLeads: signal.constantLeads, limbError: signal.limbError,
      numbers: StoredNumbers(signal.values))
  }

  init(
    name: String, rate: Double, sampleCount: Int, gain: Double, codes: [String], fold: Int?,
    amplitude: Double, constantLeads: Int, limbError: Double, numbers: StoredNumbers<Float>
  ) {
    self.name = name
    self.rate = rate
    self.sampleCount = sampleCount
    self.gain = gain
    self.codes = codes
    self.fold = fold
    self.amplitude = amplitude
    self.constantLeads = constantLeads
    self.limbError = limbError
    self.numbers = numbers
  }
}
