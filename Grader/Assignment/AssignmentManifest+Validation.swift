import Foundation
import Metrics
import Yams

extension AssignmentManifest {
  /// Finds what decoding lets pass: words that mean nothing, numbers that make no sense, tasks and
  /// checks that do not fit together.
  ///
  /// - Throws: `ManifestError` with one sentence.
  func validate(_ path: String, text: String) throws {
    func require(_ condition: Bool, _ problem: @autoclosure () -> String) throws {
      guard condition else { throw ManifestError(description: "\(path): \(problem())") }
    }
    if let word = try unknownWord(in: text) {
      throw ManifestError(
        description:
          "\(path):\(word.line): \(word.name) is not a word of an assignment file; is it "
          + "misspelt?")
    }
    do {
      _ = try due.map(DueDate.init)
    } catch {
      throw ManifestError(description: "\(path): \(error)")
    }
    if let passMark {
      try require(
        (0...1).contains(passMark), "passMark is \(passMark); it is a share, such as 0.5")
    }
    if let problem = late?.problem() { throw ManifestError(description: "\(path): \(problem)") }
    var known: Set<String> = []
    for task in tasks {
      let sum = task.checks.reduce(0) { $0 + $1.points }
      try require(
        abs(sum - task.points) < 1e-9,
        "task \(task.id) has \(task.points) points, its checks have \(sum)")
      try require(
        files.contains(task.file),
        "task \(task.id)'s file \(task.file) is not listed under files")
      for check in task.checks {
        try require(
          check.points >= 0 && check.points.isFinite,
          "check \(check.id) has \(check.points) points; they are zero or more")
        try require(
          check.trains == (check.kind == .goal),
          check.trains
            ? "check \(check.id) has a goal, so its kind is goal and not \(check.kind.rawValue)"
            : "check \(check.id) is of the kind goal: name the network that it trains under goal")
        if let missing = (check.needs ?? []).first(where: { !known.contains($0) }) {
          throw ManifestError(
            description: "\(path): check \(check.id) needs \(missing), which no earlier check is")
        }
        try require(known.insert(check.id).inserted, "there are two checks \(check.id)")
      }
    }
    for (part, entry) in (parts ?? [:]).sorted(by: { $0.key < $1.key }) {
      try require(
        !entry.holds.isEmpty, "the part \(part) of the core holds nothing: name what tells of it")
    }
    for name in reserved ?? [] {
      try require(
        name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
          !part.isEmpty && part.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        }, "reserved has '\(name)', which is no name; it is written as in Conv1d and Tensor.conv1d")
    }
    for file in standIns ?? [] {
      try require(
        files.contains(file), "standIns names \(file), which is not under files")
    }
    try require(
      limits.submission.compilerSeconds > 0 && limits.submission.answerSeconds > 0,
      "limits: submission needs compilerSeconds and answerSeconds above zero")
    for question in questions ?? [] {
      try require(
        question.points > 0 && question.points.isFinite,
        "question \(question.id) has \(question.points) points; they are more than zero")
    }
    let twice = Dictionary(
      grouping: tasks.map(\.id) + (questions ?? []).map(\.id), by: \.self
    ).filter { $1.count > 1 }.keys.sorted()
    try require(twice.isEmpty, "\(twice.joined(separator: ", ")) stands there twice")
    for (network, goal) in (goals ?? [:]).sorted(by: { $0.key < $1.key }) {
      try require(
        goal.steps > 0 && goal.attempts > 0 && goal.batchSize > 0 && goal.learningRate > 0
          && goal.clipNorm ?? 1 > 0,
        "the goal of \(network) needs steps, attempts, batchSize, learningRate and clipNorm "
          + "above zero")
      try require(
        (0..<1).contains(goal.average ?? 0),
        "the goal of \(network) has an average of \(goal.average ?? 0); it is a decay below 1, such "
          + "as 0.99")
      for minimum in [goal.minimum, goal.minimumSynthetic] {
        try require(
          (0...1).contains(minimum),
          "the goal of \(network) is \(minimum); it is a fraction, such as 0.75")
      }
    }
    for check in tasks.flatMap(\.checks) {
      guard let goal = check.goal else { continue }
      try require(
        goals?[goal] != nil,
        "check \(check.id) trains \(goal), for which there is nothing under goals")
      try require(
        data != nil, "check \(check.id) trains \(goal), and nothing is said under data")
    }
    if let data {
      try require(
        data.training > 0 && data.validation > 0,
        "data needs training and validation above zero")
    }
    try validateNetworks(require)
    try validateTraining(require)
  }

  private func validateNetworks(
    _ require: (Bool, @autoclosure () -> String) throws -> Void
  ) throws {
    let networks = networks ?? []
    for network in networks {
      try require(
        networks.count { $0.name.lowercased() == network.name.lowercased() } == 1,
        "the network \(network.name) stands there twice")
      try require(network.epochs > 0, "the network \(network.name) needs epochs above zero")
    }
    if let recipe {
      try require(
        recipe.batchSize ?? 1 > 0 && recipe.learningRate ?? 1 > 0
          && (0..<1).contains(recipe.average ?? 0),
        "the recipe needs a batchSize and a learningRate above zero, and an average from 0 to below 1"
      )
    }
    for experiment in experiments ?? [] {
      try require(
        !experiment.name.isEmpty
          && experiment.name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") },
        "the experiment \(experiment.name) needs a name of letters, digits and hyphens")
      try require(
        experiments?.count { $0.name == experiment.name } == 1,
        "the experiment \(experiment.name) stands there twice")
      try require(
        !experiment.networks.isEmpty, "the experiment \(experiment.name) has no networks")
      for entry in experiment.networks {
        try require(
          networks.contains { $0.name == entry.network },
          "the experiment \(experiment.name) has \(entry.network), which is not under networks")
        try require(
          entry.epochs ?? 1 > 0,
          "the experiment \(experiment.name) needs epochs above zero for \(entry.network)")
        try require(
          experiment.networks.count { $0.name == entry.name } == 1,
          "the experiment \(experiment.name) has two rows \(entry.name): give them titles")
      }
    }
  }

  /// The first key of the file that decoding did not use. A misspelt optional one would otherwise be
  /// as if it were not there.
  private func unknownWord(in text: String) throws -> (name: String, line: Int)? {
    guard let written = try Yams.compose(yaml: text),
      let understood = try Yams.compose(yaml: YAMLEncoder().encode(self))
    else { return nil }
    return Self.unknownWord(written, understood)
  }

  private static func unknownWord(
    _ written: Node, _ understood: Node
  ) -> (name: String, line: Int)? {
    if let keys = written.mapping, let known = understood.mapping {
      for (key, value) in keys {
        guard let name = key.string else { continue }
        guard let match = known[key] else { return (name, key.mark?.line ?? 0) }
        if let word = unknownWord(value, match) { return word }
      }
    } else if let items = written.sequence, let known = understood.sequence {
      for (item, match) in zip(items, known) {
        if let word = unknownWord(item, match) { return word }
      }
    }
    return nil
  }
}
