/// Decides which of the files in a submission are the manifest's.
///
/// Names count, wherever they lie: platforms and students wrap submissions in folders of their own.
/// The shallowest wins, since a copy further down is usually a backup.
struct FileChooser {
  /// Bytes a student file may have.
  static let maximumFileBytes = 1 << 20
  /// Folders that tools leave behind.
  private static let clutter: Set<String> = ["__MACOSX", "build", "DerivedData"]

  let wanted: [String]
  private var candidates: [String: [(path: [String], bytes: [UInt8])]] = [:]
  private var unusable: [String: [String]] = [:]

  init(wanted: [String]) {
    self.wanted = wanted
  }

  /// Whether nothing below a folder, or the file itself, is of interest.
  static func isClutter(_ component: some StringProtocol) -> Bool {
    component.hasPrefix(".") || clutter.contains(String(component))
  }

  /// The name, if the file at this path is one of the manifest's.
  func wantedName(_ path: [String]) -> String? {
    guard let name = path.last, wanted.contains(name), !path.contains(where: Self.isClutter)
    else { return nil }
    return name
  }

  mutating func add(_ path: [String], _ bytes: [UInt8]) {
    guard let name = wantedName(path) else { return }
    candidates[name, default: []].append((path, bytes))
  }

  /// Records a file that has a wanted name but cannot be taken.
  mutating func refuse(_ path: [String], because reason: String) {
    guard let name = wantedName(path) else { return }
    unusable[name, default: []].append("\(path.joined(separator: "/")) \(reason)")
  }

  /// The files and what there is to say about them.
  func choose() -> (files: [String: [UInt8]], notes: [String]) {
    var files: [String: [UInt8]] = [:]
    var notes: [String] = []
    for name in wanted {
      notes += unusable[name, default: []].sorted().map { "\($0): not used" }
      let found = candidates[name, default: []].sorted {
        ($0.path.count, $0.path.joined(separator: "/"))
          < ($1.path.count, $1.path.joined(separator: "/"))
      }
      guard let best = found.first else {
        notes.append(
          name == Submission.answersName
            ? "\(name) is missing: there are no written answers"
            : "\(name) is missing: the untouched stub is graded in its place")
        continue
      }
      let rivals = found.dropFirst().filter { $0.bytes != best.bytes }
      let path = best.path.joined(separator: "/")
      let equallyDeep = rivals.filter { $0.path.count == best.path.count }
      if !equallyDeep.isEmpty {
        let others = equallyDeep.map { $0.path.joined(separator: "/") }.joined(separator: ", ")
        notes.append(
          "\(name) is there more than once with different contents: \(path) was graded, "
            + "not \(others); please check which one is meant")
      } else if !rivals.isEmpty {
        notes.append("\(path) was graded, not the \(rivals.count) other \(name) further down")
      }
      guard name == Submission.answersName || String(validating: best.bytes, as: UTF8.self) != nil
      else {
        notes.append("\(path) is not UTF-8 text: the untouched stub is graded in its place")
        continue
      }
      files[name] = best.bytes
    }
    return (files, notes)
  }
}
