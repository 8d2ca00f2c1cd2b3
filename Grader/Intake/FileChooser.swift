import People

/// Decides which of the files in a submission are the manifest's.
///
/// Names count, wherever they lie: platforms and students wrap submissions in folders of their own.
/// The rule where a file is there more than once: the one that the platform received last, where
/// it tells; then the plain name before one in other letter case, before a numbered copy, before
/// `.swift.txt`; then the shallowest, since a copy further down is usually a backup; then the
/// highest number; then the first by its path; of several with one path, as an archive can have them,
/// the last, as unpacking would leave it.
struct FileChooser {
  private struct Candidate {
    let path: [String]
    let bytes: [UInt8]
    let name: FileName
    let order: Int
    /// When it was offered: later is higher.
    let index: Int

    var shownPath: String { path.map(shown).joined(separator: "/") }

    /// Whether both have one path but for case, accents and width: many a disk keeps one of them.
    func isTwin(of other: Self) -> Bool {
      order == other.order && path.count == other.path.count
        && Person.folded(path.joined(separator: "/"))
          == Person.folded(other.path.joined(separator: "/"))
    }

    /// Whether nothing but the name tells which of both is meant.
    func isLevel(with other: Self) -> Bool {
      order == other.order && path.count == other.path.count
    }

    func isBetter(than other: Self) -> Bool {
      let isDecided = name.closeness == .decided
      if isDecided != (other.name.closeness == .decided) { return isDecided }
      if order != other.order { return order > other.order }
      if name.closeness != other.name.closeness { return name.closeness < other.name.closeness }
      if path.count != other.path.count { return path.count < other.path.count }
      if name.number != other.name.number { return name.number > other.name.number }
      if path != other.path {
        return path.joined(separator: "/") < other.path.joined(separator: "/")
      }
      return index > other.index
    }
  }

  let wanted: [String]
  /// What an instructor takes files for, and which are left out, by their paths.
  private let decided: (taken: [String: String], out: Set<String>)
  private var candidates: [String: [Candidate]] = [:]

  /// - Parameters:
  ///   - wanted: the manifest's files.
  ///   - decided: what an instructor takes files for, and which are left out, by their paths.
  init(wanted: [String], decided: (taken: [String: String], out: Set<String>) = ([:], [])) {
    self.wanted = wanted
    self.decided = decided
  }

  /// Offers a file.
  ///
  /// - Parameter order: the platform's number of the upload, where it gives one; higher is later.
  mutating func add(_ path: [String], _ bytes: [UInt8], order: Int) {
    let place = path.map(shown).joined(separator: "/")
    guard let last = path.last, !decided.out.contains(place),
      let name = decided.taken[place].map(FileName.init(decided:))
        ?? FileName(last, among: wanted + [Interest.answers])
    else { return }
    candidates[name.wanted, default: []].append(
      Candidate(
        path: path, bytes: bytes, name: name, order: order,
        index: candidates[name.wanted]?.count ?? 0))
  }

  /// Whether any of the manifest's files was offered, usable or not.
  var hasCode: Bool { wanted.contains { candidates[$0] != nil } }

  /// The files as UTF-8 text and what there is to say about them.
  func choose() -> (files: [String: [UInt8]], answers: String?, notes: [String]) {
    var files: [String: [UInt8]] = [:]
    var notes: [String] = []
    for name in wanted {
      guard let text = choose(name, &notes) else {
        let what = candidates[name] == nil ? "is missing" : "is not usable"
        notes.append("\(name) \(what): the untouched stub is graded in its place")
        continue
      }
      files[name] = Array(text.utf8)
    }
    return (files, choose(Interest.answers, &notes), notes)
  }

  private func choose(_ name: String, _ notes: inout [String]) -> String? {
    let found = candidates[name, default: []].sorted { $0.isBetter(than: $1) }
    guard let best = found.first else { return nil }
    let path = best.shownPath
    guard best.name.closeness != .decided else {
      notes.append("\(path) was taken for \(name), by decision")
      return read(best, &notes)
    }
    let rivals = found.dropFirst().filter { $0.bytes != best.bytes }
    let twins = rivals.filter { $0.isTwin(of: best) }
    if !twins.isEmpty {
      notes.append(
        "\(path) was graded, not \(Self.list(twins)): their names differ in case or in how accents are "
          + "written, if at all; the one written as the assignment has it counts, else the last one; "
          + "please check which one is meant")
    }
    let asGood = rivals.filter { $0.isLevel(with: best) && !$0.isTwin(of: best) }
    if !asGood.isEmpty {
      notes.append(
        "\(name) is there more than once with different contents: \(path) was graded, "
          + "not \(Self.list(asGood)); please check which one is meant")
    }
    let others = rivals.filter { !$0.isLevel(with: best) }
    if !others.isEmpty {
      let why =
        others.contains { $0.order < best.order }
        ? "earlier"
        : others.allSatisfy { $0.path.count > best.path.count }
          ? "further down"
          : "in other folders, whose names are less close or which lie further down"
      notes.append("\(path) was graded, not the \(others.count) other \(name) \(why)")
    }
    if best.name.closeness != .exact, best.name.closeness != .copy || best.order == 0 {
      notes.append("\(path) was taken for \(name)")
    }
    return read(best, &notes)
  }

  private func read(_ candidate: Candidate, _ notes: inout [String]) -> String? {
    let path = candidate.shownPath
    guard let (text, remark) = SourceText.read(candidate.bytes) else {
      notes.append("\(path) is not text in UTF-8 or UTF-16: not used")
      return nil
    }
    if let remark { notes.append("\(path) \(remark)") }
    return text
  }

  private static func list(_ candidates: [Candidate]) -> String {
    candidates.prefix(5).map(\.shownPath).joined(separator: ", ")
      + (candidates.count > 5 ? " and \(candidates.count - 5) more" : "")
  }
}
