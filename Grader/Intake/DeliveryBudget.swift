import Archives
import Foundation
import People

/// What reading a delivery may cost: most of it is each submission's own, so that no one harms the others.
final class DeliveryBudget {
  /// The limits of an archive that holds a whole class. What a submission in it unpacks to is
  /// limited by that submission's budget, so there is no ratio by which one could have all refused.
  static let limits = ArchiveLimits(
    maximumEntries: 500_000, maximumEntryBytes: 256 << 20, maximumTotalBytes: 16 << 30,
    maximumRatio: .max)
  /// Bytes of files that are kept in memory.
  private let maximumKeptBytes: Int

  /// How many names stand before the first one of a download.
  let level: Int
  private var kept = 0
  /// Whether something was not kept for want of room for all.
  private(set) var isFull = false
  private var submissions: [[String]: SubmissionBudget] = [:]
  private var wrapped: Set<[String]> = []
  private var keys: [String: String] = [:]

  /// - Parameter downloads: whether each place in the delivery is a download of its own.
  init(downloads: Bool = false, maximumKeptBytes: Int = 2 << 30) {
    level = downloads ? 1 : 0
    self.maximumKeptBytes = maximumKeptBytes
  }

  /// Notes that a folder lies around everything in a download.
  func wrap(_ download: [String]) { wrapped.insert(download) }

  /// The budget of the submission that something belongs to.
  ///
  /// - Parameter path: the names of the folders and archives around it, from the delivery's outermost
  ///   ones on, and its own.
  func submission(at path: [String]) -> SubmissionBudget {
    let download = Array(path.prefix(level))
    let place = level + (wrapped.contains(download) ? 1 : 0)
    let key =
      download + (path.count > place ? [owner(path[place], isLast: path.count == place + 1)] : [])
    if let known = submissions[key] { return known }
    let new = SubmissionBudget()
    submissions[key] = new
    return new
  }

  /// Counts a file's bytes.
  ///
  /// - Parameter path: as in `submission(at:)`.
  /// - Returns: false where it may not be kept.
  func keep(_ count: Int, at path: [String]) -> Bool {
    let submission = submission(at: path)
    guard submission.canKeep(count) else { return false }
    guard count <= maximumKeptBytes - kept else {
      isFull = true
      return false
    }
    submission.keep(count)
    kept += count
    return true
  }

  /// Whose a name of the outermost level is: what a platform says is one's, in however many files and
  /// attempts, is one's; loose files that no platform named are together.
  private func owner(_ name: String, isLast: Bool) -> String {
    let isFile = isLast && Interest.archiveExtension(name) == nil
    let mark = (isFile ? "file " : "place ") + name
    if let known = keys[mark] { return known }
    let isFolder = !isLast && Interest.archiveExtension(name) == nil
    // the time is none of this
    let key =
      PlatformName.read(name, isFolder: isFolder, in: .gmt).map { "| " + Parcel.key($0.person) }
      ?? (isFile ? "|" : name)
    keys[mark] = key
    return key
  }

  /// What is said of a file that is not kept.
  static func sentence(_ name: String) -> String {
    "\(name) is beyond the \(SubmissionBudget.maximumKeptBytes >> 20) MiB of files that are read of "
      + "one submission, or of all: not used"
  }

  /// What is said of a delivery of which not everything was kept.
  var fullSentence: String {
    "it holds more than \(maximumKeptBytes >> 20) MiB of files to be graded, and not all were taken: "
      + "grade it in parts"
  }
}
