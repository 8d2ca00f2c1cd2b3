import Files
import Foundation

/// The program that draws, a subprocess for each picture.
public struct Gnuplot: Sendable {
  /// Where the program is.
  let program: String

  /// Looks for gnuplot on `searchPath`. Throws `PlotError.noGnuplot`.
  public init(
    searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? ""
  ) throws(PlotError) {
    let found = searchPath.split(separator: ":").lazy.map { "\($0)/gnuplot" }.first {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder)
        && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: $0)
    }
    guard let found else { throw .noGnuplot }
    program = found
  }

  /// Draws a figure into the file or files that `path` asks for, see `PictureFormat.files(of:)`;
  /// their folder is made. Each file is there whole or not at all.
  ///
  /// - Returns: the files.
  /// - Throws: `PlotError`.
  @discardableResult
  public func draw(_ figure: Figure, to path: String) throws(PlotError) -> [String] {
    var written: [String] = []
    for (path, format) in try PictureFormat.files(of: path) {
      let picture = try picture(figure, format)
      do {
        try AtomicFile.prepare(for: path)
        try AtomicFile.write(picture, to: path)
      } catch FileError.cannotWrite(_, let reason) {
        throw .unwritable(path: path, detail: reason)
      } catch {
        throw .unwritable(path: path, detail: "\(error)")
      }
      written.append(path)
    }
    return written
  }

  /// The bytes of a picture: the script goes in by standard input, the picture comes out by
  /// standard output, so gnuplot never sees a path. All three streams are files: with pipes, either
  /// side could wait for the other, or die of a broken one.
  private func picture(_ figure: Figure, _ format: PictureFormat) throws(PlotError) -> Data {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("rhythm-plot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["script", "picture", "complaints"].map(folder.appendingPathComponent)
    let process = Process()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(figure.script(for: format).utf8).write(to: files[0])
      for file in files.dropFirst() { try Data().write(to: file) }
      process.executableURL = URL(fileURLWithPath: program)
      // -d: what a user's own settings say must not change the course's pictures.
      process.arguments = ["-d"]
      var environment = ProcessInfo.processInfo.environment
      // Numbers with a point, texts in UTF-8.
      environment["LC_ALL"] = "C.UTF-8"
      process.environment = environment
      process.standardInput = try FileHandle(forReadingFrom: files[0])
      process.standardOutput = try FileHandle(forWritingTo: files[1])
      process.standardError = try FileHandle(forWritingTo: files[2])
      try process.run()
    } catch {
      throw .failed(detail: "it cannot be started: \(reason(error))")
    }
    process.waitUntilExit()
    let picture = (try? Data(contentsOf: files[1])) ?? Data()
    guard process.terminationStatus == 0, picture.starts(with: format.signature) else {
      let complaints = (try? Data(contentsOf: files[2])) ?? Data()
      let lines = String(decoding: complaints, as: UTF8.self).split(separator: "\n")
      throw .failed(
        detail: lines.last.map { $0.trimmingCharacters(in: .whitespaces) }
          ?? "status \(process.terminationStatus), no complaint")
    }
    return picture
  }

  private func reason(_ error: any Error) -> String {
    let error = error as NSError
    let deepest = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    return deepest.domain == NSPOSIXErrorDomain
      ? String(cString: strerror(Int32(deepest.code))) : "the system refused it"
  }
}
