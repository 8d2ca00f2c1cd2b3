/// Rows of heartbeats by the file, the set or the class that they belong to.
package enum ChosenRows {
  /// The rows that are, or are not, of the test file.
  package static func ofFile(_ isOfTestFile: [Bool], isTest: Bool) -> [Int] {
    isOfTestFile.indices.filter { isOfTestFile[$0] == isTest }
  }

  /// The rows of some sets.
  package static func ofParts(_ parts: [HeartbeatPart], _ wanted: [HeartbeatPart]) -> [Int] {
    parts.indices.filter { wanted.contains(parts[$0]) }
  }

  /// The rows of a class.
  package static func ofClass(_ own: HeartbeatClass, _ classes: [UInt8]) -> [Int] {
    classes.indices.filter { classes[$0] == UInt8(own.rawValue) }
  }

  /// The classes of some rows as numbers of targets.
  package static func classes(_ rows: [Int], _ classes: [UInt8]) -> [Int32] {
    rows.map { Int32(classes[$0]) }
  }

  /// How many of some rows are of each class.
  package static func counts(_ rows: [Int], _ classes: [UInt8]) -> [Int] {
    var counts = [Int](repeating: 0, count: HeartbeatClass.allCases.count)
    for row in rows { counts[Int(classes[row])] += 1 }
    return counts
  }

  /// How many rows are of each class.
  package static func counts(_ classes: [UInt8]) -> [Int] {
    var counts = [Int](repeating: 0, count: HeartbeatClass.allCases.count)
    for number in classes { counts[Int(number)] += 1 }
    return counts
  }

  /// Where some rows begin in a table that cuts each into so many.
  package static func starts(_ rows: [Int], cutInto count: Int) -> [Int] { rows.map { $0 * count } }
}
