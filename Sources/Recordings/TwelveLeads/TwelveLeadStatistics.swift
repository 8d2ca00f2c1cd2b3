import Signals

/// The figures that are printed on the way from records to examples.
struct TwelveLeadStatistics: Sendable {
  /// Records that are left out, and why.
  let leftOut: [(name: String, problem: String)]
  /// A record with a single lead that has one value throughout, which is kept.
  let oneLeadOff: [String]
  /// Records that are kept, by set, and their crops.
  let kept: [(name: String, count: Int)]
  let keptCount, cropCount: Int
  /// Codes of those records: different ones, of all, the most of one, different sets.
  let codeCount, codesOfAll, mostCodes, setCount: Int
  /// Codes that have no name in the table of texts, with their records.
  let nameless: [(name: String, count: Int)]
  /// Diagnoses with their records, the most frequent first.
  let diagnoses: [(name: String, count: Int)]
  /// The standard deviation of each lead over the crops of all records, and over those to train on, in mV.
  let deviations, trainingDeviations: [Double]
  /// The smallest and the largest amplitude of all records, in mV.
  let amplitudes: (least: Double, most: Double)
  /// Records in the official parts.
  let folds: [Int]
  let trainingCount, trainingCrops, captionCount, testedCount, heldBackCount, awayCount: Int
  let seen: [String]

  init(
    _ set: TwelveLeadSet, home: [TwelveLeadRecord], shown: [[String]],
    split: PreparedTwelveLeads.Split, seen: [String], captionCount: Int,
    trainingDeviations: [Double], crops: Int, away: [TwelveLeadRecord], table: TextTable
  ) {
    leftOut = set.records.compactMap { record in record.problem.map { (record.name, $0) } }
    oneLeadOff = home.filter { $0.constantLeads > 0 }.map(\.name)
    kept = TwelveLeadSet.counted(home.map(\.origin))
    keptCount = home.count
    cropCount = home.reduce(0) { $0 + $1.cropCount }
    codeCount = Set(home.flatMap(\.codes)).count
    codesOfAll = home.reduce(0) { $0 + $1.codes.count }
    mostCodes = home.map(\.codes.count).max() ?? 0
    setCount = Set(home.map { Set($0.codes) }).count
    nameless = TwelveLeadSet.counted(home.flatMap(\.codes).filter { table.names[$0] == nil })
    diagnoses = TwelveLeadSet.counted(shown.joined())
    var all = LeadScaling.Deviations()
    for record in home {
      let values = record.values
      for crop in 0..<record.cropCount { all.add(values, count: record.count, crop: crop) }
    }
    deviations = all.values
    self.trainingDeviations = trainingDeviations
    let sizes = set.records.map(\.amplitude)
    amplitudes = (sizes.min() ?? 0, sizes.max() ?? 0)
    folds = home.compactMap(\.fold)
    trainingCount = split.training.count
    trainingCrops = crops
    self.captionCount = captionCount
    testedCount = split.tested.count
    heldBackCount = split.tested.count { split.isTestSide[$0] }
    awayCount = away.count
    self.seen = seen
  }

  /// The figures as text, in the order of the steps.
  var report: String {
    func millivolts(_ values: [Double]) -> String {
      values.map { WFDBHeader.fixed($0, 3) }.joined(separator: " ")
    }
    var lines = leftOut.map { "left out: \($0.name), \($0.problem)" }
    if !oneLeadOff.isEmpty {
      lines.append("one constant lead, kept: \(oneLeadOff.joined(separator: ", "))")
    }
    lines += [
      "amplitude: \(WFDBHeader.fixed(amplitudes.least, 2)) to "
        + "\(WFDBHeader.fixed(amplitudes.most, 2)) mV",
      "kept: \(keptCount) records, \(cropCount) crops of 10 s at "
        + "\(TwelveLeadRecord.samplesPerSecond) Hz (\(kept.text))",
    ]
    if folds.count == keptCount, keptCount > 0 {
      lines.append(
        "official parts: \(folds.count { $0 <= 8 }) in 1 to 8, \(folds.count { $0 == 9 }) in 9, "
          + "\(folds.count { $0 == 10 }) in 10")
    }
    lines += [
      "codes: \(codeCount), \(WFDBHeader.fixed(Double(codesOfAll) / Double(max(keptCount, 1)), 2)) a record "
        + "(at most \(mostCodes)), \(setCount) different sets",
      "standard deviation of the leads in mV: \(millivolts(deviations))",
      "of the crops to train on: \(millivolts(trainingDeviations))",
    ]
    if !nameless.isEmpty { lines.append("codes without a name: \(nameless.text)") }
    let frequent = diagnoses.filter { $0.count >= 5 }
    lines += [
      "diagnoses of 5 records or more (\(frequent.count)): \(frequent.text)",
      "training: \(trainingCount) records, \(trainingCrops) crops, \(captionCount) different captions",
      "tested: \(testedCount) records, \(heldBackCount) of them on the side to test on",
    ]
    if awayCount > 0 { lines.append("of another source: \(awayCount) records") }
    lines.append("seen diagnoses: \(seen.count) (\(seen.joined(separator: ", ")))")
    return lines.joined(separator: "\n")
  }
}
