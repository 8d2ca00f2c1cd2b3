import Signals

/// Records of twelve leads, and where they came from.
public struct TwelveLeadSet: RecordingCollection {
  /// The records.
  public let records: [TwelveLeadRecord]
  /// What they are made from, where they were made here: their files are made anew.
  let plans: [SyntheticTwelveLeads.Plan]

  /// Where the records came from, for people.
  public let source: String
  /// Whether they were made up.
  public let isSynthetic: Bool
  /// What should have been among them but is damaged or missing.
  public let skipped: [SkippedRecording]

  init(
    _ records: [TwelveLeadRecord], plans: [SyntheticTwelveLeads.Plan] = [], source: String,
    isSynthetic: Bool = false, skipped: [SkippedRecording] = []
  ) {
    self.records = records
    self.plans = plans
    self.source = source
    self.isSynthetic = isSynthetic
    self.skipped = skipped
  }

  /// Records.
  public var count: Int { records.count }
  /// What is counted.
  public var noun: String { "records" }
  /// The sizes of the public sets: the Challenge 2021, PTB-XL 1.0.3, and the course's part of it.
  private static let publicCounts: Set<Int> = [88_253, 21_799, 2750]
  /// Whether they are all of a public set.
  public var isWhole: Bool {
    !isSynthetic && skipped.isEmpty && Self.publicCounts.contains(count)
  }

  /// How many there are from where, at which rates and of which lengths.
  public var inventory: String {
    let rates = Self.counted(records.map { "\(WFDBHeader.plain($0.rate)) Hz" })
    let lengths = records.map(\.sampleCount)
    let spread = Spread(lengths)
    let usual = lengths.count { Double($0) == spread.median }
    return """
      records: \(count) (\(Self.counted(records.map(\.origin)).text))
      rates: \(rates.count == 1 ? "all \(rates[0].name)" : rates.text)
      samples: \(spread), \(usual) of them as many as the median
      """
  }

  /// How many there are, a clause.
  public var summary: String { "\(count) records of twelve leads" }

  /// The same with another word on where they came from.
  public func from(_ source: String) -> TwelveLeadSet {
    TwelveLeadSet(
      records, plans: plans, source: source, isSynthetic: isSynthetic, skipped: skipped)
  }

  /// Writes them into the store of a folder. Throws `RecordingError.unwritable`.
  public func save(in folder: String) throws -> String {
    try TwelveLeadStore.save(self, in: folder)
  }

  /// Writes them as the challenge does. Throws `RecordingError`, also where they were read: what is read is not
  /// kept as it was.
  public func write(to path: String, progress: RecordingProgress) throws {
    guard plans.count == count else {
      throw RecordingError.unwritable(
        path: path, detail: "of records that were read only the signal at 100 Hz is kept")
    }
    try TwelveLeadFiles.write(plans, to: path, progress: progress)
  }

  /// How often each name occurs, the most frequent first.
  static func counted(_ names: some Sequence<String>) -> [(name: String, count: Int)] {
    Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { (name: $0.key, count: $0.value) }
  }
}

extension [(name: String, count: Int)] {
  /// `Ningbo 53, Georgia 32`.
  var text: String { map { "\($0.name) \($0.count)" }.joined(separator: ", ") }
}

extension WFDBHeader {
  /// A number with so many digits after the point.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    let power = (0..<digits).reduce(1) { value, _ in value * 10 }
    let scaled = (abs(value) * Double(power)).rounded()
    guard scaled < 1e15 else { return "\(value)" }
    let (whole, part) = Int(scaled).quotientAndRemainder(dividingBy: power)
    let text = "\(part)"
    return (value < 0 && scaled > 0 ? "-" : "") + "\(whole)"
      + (digits == 0 ? "" : "." + String(repeating: "0", count: digits - text.count) + text)
  }
}

extension TwelveLeadSet {
  /// The diagnoses of all records by the names of the challenge, or by their codes, and how many records have each,
  /// the most frequent first.
  ///
  /// - Throws: what is wrong with the course's table of names.
  public func diagnosisCounts() throws -> [(name: String, count: Int)] {
    let names = try TextTable(nil).names
    return Self.counted(records.flatMap { $0.codes.map { names[$0] ?? "code \($0)" } })
  }
}
