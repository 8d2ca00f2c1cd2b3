import Examples
import Signals
import TensorCore

/// Records of twelve leads dealt out, scaled, and asked about by texts.
struct PreparedTwelveLeads {
  let training, validation: ExampleSet
  let other: ExampleSet?
  let queries: [RankingQuery]
  let questions: TextQuestions
  /// The names of the labels.
  let diagnoses: [String]
  let statistics: TwelveLeadStatistics
  let options: TwelveLeads.Options

  /// - Parameter other: records to test on; those of sources that are trained on are passed over.
  /// - Throws: `RecordingError`.
  init(_ set: TwelveLeadSet, other: TwelveLeadSet?, options: TwelveLeads.Options) throws {
    self.options = options
    let table = try TextTable(options.texts)
    let usable = set.records.filter { $0.problem == nil }
    let home = usable.filter { $0.origin != RecordOrigin.otherSynthetic }
    let origins = Set(home.map(\.origin))
    let away =
      (other?.records ?? usable).filter { $0.problem == nil && !origins.contains($0.origin) }
    let shown = home.map { Self.names($0, table) }
    let awayShown = away.map { Self.names($0, table) }
    let diagnoses =
      set.isSynthetic
      ? SyntheticDiagnosis.allCases.map(\.rawValue) : Swift.Set(shown.joined()).sorted()
    self.diagnoses = diagnoses
    let plan = options.plan ?? (set.isSynthetic ? .synthetic : .real)
    let split = Split(home, shown, plan)
    guard !split.training.isEmpty else {
      throw RecordingError.unusableSet(
        problem:
          "none of \(set.count) records can be trained on; take more, or hold fewer diagnoses out")
    }
    let seen = Self.seen(set, split, shown, plan, least: options.least)
    let texts = try CentredTexts(table, lessTheMeanOf: options.centre == .seen ? seen : [])

    var captions = Captions(texts)
    let trainingCaptions = try split.training.map { try captions.number(of: shown[$0]) }
    let captionCount = captions.count
    let testedCaptions = try split.tested.map { try captions.number(of: shown[$0]) }
    let awayCaptions = try awayShown.map { try captions.number(of: $0) }
    let textTable = Table(captions.values, rowShape: [table.width])
    let single = options.names == .apart ? try captions.singleNames() : nil

    let deviations = Self.deviations(split.training.map { home[$0] }, firstOnly: false)
    let scale = options.scaling == .set ? deviations.values : nil
    let labels = Swift.Set(diagnoses)
    func examples(
      _ records: [TwelveLeadRecord], _ names: [[String]], _ captions: [Int], firstOnly: Bool,
      by scale: [Double]?
    ) -> ExampleSet {
      Examples(
        records, names, captions, firstOnly: firstOnly, deviations: scale,
        diagnoses: diagnoses
      ).set(texts: textTable, single)
    }
    training = examples(
      split.training.map { home[$0] }, split.training.map { shown[$0] }, trainingCaptions,
      firstOnly: false, by: scale)
    validation = examples(
      split.tested.map { home[$0] }, split.tested.map { shown[$0] }, testedCaptions,
      firstOnly: true, by: scale)
    let awayScale =
      scale != nil && options.otherScaling == .own
      ? Self.deviations(away, firstOnly: true).values : scale
    let awayExamples =
      away.isEmpty
      ? nil
      : examples(
        away, awayShown.map { $0.filter(labels.contains) }, awayCaptions, firstOnly: true,
        by: awayScale)
    self.other = awayExamples

    let heldBack = split.tested.indices.filter { split.isTestSide[split.tested[$0]] }
    queries = try QuestionList(
      diagnoses, seen: seen, plan: plan, heldBack: heldBack, texts
    ).queries
    questions = TextQuestions(
      width: table.width, heldBack: heldBack, captionCount: captionCount, other: awayExamples,
      vector: { try texts.vector($0) })
    statistics = TwelveLeadStatistics(
      set, home: home, shown: shown, split: split, seen: seen, captionCount: captionCount,
      trainingDeviations: deviations.values, crops: training.count, away: away, table: table)
  }

  /// The names of what a record shows, sorted; codes without one are passed over.
  private static func names(_ record: TwelveLeadRecord, _ table: TextTable) -> [String] {
    Swift.Set(record.codes.compactMap { table.names[$0] }).sorted()
  }

  /// The diagnoses that are asked for as seen.
  private static func seen(
    _ set: TwelveLeadSet, _ split: Split, _ shown: [[String]], _ plan: DiagnosisPlan, least: Int
  ) -> [String] {
    if set.isSynthetic {
      return (SyntheticDiagnosis.rhythms + SyntheticDiagnosis.findings).map(\.rawValue)
        .filter { !plan.heldOut.contains($0) }
    }
    let side = split.isTestSide.indices.filter { !split.isTestSide[$0] }
    let enough = min(least, max(5, side.count / 50))
    return TwelveLeadSet.counted(side.flatMap { shown[$0] })
      .filter { $0.count >= enough && !plan.heldOut.contains($0.name) }.map(\.name).sorted()
  }

  private static func deviations(
    _ records: [TwelveLeadRecord], firstOnly: Bool
  ) -> LeadScaling.Deviations {
    var deviations = LeadScaling.Deviations()
    for record in records {
      let values = record.values
      for crop in 0..<(firstOnly ? 1 : record.cropCount) {
        deviations.add(values, count: record.count, crop: crop)
      }
    }
    return deviations
  }

