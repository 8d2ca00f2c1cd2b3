import ArgumentParser
import Foundation
import Recordings

/// Reads an archive or folder into the store of a folder, says what was imported and names what
/// was left out.
func importRecordings(_ path: String, into folder: String, strict: Bool) throws {
  let progress = ProgressLine("importing")
  defer { progress.clear() }
  let read = try RecordingArchive.read(path, strict: strict, progress: progress.show)
  let recordings = RecordingSet(read.all, source: path + read.omission, skipped: read.skipped)
  try RecordingStore.save(recordings, in: folder)
  progress.clear()
  printSkipped(recordings)
  print(
    "imported \(recordings.count) recordings, labels \(recordings.labelRevision.rawValue), "
      + "into \(RecordingStore.file(in: folder))")
}

/// Names the recordings that were left out, on standard error: nothing where there are none.
func printSkipped(_ recordings: RecordingSet) {
  let skipped = recordings.skipped
  guard !skipped.isEmpty else { return }
  let shown = 20
  var lines = skipped.prefix(shown).map { "  \($0.name): \($0.problem)" }
  if skipped.count > shown {
    lines.append("  and \(skipped.count - shown) more; ./rhythm data verify PATH lists all")
  }
  printError(
    "skipped \(skipped.count) of \(recordings.count + skipped.count) recordings:\n"
      + lines.joined(separator: "\n"))
}

extension RecordingSet {
  /// What a store's later readers are told of recordings that were left out.
  fileprivate var omission: String {
    guard !skipped.isEmpty else { return "" }
    let names = skipped.prefix(5).map(\.name).joined(separator: ", ")
    return " without \(skipped.count) damaged or missing recordings (\(names)"
      + (skipped.count > 5 ? ", …)" : ")")
  }
}

extension DataCommand {
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Import PhysioNet's archive, or its unpacked folder, into the local store.")

    @Argument(help: "The archive or folder with the .mat files and REFERENCE.csv.")
    var path: String

    @Option(help: "The folder of the store.")
    var into = RecordingStore.folderName

    @Flag(help: "Refuse a set with damaged or missing recordings instead of leaving them out.")
    var strict = false

    func run() throws {
      try reportingFailure { try importRecordings(path, into: into, strict: strict) }
    }
  }
}
