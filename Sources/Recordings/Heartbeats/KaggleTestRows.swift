import Foundation
import Signals

/// Which beats of the MIT-BIH database are in Kaggle's `mitbih_test.csv`; all others are in
/// `mitbih_train.csv`. The files do not say so: it was found by comparing rows.
enum KaggleTestRows {
  /// What is known of a file.
  struct File {
    /// Its rows of each class.
    let counts: [Int]
    /// The sum of their hashes, modulo 2⁶⁴.
    let hashes: UInt64
  }

  /// Rows of both files.
  static let rowCount = 109_446
  /// The beat that is the first row of the test file.
  static let first = (record: "103", sample: Int32(322_111))

  /// Whether each row of a record is in the test file; nil for a record that is not of the database.
  static func membership(ofRecord name: String) -> [Bool]? {
    guard let count = rows[name], let start = starts[name] else { return nil }
    return StoredHeartbeats.bits(of: bytes, start..<(start + count))
  }

  private static let bytes: [UInt8] = Data(base64Encoded: text).map(Array.init) ?? []

  /// The place of each record's first row.
  private static let starts: [String: Int] = {
    var starts: [String: Int] = [:]
    var next = 0
    for (name, count) in rows.sorted(by: { $0.key < $1.key }) {
      starts[name] = next
      next += count
    }
    return starts
  }()
}
