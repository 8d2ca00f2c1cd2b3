import Foundation
import Sandbox

/// Symbols that the toolchain's programs cannot put in words.
package struct UnreadableSymbols: Error, CustomStringConvertible {
  package let description: String
}

/// What object files, archives and programs define, and what they ask others for, as the toolchain's
/// programs read it.
package struct SymbolReader {
  private let toolchain: Toolchain
  /// Runs a command and gives what it printed.
  private let output: ([String]) throws -> String

  /// Symbols of what students' files were compiled into are read in a sandbox.
  package init(_ toolchain: Toolchain, output: @escaping ([String]) throws -> String) {
    self.toolchain = toolchain
    self.output = output
  }

  /// Symbols of our own files.
  package init(_ toolchain: Toolchain) {
    self.init(toolchain) { command in
      let child = try ChildProcess(
        command, environment: ["PATH": "/usr/bin:/bin"], limits: Limits(outputBytes: 256 << 20))
      let ending = child.wait()
      guard ending.isSuccess else {
        throw BuildError.failed(
          reason:
            "\(command[0]) ended with \(ending.summary): \(child.standardError.text.prefix(300))")
      }
      return child.standardOutput.text
    }
  }

  /// What a file defines.
  package func defined(in file: String) throws -> Set<String> {
    try Set(symbols("--defined-only", file))
  }

  /// What a file uses and does not define.
  package func undefined(in file: String) throws -> Set<String> {
    try Set(symbols("--undefined-only", file))
  }

  private func symbols(_ which: String, _ file: String) throws -> [String] {
    let text = try output([
      toolchain.root + "/usr/bin/llvm-nm", which, "--format=just-symbols", file,
    ])
    // an archive's objects are named above their symbols
    return text.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.hasSuffix(":") }
  }

  /// No declaration of the core has a longer symbol, and reading one takes time by the square of its length.
  private static let longest = 4096

  /// The symbols in words, such as `TensorCore.Tensor.lstm(…)` for a method; those of C as they are.
  package func inWords(_ symbols: some Sequence<String>) throws -> [String] {
    var (words, names): ([String], [String]) = ([], [])
    for symbol in symbols {
      guard symbol.hasPrefix("$"), symbol.utf8.count < Self.longest else {
        words.append(symbol)
        continue
      }
      names.append(symbol)
    }
    for start in stride(from: 0, to: names.count, by: 200) {
      let some = Array(names[start..<min(start + 200, names.count)])
      let text = try output([toolchain.root + "/usr/bin/swift-demangle", "--compact"] + some)
      let lines = text.split(whereSeparator: \.isNewline).map(String.init)
      guard lines.count == some.count else {
        throw UnreadableSymbols(
          description: "swift-demangle gave \(lines.count) names for \(some.count)")
      }
      words += lines
    }
    return words
  }
}
