import Signals

/// Which beat belongs to which set.
extension HeartbeatSet {
  /// How beats are dealt out.
  public enum Split: String, CaseIterable, Sendable {
    /// As Kaggle's two files have them: all patients are in both.
    case beats
    /// By patients: those of de Chazal, O'Dwyer and Reilly's DS1 (2004) to train on, those of DS2 to test on,
    /// with the paced records, which they left out, and 202 beside 201, for it is one patient.
    case patients
  }

  /// DS1 with 202 (the patient of 201) and the paced 102 and 107. DS2, without 202 and with the paced 104 and
  /// 217, is all the others.
  static let trainingPatients: Set<String> = Set(
    """
    101 106 108 109 112 114 115 116 118 119 122 124 201 203 205 207 208 209 215 220 223 230 \
    202 102 107
    """.split(separator: " ").map(String.init))

  /// The set of each beat.
  ///
  /// - Throws: `RecordingError.unusableSet` where patients are not known.
  func parts(_ split: Split) throws -> [HeartbeatPart] {
    let isTested = try split == .beats ? isOfTestFile : isOfTestedPatient()
    return HeartbeatHashes(values, classes: classes).parts(isTested: isTested)
  }

  private func isOfTestedPatient() throws -> [Bool] {
    guard origin == .records else {
      throw RecordingError.unusableSet(
        problem:
          "Kaggle's tables do not say which patient a beat is of; a split by patients takes the "
          + "records of the MIT-BIH database")
    }
    var isTested = [Bool](repeating: false, count: beatCount)
    for (number, record) in records.enumerated() {
      // of synthetic ones, which have names of their own, every second
      let isTrained =
        KaggleTestRows.rows[record.name] == nil
        ? number % 2 == 0 : Self.trainingPatients.contains(record.name)
      for row in record.rows where !isTrained { isTested[row] = true }
    }
    return isTested
  }
}
