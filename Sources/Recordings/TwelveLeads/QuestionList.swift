import Examples
import Signals

/// The questions that are asked of records: by the name of each diagnosis, by what describes it, in other words.
struct QuestionList {
  private(set) var queries: [RankingQuery] = []
  private let places: [String: Int]
  private let texts: CentredTexts
  /// The validation examples that a question for what was seen in training is asked of.
  private let heldBack: [Int]

  /// What a name stands in, to ask for it by several texts.
  private static let prompts: [@Sendable (String) -> String] = [
    { "ECG showing \($0)" }, { "twelve-lead electrocardiogram of a patient with \($0)" },
  ]

  init(
    _ diagnoses: [String], seen: [String], plan: DiagnosisPlan, heldBack: [Int],
    _ texts: CentredTexts
  ) throws {
    places = Dictionary(uniqueKeysWithValues: diagnoses.enumerated().map { ($1, $0) })
    self.texts = texts
    self.heldBack = heldBack
    try add("seen", seen) { [$0] }
    for group in plan.groups { try add(group.name, group.diagnoses) { [$0] } }
    for own in plan.described { try add("described", own, own.diagnoses) }
    for own in plan.described {
      try add("one sentence", own, [own.diagnoses.joined(separator: " and ")])
    }
    for own in plan.described { try add("named", own, [own.name]) }
    try add("reworded", seen) { SyntheticDiagnosis(rawValue: $0).map { [$0.wording] } }
    try add("prompts", seen) { name in [name] + Self.prompts.map { $0(name) } }
    for group in plan.groups {
      try add("\(group.name) prompts", group.diagnoses) { name in
        [name] + Self.prompts.map { $0(name) }
      }
    }
  }

  /// Questions for single diagnoses. A diagnosis without a name in the table, or without such a text, is passed over.
  private mutating func add(
    _ group: String, _ diagnoses: [String], _ prompts: (String) -> [String]?
  ) throws {
    for name in diagnoses {
      guard let place = places[name], let prompts = prompts(name) else { continue }
      try add(
        group, name, [place], prompts,
        asksHeldBackOnly: ["seen", "reworded", "prompts"].contains(group))
    }
  }

  private mutating func add(
    _ group: String, _ described: DiagnosisPlan.Described, _ prompts: [String]
  ) throws {
    let labels = described.diagnoses.compactMap { places[$0] }
    guard labels.count == described.diagnoses.count else { return }
    try add(group, described.name, labels, prompts, asksHeldBackOnly: false)
  }

  private mutating func add(
    _ group: String, _ name: String, _ labels: [Int], _ prompts: [String], asksHeldBackOnly: Bool
  ) throws {
    guard prompts.allSatisfy(texts.table.has) else { return }
    queries.append(
      RankingQuery(
        group: group, name: name, input: TwelveLeads.text, vector: try texts.vector(prompts),
        labels: labels, places: asksHeldBackOnly ? heldBack : nil))
  }
}
