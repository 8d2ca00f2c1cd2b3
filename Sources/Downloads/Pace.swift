import Foundation

/// How far and how fast a download is, for a line of progress.
public struct Pace: Sendable {
  private var start: (bytes: Int, seconds: Double)?

  /// A download that has not begun.
  public init() {}

  /// Forgets the pace so far: a new connection begins.
  public mutating func restart() { start = nil }

  /// `12.3 of 99.2 MB, 4.1 MB/s, 0:21 left`, at a time in seconds on any clock.
  public mutating func text(done: Int, total: Int?, at seconds: Double) -> String {
    let begin = start ?? (done, seconds)
    start = begin
    func megabytes(_ bytes: Double) -> String { String(format: "%.1f", bytes / 1e6) }
    let amount = total.map { "\(megabytes(Double(done))) of \(megabytes(Double($0))) MB" }
    var parts = [amount ?? "\(megabytes(Double(done))) MB"]
    let elapsed = seconds - begin.seconds
    // The first moments say nothing: what was on its way arrives at once.
    if elapsed >= 0.5, done > begin.bytes {
      let rate = Double(done - begin.bytes) / elapsed
      parts.append("\(megabytes(rate)) MB/s")
      if let total {
        let left = Int((Double(max(total - done, 0)) / rate).rounded(.up))
        parts.append(
          left < 3600
            ? String(format: "%d:%02d left", left / 60, left % 60)
            : String(format: "%d:%02d h left", left / 3600, left % 3600 / 60))
      }
    }
    return parts.joined(separator: ", ")
  }
}
