import ArgumentParser
import Downloads
import Foundation
import Recordings

extension DataCommand {
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check that recordings are all there and readable.",
      discussion: "Exit status 1 where a recording is damaged, missing or not listed.")

    @Argument(help: "A store, an archive or a folder; by default the local store.")
    var path: String?

    @OptionGroup var kind: KindOption

    func run() throws {
      try reportingFailure { try verify(try kind.chosen()) }
    }

    private func verify<Kind: DataKind>(_ kind: Kind) throws {
      let source = try kind.find(path, localStore: RecordingStore.folderName)
      if source == .synthetic {
        throw VerifyError(
          description: "nothing is imported into \(RecordingStore.folderName); "
            + "./rhythm data download fills it, or name an archive or folder to check")
      }
      let progress = ProgressLine("checking")
      defer { progress.clear() }
      let recordings: Kind.Collection
      do {
        recordings = try kind.load(source, strict: false, progress: progress.show)
      } catch RecordingError.noneUsable(let path, let refused) {
        progress.clear()
        for recording in refused { printLine("\(recording.name): \(recording.problem)") }
        throw VerifyError(
          description: "none of the \(refused.count) recordings of \(path) can be used")
      }
      progress.clear()
      switch source {
      case .store(let path):
        printLine("\(path): the check sum is right, imported from \(recordings.source)")
      case .archive(let path): printLine(try Self.description(of: path))
      case .synthetic: break
      }
      printLine(recordings.inventory)
      if let figures = kind.publishedFigures { printLine(figures) }
      let comparison = try kind.comparison(
        of: recordings, localStore: RecordingStore.folderName)
      for line in comparison?.lines ?? [] { printLine(line) }
      let skipped = recordings.skipped
      for recording in skipped { printLine("\(recording.name): \(recording.problem)") }
      guard skipped.isEmpty else {
        throw VerifyError(
          description: "\(skipped.count) of \(recordings.count + skipped.count) recordings are "
            + "damaged, missing or not listed; fetch the archive again, or import it without "
            + "them")
      }
      guard comparison?.isAlike != false else {
        throw VerifyError(
          description: "these are not the \(recordings.noun) that they should be; fetch them again")
      }
      printLine("all \(recordings.count) \(recordings.noun) are there and readable")
    }

    /// Path, size and sum; of a folder only the path.
    private static func description(of path: String) throws -> String {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      guard attributes?[.type] as? FileAttributeType == .typeRegular,
        let size = attributes?[.size] as? NSNumber
      else { return path }
      return "\(path): \(size) bytes, SHA-256 \(try CheckSum.sha256(ofFile: path))"
    }
  }

  private struct VerifyError: Error, CustomStringConvertible {
    let description: String
  }
}
