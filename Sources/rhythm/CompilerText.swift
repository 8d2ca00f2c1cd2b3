import Assignment
import Foundation

/// The compiler's messages on a unit's files, as its student reads them: with the line that each is about, and
/// below that what the unit's page on Swift says of such a message.
struct CompilerText {
  private let manifest: AssignmentManifest
  private let root: String
  private let folder: String
  private let others: [String: String]
  private let page: String
  private let help: CompilerHelp?

  /// - Parameters:
  ///   - folder: of the files, in the working copy.
  ///   - others: texts of files that are elsewhere, by their names.
  init(
    _ manifest: AssignmentManifest, root: String, folder: String, others: [String: String] = [:]
  ) {
    self.manifest = manifest
    self.root = root
    self.folder = folder
    self.others = others
    page = "\(folder)/Swift.md"
    help = (try? String(contentsOfFile: "\(root)/\(page)", encoding: .utf8)).map(CompilerHelp.init)
  }

  /// One message, `Layer.swift:41:9: error: …`.
  func text(_ message: String) -> String {
    withSource(explained(message))
      + (help?.sentence(for: message).map { "\n  It means: \($0)" } ?? "")
  }

  /// All errors, below each other.
  func text(_ errors: [String]) -> String {
    errors.map { text($0) }.joined(separator: "\n")
      + (help == nil ? "" : "\nThe first one first; \(page) says what the compiler means.")
  }

  /// The line at a place, without the blanks around it; empty where there is none.
  func line(at place: SourcePlace) -> String {
    (source(place) ?? "").trimmingCharacters(in: .whitespaces)
  }

  /// A message with a word on what the file is to write and not to use.
  private func explained(_ error: String) -> String {
    guard let file = error.split(separator: ":").first.map(String.init),
      let name = manifest.reservedName(in: error, file: file)
    else { return error }
    return "\(error) (\(name) is the core's, which \(file) is to write and not to use)"
  }

  /// A message with the line below it.
  private func withSource(_ error: String) -> String {
    guard let message = CompilerMessage(error), let line = source(message.place) else {
      return error
    }
    let mark = String(repeating: " ", count: max(message.column - 1, 0)) + "^"
    return "\(error)\n  \(line)\n  \(mark)"
  }

  private func source(_ place: SourcePlace) -> String? {
    let text =
      others[place.file]
      ?? (try? String(contentsOfFile: "\(root)/\(folder)/\(place.file)", encoding: .utf8))
    let lines = text?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
    return lines.indices.contains(place.line - 1) ? String(lines[place.line - 1]) : nil
  }
}
