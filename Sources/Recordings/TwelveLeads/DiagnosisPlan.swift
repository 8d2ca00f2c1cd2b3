import Signals

/// Which diagnoses are held out of a training, in which group figures of them are given, and what they are asked for by.
struct DiagnosisPlan: Sendable, Equatable {
  /// A group of diagnoses that no training record has.
  struct Group: Sendable, Equatable {
    let name: String
    let diagnoses: [String]
  }
  /// Diagnoses that together are held out under another name: each of them is seen, never all in one record.
  struct Described: Sendable, Equatable {
    let name: String
    let diagnoses: [String]
  }

  var groups: [Group] = []
  var described: [Described] = []

  /// All that are held out by themselves.
  var heldOut: [String] { groups.flatMap(\.diagnoses) }

  /// Whether a record with some diagnoses may be trained on.
  func admits(_ diagnoses: Set<String>) -> Bool {
    diagnoses.isDisjoint(with: heldOut)
      && !described.contains { diagnoses.isSuperset(of: $0.diagnoses) }
  }

  /// Of synthetic records.
  static let synthetic = DiagnosisPlan(
    groups: [
      Group(name: "near", diagnoses: SyntheticDiagnosis.near.map(\.rawValue)),
      Group(name: "opposite", diagnoses: SyntheticDiagnosis.opposite.map(\.rawValue)),
    ],
    described: SyntheticDiagnosis.described.map {
      Described(name: $0.name, diagnoses: $0.findings.map(\.rawValue))
    })

  /// Of PTB-XL, and of other real records.
  static let real = DiagnosisPlan(
    groups: [
      Group(
        name: "near",
        diagnoses: [
          "left bundle branch block", "ventricular bigeminy", "atrial flutter",
          "inferior ischaemia",
        ]),
      Group(name: "opposite", diagnoses: ["right axis deviation", "sinus tachycardia"]),
    ],
    described: [
      Described(
        name: "bifascicular block",
        diagnoses: ["right bundle branch block", "left axis deviation"]),
      Described(
        name: "left ventricular strain",
        diagnoses: ["left ventricular hypertrophy", "t wave inversion"]),
      Described(
        name: "fibrillation with a left axis",
        diagnoses: ["atrial fibrillation", "left axis deviation"]),
    ])

  /// Reads `sinus tachycardia;bifascicular block=right bundle branch block+left axis deviation`.
  ///
  /// - Throws: a sentence where a part is empty.
  init(_ text: String) throws(DataSettingError) {
    var names: [String] = []
    for part in text.split(separator: ";", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let diagnoses = (sides.last ?? "").split(separator: "+", omittingEmptySubsequences: false)
        .map { $0.trimmed }
      guard !sides[0].trimmed.isEmpty, !diagnoses.contains(""),
        sides.count == 1 || diagnoses.count > 1
      else {
        throw DataSettingError(
          "held-out is \(text); give course, none, or names of diagnoses with semicolons between them, such as "
            + "sinus tachycardia;strain=left ventricular hypertrophy+t wave inversion")
      }
      if sides.count == 2 {
        described.append(Described(name: sides[0].trimmed, diagnoses: diagnoses))
      } else {
        names.append(sides[0].trimmed)
      }
    }
    if !names.isEmpty { groups = [Group(name: "held-out", diagnoses: names)] }
  }

  init(groups: [Group] = [], described: [Described] = []) {
    self.groups = groups
    self.described = described
  }
}
