import Foundation
import Judge
import RecurrentNetworksChecks
import TestSupport
import ToyChecks

/// A unit that is attacked: where its course lies, what judges it, and how attacks get into its files.
struct AttackedUnit: Sendable {
  /// What is true of it.
  let unit: any CourseUnit.Type
  /// The folder with its `Assignments`, `Solutions` and `Grader/Units`.
  let course: URL
  /// The judge's command, a product of the build, and what it is given.
  let judge: [String]
  /// How a function `attack(_:)` gets into one of its files, which is wrong: so honest work is worth nothing.
  let carrier: Carrier
  /// The Solutions' lines that attacks have marks for.
  let lines: @Sendable (_ solutions: [String: String]) throws -> [(mark: String, text: String)]

  /// A file that calls an attack each time that it is asked.
  struct Carrier: Sendable {
    let file: String
    /// What of the Solutions is replaced: one line that is then wrong, and one that calls the attack.
    let edits: [(old: String, new: String)]
    /// The checks that such a file deserves nothing for.
    let undeserved: [String]
  }

  var name: String { unit.name }
  var assignment: String { course.path + "/Assignments/" + name }
  var solutions: String { course.path + "/Solutions/" + name }
  var checksFolder: String { course.path + "/Grader/Units/" + name }
  /// Its attacks of the corpus.
  var attacks: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Attacks/\(name)")
  }

  /// The Solutions do not have what attacks take from them.
  struct UnknownSolution: Error {}

  /// For attacks on the system. Its weights are squared, and no gradient reaches the other input.
  static let toy = AttackedUnit(
    unit: ToyUnit.self, course: ToyCourse.folder, judge: ["ToyJudge"],
    carrier: Carrier(
      file: "WeightedMeans.swift",
      edits: [
        ("means * weights", "means.detached() * weights.squared()"),
        ("  let means =", "  try attack(X)\n  let means ="),
      ], undeserved: ["means.values", "means.gradients"]), lines: { _ in [] })

  /// For attacks on networks, their starts and what they learn. Its LSTM has σ at its input node.
  static let recurrentNetworks = AttackedUnit(
    unit: RecurrentNetworksUnit.self, course: Repository.folder, judge: ["rhythm", "judge"],
    carrier: Carrier(
      file: "LSTM.swift",
      edits: [
        ("let C_tilde = try tanh", "let C_tilde = try sigmoid"),
        ("    var H = Tensor.zeros", "    try attack(inputs)\n    var H = Tensor.zeros"),
      ], undeserved: ["lstm.values", "lstm.gradients"]),
    lines: { try linesOfLSTM($0["LSTM.swift"] ?? "") })

  /// The lines of its three regions, and all that comes before its call.
  private static func linesOfLSTM(_ solution: String) throws -> [(mark: String, text: String)] {
    let lines = solution.split(separator: "\n", omittingEmptySubsequences: false)
    func isMark(_ line: Substring, _ word: String) -> Bool {
      line.drop { $0 == " " }.hasPrefix("// \(word) ")
    }
    var regions: [String] = []
    for (start, line) in lines.enumerated() where isMark(line, "BEGIN") {
      regions.append(
        lines[(start + 1)...].prefix { !isMark($0, "END") }.joined(separator: "\n"))
    }
    let start = solution.firstRange(of: "  @Parameter var W_xi")
    let end = solution.firstRange(of: "  /// Runs the layer")
    guard regions.count == 3, let start, let end, start.lowerBound < end.lowerBound else {
      throw UnknownSolution()
    }
    let parameters = String(solution[start.lowerBound..<end.lowerBound])
    return Array(
      zip(
        ["  // PARAMETERS", "  // DECLARATIONS", "    // DRAWS", "    // EQUATIONS"],
        [parameters] + regions))
  }
}
