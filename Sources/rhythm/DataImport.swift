import ArgumentParser
import Foundation
import Recordings

/// Reads an archive or folder into the store of a folder, says what was imported and names what
/// was left out.
func importRecordings(
  _ path: String, of kind: some DataKind, into folder: String, strict: Bool
) throws {
  let progress = ProgressLine("importing")
  defer { progress.clear() }
  let read = try kind.load(.archive(path: path), strict: strict, progress: progress.show)
  let store = try read.from(path + omission(read.skipped)).save(in: folder)
  progress.clear()
  printSkipped(read.skipped, of: read.count)
  printLine("imported \(read.summary), into \(store)")
}

/// Names the recordings that were left out, on standard error: nothing where there are none.
///
/// - Parameter count: the recordings that were read.
func printSkipped(_ skipped: [SkippedRecording], of count: Int) {
  guard !skipped.isEmpty else { return }
  let shown = 20
  var lines = skipped.prefix(shown).map { "  \($0.name): \($0.problem)" }
  if skipped.count > shown {
    lines.append("  and \(skipped.count - shown) more; ./rhythm data verify PATH lists all")
  }
  printError(
    "skipped \(skipped.count) of \(count + skipped.count) recordings:\n"
      + lines.joined(separator: "\n"))
}

/// What a store's later readers are told of recordings that were left out.
private func omission(_ skipped: [SkippedRecording]) -> String {
  guard !skipped.isEmpty else { return "" }
  let names = skipped.prefix(5).map(\.name).joined(separator: ", ")
  return " without \(skipped.count) damaged or missing recordings (\(names)"
    + (skipped.count > 5 ? ", …)" : ")")
}

extension DataCommand {
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Import an archive as it is published, or its unpacked folder, into the local store.",
      discussion: """
        MATLAB files are read that are of level 4 or 5: what save(…, '-v4') and save(…, '-v7') write. A file of \
        level 7.3 is HDF5 and is refused: "… is a MATLAB file of level 7.3, which is not read; save it with \
        -v7 or -v4."
        """)

    @Argument(help: "The archive or folder, such as training2017.zip.")
    var path: String

    @OptionGroup var kind: KindOption

    @Option(help: "The folder of the store.")
    var into = RecordingStore.folderName

    @Flag(help: "Refuse a set with damaged or missing recordings instead of leaving them out.")
    var strict = false

    func run() throws {
      try reportingFailure {
        try importRecordings(path, of: try kind.chosen(), into: into, strict: strict)
      }
    }
  }
}
