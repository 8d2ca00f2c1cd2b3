import Foundation
import Signals

extension HeartbeatStatistics {
  /// The figures as text.
  public var report: String {
    let letters = HeartbeatClass.allCases.map(\.letter)
    func fixed(_ numbers: some Sequence<Double>) -> String {
      numbers.map { String(format: "%.6f", $0) }.joined(separator: " ")
    }
    func line(_ name: String, _ cells: [String], _ mean: String) -> String {
      func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
      }
      let title = name + String(repeating: " ", count: max(0, 13 - name.count))
      return title + cells.map { right($0, 8) }.joined() + right(mean, 10)
    }
    var lines = [line("", letters + ["all"], "mean")]
    lines += groups.map { group in
      line(
        group.name, group.counts.map { "\($0)" } + ["\(group.counts.reduce(0, +))"],
        group.mean.isNaN ? "" : fixed([group.mean]))
    }
    lines += [
      "class means (\(letters.joined(separator: " "))): \(fixed(classMeans))",
      "of the training file: \(fixed(trainingClassMeans))",
      "its first columns, means: \(fixed(firstColumns.map(\.mean)))",
      "deviations: \(fixed(firstColumns.map(\.deviation)))",
      "values before the zeros: least \(lengths.least), median \(lengths.median), "
        + "\(fullCount) rows full; medians by class "
        + lengths.byClass.map(String.init).joined(separator: ", "),
      equalHashes == 0
        ? "hashes: all differ" : "hashes: \(equalHashes) are those of other rows too",
      "first row: \(text(first))",
    ]
    if let firstOfTest { lines.append("first row of the test file: \(text(firstOfTest))") }
    if let sharedRecords {
      lines.append(
        "tested beats whose record is trained on too: "
          + String(format: "%.4f", sharedRecords)
          + (sharedRecords > 0
            ? "; split=patients tells what a new patient can expect" : ""))
    }
    return lines.joined(separator: "\n")
  }

  private func text(_ row: Row) -> String {
    let values = row.values.map { String(format: "%.6f", Double($0)) }.joined(separator: " ")
    let hash = String(row.hash, radix: 16)
    return "\(values) …, class \(row.letter) (\(row.place)), hash "
      + String(repeating: "0", count: 16 - hash.count) + hash
  }
}
