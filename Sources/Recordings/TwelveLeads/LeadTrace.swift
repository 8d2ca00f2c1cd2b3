import Signals

/// A record of twelve leads as it was measured: for pictures.
public struct LeadTrace: Sendable {
  /// Its name.
  public let name: String
  /// What it shows, in words, or as a code where no word is known.
  public let diagnoses: [String]
  /// Samples a second.
  public let rate: Double
  /// Each lead in mV, in the order of `StandardLead`.
  public let leads: [[Double]]

  /// Describes a record.
  public init(name: String, diagnoses: [String], rate: Double, leads: [[Double]]) {
    self.name = name
    self.diagnoses = diagnoses
    self.rate = rate
    self.leads = leads
  }
}

extension TwelveLeads {
  /// A record of a source; of a store, which has no other, at 100 Hz.
  ///
  /// - Throws: a sentence where there is no such record, or it cannot be read.
  public func trace(of name: String, in source: RecordingSource) throws -> LeadTrace {
    let names = try TextTable(nil).names
    func words(_ codes: [String]) -> [String] { codes.map { names[$0] ?? "code \($0)" } }
    func trace(_ digits: TwelveLeadDigits, _ codes: [String]) -> LeadTrace {
      LeadTrace(
        name: name, diagnoses: words(codes), rate: digits.rate,
        leads: zip(digits.leads, digits.scales).map { TwelveLeadSignal.millivolts($0, $1) })
    }
    func missing(_ some: some Sequence<String>, in path: String) -> RecordingError {
      .unreadable(
        path: path,
        detail:
          "it has no record \(name); it has \(some.prefix(3).joined(separator: ", ")) and others")
    }
    switch source {
    case .archive(let path):
      switch try TwelveLeadFiles.digits(of: name, in: path) {
      case .found(let digits, let codes): return trace(digits, codes)
      case .others(let others): throw missing(others, in: path)
      }
    case .store(let path):
      let records = try TwelveLeadStore.load(path).records
      guard let record = records.first(where: { $0.name == name }) else {
        throw missing(records.map(\.name), in: path)
      }
      return LeadTrace(
        name: name, diagnoses: words(record.codes),
        rate: Double(TwelveLeadRecord.samplesPerSecond),
        leads: (0..<StandardLead.count).map { lead in
          record.values[(lead * record.count)..<((lead + 1) * record.count)].map(Double.init)
        })
    case .synthetic:
      let plans = SyntheticTwelveLeads.plans(
        count: SyntheticTwelveLeads.defaultCount, seed: SyntheticTwelveLeads.defaultSeed)
      guard let plan = plans.first(where: { $0.name == name }) else {
        throw missing(plans.map(\.name), in: "the synthetic set")
      }
      return LeadTrace(
        name: name, diagnoses: words(plan.diagnoses.map(\.code)),
        rate: Double(DipoleHeart.samplesPerSecond),
        leads: plan.leads().map { lead in
          lead.map { Double($0) / Double(DipoleHeart.unitsPerMillivolt) }
        })
    }
  }
}
