import Foundation

/// A program that a test runs from outside: status, sentences and files.
package struct Program {
  /// How a program ended and what it wrote.
  package struct Outcome {
    package let status: Int32
    package let output: String
    package let error: String
  }

  /// The folder of built products: that of the test bundle, which is an executable.
  package static var products: URL { Bundle.main.bundleURL }

  /// The course's tool.
  package static var rhythm: Program { Program(products.appendingPathComponent("rhythm")) }

  /// The program's file.
  package let file: URL

  /// Names a program.
  package init(_ file: URL) { self.file = file }

  /// Runs the program to its end, with nothing to read.
  ///
  /// The streams go to files: a program that fills one pipe while the test reads the other would wait
  /// for ever.
  ///
  /// - Parameters:
  ///   - folder: the current folder.
  ///   - environment: what differs from the test's own.
  package func run(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> Outcome {
    let streams = URL(fileURLWithPath: NSTemporaryDirectory())
      .appendingPathComponent("streams-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: streams, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: streams) }
    let (output, error) = (
      streams.appendingPathComponent("output"), streams.appendingPathComponent("error")
    )
    let process = try start(
      arguments, in: folder, environment: environment, output: output, error: error)
    process.waitUntilExit()
    func text(_ file: URL) throws -> String {
      String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }
    return Outcome(
      status: process.terminationStatus, output: try text(output), error: try text(error))
  }

  /// Starts the program; its streams go to files, which may be one and the same.
  package func start(
    _ arguments: [String], in folder: String, environment: [String: String] = [:], output: URL,
    error: URL
  ) throws -> Process {
    let process = Process()
    process.executableURL = file
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    try Data().write(to: output)
    let handle = try FileHandle(forWritingTo: output)
    process.standardOutput = handle
    if error == output {
      process.standardError = handle
    } else {
      try Data().write(to: error)
      process.standardError = try FileHandle(forWritingTo: error)
    }
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }
}