  /// Who is trained on.
  struct Split {
    /// Whether each record is on the side to test on, by the official parts or by chance.
    let isTestSide: [Bool]
    /// The numbers of the records to train on and of all others.
    let training, tested: [Int]

    /// The share to train on, and the seed of a split where there are no official parts.
    private static let (share, seed) = (0.8, UInt64(12345))
    /// The last of the official parts to train on (Wagner et al. 2020).
    private static let lastToTrain = 8

    init(_ records: [TwelveLeadRecord], _ shown: [[String]], _ plan: DiagnosisPlan) {
      var isTestSide = [Bool](repeating: false, count: records.count)
      if records.allSatisfy({ $0.fold != nil }) {
        for (index, record) in records.enumerated() {
          isTestSide[index] = (record.fold ?? 0) > Self.lastToTrain
        }
      } else {
        var generator = MersenneTwister(seed: Self.seed)
        let order = generator.permutation(records.count)
        for index in order.dropFirst(Int(Self.share * Double(records.count))) {
          isTestSide[index] = true
        }
      }
      self.isTestSide = isTestSide
      // a record without a name has no text, and so nothing to learn
      let isTrained = records.indices.map { index in
        !isTestSide[index] && !shown[index].isEmpty && plan.admits(Set(shown[index]))
      }
      training = records.indices.filter { isTrained[$0] }
      tested = records.indices.filter { !isTrained[$0] }
    }
  }

  /// The names of each set of diagnoses, one by one.
  private struct SingleNames {
    /// The vectors of the names, set after set, and the number of each.
    let vectors, numbers: Table
    /// The first of each set, and how many it has.
    let firstRows, counts: [Int]

    /// The inputs of examples with such sets.
    func inputs(_ captions: [Int]) -> [ExampleSet.Input] {
      [(vectors, TwelveLeads.names), (numbers, TwelveLeads.nameNumbers)].map { table, name in
        ExampleSet.Input(
          table, name: name, firstRows: captions.map { firstRows[$0] },
          extent: .stretches(captions.map { counts[$0] }))
      }
    }
  }

  /// The texts of sets of diagnoses, each numbered once.
  private struct Captions {
    private let texts: CentredTexts
    private var numbers: [[String]: Int] = [:]
    private(set) var values: [Float] = []
    var count: Int { numbers.count }

    init(_ texts: CentredTexts) { self.texts = texts }

    mutating func number(of names: [String]) throws -> Int {
      if let number = numbers[names] { return number }
      values += try texts.vector(names)
      numbers[names] = count
      return count - 1
    }

    /// The names of each set by themselves.
    func singleNames() throws -> SingleNames {
      let sets = numbers.sorted { $0.value < $1.value }.map(\.key)
      let all = Swift.Set(sets.joined()).sorted()
      let vectors = try Dictionary(
        uniqueKeysWithValues: all.map { ($0, try texts.vector([$0])) })
      let places = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, Float($0)) })
      return SingleNames(
        vectors: Table(sets.joined().flatMap { vectors[$0] ?? [] }, rowShape: [texts.table.width]),
        numbers: Table(sets.joined().map { places[$0] ?? -1 }, rowShape: []),
        firstRows: sets.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }.dropLast(),
        counts: sets.map(\.count))
    }
  }

  /// Crops with their captions and labels.
  private struct Examples {
    private let leads: StoredNumbers<Float>
    private var captions: [Int] = []
    private var flags: [Int32] = []
    private var names: [String] = []
    private let classCount: Int

    init(
      _ records: [TwelveLeadRecord], _ shown: [[String]], _ numbers: [Int], firstOnly: Bool,
      deviations: [Double]?, diagnoses: [String]
    ) {
      classCount = diagnoses.count
      let places = Dictionary(uniqueKeysWithValues: diagnoses.enumerated().map { ($1, $0) })
      let crops = records.map { firstOnly ? 1 : $0.cropCount }
      var leads = NumberWriter<Float>()
      for (index, record) in records.enumerated() {
        var own = [Int32](repeating: 0, count: classCount)
        for name in shown[index] { if let place = places[name] { own[place] = 1 } }
        let values = record.values
        for crop in 0..<crops[index] {
          var scaled: [Float] = []
          LeadScaling.append(values, count: record.count, crop: crop, by: deviations, to: &scaled)
          leads.append(contentsOf: scaled)
          captions.append(numbers[index])
          flags += own
          names.append(crop == 0 ? record.name : "\(record.name):\(crop + 1)")
        }
      }
      self.leads = leads.finished()
    }

    func set(texts: Table, _ single: SingleNames?) -> ExampleSet {
      ExampleSet(
        TwelveLeads.inputs(
          leads: Table(leads, rowShape: TwelveLeads.leadShape), texts: texts, captions: captions)
          + (single?.inputs(captions) ?? []),
        targets: .labelSets(flags, count: classCount), names: names)
    }
  }

  /// The same without what only this kind has.
  func data(of collection: TwelveLeadSet) -> PreparedData {
    PreparedData(
      SplitExamples(training: training, validation: validation, queries: queries),
      sizes: TwelveLeads.sizes(textSize: questions.width, classCount: diagnoses.count),
      classes: diagnoses, report: statistics.report,
      valuesPerSecond: Double(TwelveLeadRecord.samplesPerSecond), questions: questions,
      of: collection)
  }
}
