/// Rows of heartbeats by their hashes and classes: which are equal, which only one side has, and which set
/// each belongs to.
package struct HeartbeatHashes {
  /// The hash of each row; see `HeartbeatRows.hashes`.
  package let hashes: [UInt64]
  /// The class of each.
  private let classes: [UInt8]

  /// Hashes rows.
  package init(_ values: [Float], classes: [UInt8]) {
    hashes = HeartbeatRows.hashes(values)
    self.classes = classes
  }

  /// How many hashes are those of other rows too, but for the first of them.
  package var equalCount: Int { hashes.count - Set(hashes).count }

  /// The sum of the hashes of some rows, modulo 2⁶⁴.
  package func sum(of rows: [Int]) -> UInt64 { rows.reduce(0) { $0 &+ hashes[$1] } }

  // MARK: Sets

  /// The set of each row.
  ///
  /// Of the side to test on half of each class is held out, and of the other a twentieth validates: those
  /// with the smallest hashes. So the sets follow from the rows alone, whatever their order.
  package func parts(isTested: [Bool]) -> [HeartbeatPart] {
    var parts = isTested.map { $0 ? HeartbeatPart.test : .training }
    for (side, share, part) in [(false, 20, HeartbeatPart.validation), (true, 2, .holdOut)] {
      for number in HeartbeatClass.allCases.indices {
        let members = smallest(share) {
          isTested[$0] == side && classes[$0] == UInt8(number)
        }
        for index in members { parts[index] = part }
      }
    }
    return parts
  }

  /// Stands for Kaggle's test file where beats are not the MIT-BIH database's: a fifth of each class, by the
  /// same rule.
  package var drawnTestFile: [Bool] {
    var isTest = [Bool](repeating: false, count: classes.count)
    for number in HeartbeatClass.allCases.indices {
      for index in smallest(5, where: { classes[$0] == UInt8(number) }) { isTest[index] = true }
    }
    return isTest
  }

  /// Those of the rows that are asked for with the smallest hashes: one of so many.
  private func smallest(_ share: Int, where isMember: (Int) -> Bool) -> ArraySlice<Int> {
    let members = hashes.indices.filter(isMember).sorted {
      (hashes[$0], $0) < (hashes[$1], $1)
    }
    return members.prefix(members.count / share)
  }

  // MARK: Differences

  private struct Key: Hashable {
    let hash: UInt64
    let number: UInt8
  }

  private func key(_ row: Int) -> Key { Key(hash: hashes[row], number: classes[row]) }

  /// Which of some rows are not among some of another set's, and which of those are not among these.
  package func differences(
    _ rows: [Int], from other: HeartbeatHashes, _ others: [Int]
  ) -> (foreign: [Int], missing: [Int]) {
    var places: [Key: [Int]] = [:]
    for row in others { places[other.key(row), default: []].append(row) }
    let foreign = rows.filter { places[key($0)]?.popLast() == nil }
    return (foreign, places.values.flatMap { $0 }.sorted())
  }
}
