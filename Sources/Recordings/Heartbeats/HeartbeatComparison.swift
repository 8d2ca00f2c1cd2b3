import Signals

/// Kaggle's rows beside those that are made of the MIT-BIH database.
extension HeartbeatSet {
  /// Compares with the rows that the database gives: by sums of hashes, which are known, and row by row where
  /// the database is imported.
  ///
  /// - Parameter database: the imported database; nil where it is not.
  /// - Returns: nil where the beats are of no public set.
  func comparison(with database: HeartbeatSet?) -> CollectionComparison? {
    guard !isSynthetic, origin == .tables || isWhole else { return nil }
    let hashes = HeartbeatHashes(values, classes: classes)
    var lines: [String] = []
    var isAlike = true
    for (name, isTest) in [(KaggleTable.trainFile, false), (KaggleTable.testFile, true)] {
      let own = ChosenRows.ofFile(isOfTestFile, isTest: isTest)
      let sum = hashes.sum(of: own)
      let counts = ChosenRows.counts(own, classes)
      let known = isTest ? KaggleTestRows.test : KaggleTestRows.training
      if counts != known.counts {
        isAlike = false
        lines.append(
          "\(name) has \(Self.text(counts)), the database gives \(Self.text(known.counts))")
      }
      if sum == known.hashes {
        lines.append(
          "\(name): all \(own.count) rows are those of the database, to the bit")
      } else if let database, origin == .tables, database.isWhole {
        lines += differences(name, own, hashes, from: database, isTest: isTest)
      } else {
        lines.append(
          "\(name): not all rows are those of the database; import it (./rhythm data import PATH --kind "
            + "\(Heartbeats.kindName)), and verify says which")
      }
    }
    return CollectionComparison(lines: lines, isAlike: isAlike)
  }

  /// Rows that only one side has, a few of them by name.
  private func differences(
    _ name: String, _ own: [Int], _ hashes: HeartbeatHashes, from database: HeartbeatSet,
    isTest: Bool
  ) -> [String] {
    let theirs = HeartbeatHashes(database.values, classes: database.classes)
    let (foreign, missing) = hashes.differences(
      own, from: theirs, ChosenRows.ofFile(database.isOfTestFile, isTest: isTest))
    let first = own.first ?? 0
    var lines = [
      "\(name): \(own.count - foreign.count) of \(own.count) rows are those of the database, to the "
        + "bit; \(foreign.count) are not, and \(missing.count) of the database are not there"
    ]
    lines += foreign.prefix(5).map {
      "  line \($0 - first + 1), class \(HeartbeatClass.allCases[Int(classes[$0])].letter)"
    }
    lines += missing.prefix(5).map { index in
      let record = database.records.first { $0.rows.contains(index) }?.name ?? ""
      return "  not there: record \(record), sample \(database.samples[index]), class "
        + HeartbeatClass.allCases[Int(database.classes[index])].letter
    }
    return lines
  }
}
