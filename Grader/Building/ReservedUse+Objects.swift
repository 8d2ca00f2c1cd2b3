import Assignment
import Foundation
import Sandbox

extension ReservedUse {
  /// What the student's files of a unit use and are to write, in a working copy that SwiftPM has built: it keeps
  /// an object for each file. A file without an object is passed over, for only a build for debugging has them;
  /// whoever grades looks at objects of its own making.
  ///
  /// - Parameters:
  ///   - sources: the folder of the files.
  ///   - objects: the folder of `Layer.swift.o`.
  /// - Throws: `BuildError.failed`, `UnreadableSymbols`, as sentences.
  package static func all(
    _ manifest: AssignmentManifest, sources: String, objects: String, toolchain: Toolchain
  ) throws -> [ReservedUse] {
    guard let names = manifest.reserved, !names.isEmpty else { return [] }
    let symbols = SymbolReader(toolchain)
    return try manifest.files.compactMap { file in
      let object = "\(objects)/\(file).o"
      guard FileManager.default.fileExists(atPath: object),
        let name = try ReservedNames(names).first(in: object, ofModule: manifest.unit, symbols)
      else { return nil }
      let text = try? String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8)
      return ReservedUse(file: file, name: name, in: text ?? "")
    }
  }
}
