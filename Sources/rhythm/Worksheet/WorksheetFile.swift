import Assignment
import Files
import Foundation

/// A student's file of lines to try.
struct WorksheetFile {
  /// Where it is.
  let path: String
  /// Its name, as the compiler's messages have it.
  let name: String

  /// Names a worksheet.
  ///
  /// - Parameter path: a file that is there or not; the unit's own by default.
  /// - Throws: a sentence where it cannot be one.
  init(_ path: String?, unit: UnitManifest, in copy: WorkingCopy) throws {
    self.path = path ?? copy.state(unit.name) + "/Scratch.swift"
    let url = URL(fileURLWithPath: self.path).standardizedFileURL.resolvingSymlinksInPath()
    name = url.lastPathComponent
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: self.path, isDirectory: &isFolder), isFolder.boolValue
    {
      throw WorkingCopyError(description: "\(self.path) is a folder: name a Swift file")
    }
    guard name.hasSuffix(".swift"), name.count > 6, !name.contains(where: { "\"\\:".contains($0) })
    else {
      throw WorkingCopyError(
        description: "\(self.path) is no Swift file: its name must end in .swift")
    }
    // what is handed in is found by its name, wherever it lies, and what lies in a unit's folder is built with
    // it
    let folder = copy.assignment(unit.name)
    let own = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let taken = unit.manifest.files + own.filter { $0.hasSuffix(".swift") }
    let folders = [
      "Assignments", "Sources", "Grader", "Tests",
      // BEGIN INSTRUCTOR: a student's copy has none
      "Solutions",
      // END INSTRUCTOR
    ].map {
      URL(fileURLWithPath: copy.root + "/" + $0).resolvingSymlinksInPath().path + "/"
    }
    if taken.contains(where: { $0.lowercased() == name.lowercased() })
      || folders.contains(where: url.path.hasPrefix)
    {
      throw WorkingCopyError(
        description:
          "\(self.path) cannot be tried in: it has the name or the folder of a file of the "
          + "course. Choose another one, or none for \(copy.state(unit.name))/Scratch.swift")
    }
  }

  /// Makes it with a few lines to begin with, where it is not there.
  ///
  /// - Returns: whether it was made.
  /// - Throws: `FileError.cannotWrite`.
  func makeIfMissing(_ manifest: AssignmentManifest) throws -> Bool {
    guard !FileManager.default.fileExists(atPath: path) else { return false }
    try AtomicFile.prepare(for: path)
    try AtomicFile.write(Self.example(manifest), to: path)
    return true
  }

  /// The text.
  ///
  /// - Throws: a sentence where it cannot be read or is no text.
  func text() throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError.cannotRead(path: path, reason: "is it gone, or not yours?")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw FileError.cannotRead(path: path, reason: "it is no text in UTF-8")
    }
    return text
  }

  private static func example(_ manifest: AssignmentManifest) -> String {
    let own = (manifest.worksheet ?? "").split(separator: "\n").map { "// \($0)" }
    return """
      // A place to try a line: save this file, and ./rhythm try runs it and shows what each line gives.
      // It is yours; nothing of it is handed in.

      import NeuralNetworks
      import TensorCore

      var generator = RandomGenerator(seed: 1)

      let X = Tensor.randn([2, 3], using: &generator)
      let W = try Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
      let Y = try X.matmul(W)
      sigmoid(Y)
      print("Y has", Y.shape[0], "rows")

      let layer = Linear(2, 4, using: &generator)
      try layer(Y)

      // What is in your own files can be called too.\(own.isEmpty ? "" : " Once it is written, take the // away:")

      """ + own.map { $0 + "\n" }.joined()
  }
}
