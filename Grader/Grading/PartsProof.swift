import Assignment
import Building
import Files
import Foundation
import Sandbox

/// Proves by the symbols of programs that what a task may not use is not in its program: neither the
/// part of the core that has it nor a copy of it elsewhere.
///
/// It looks at programs that are made of our own files, with the means that students' are made with.
public struct PartsProof {
  private let manifest: AssignmentManifest
  private let core: CoreProducts
  private let toolchain: Toolchain

  /// Prepares the proof.
  public init(_ manifest: AssignmentManifest, core: CoreProducts, toolchain: Toolchain) {
    self.manifest = manifest
    self.core = core
    self.toolchain = toolchain
  }

  /// Looks into a program before anything is graded with its like, once for each.
  ///
  /// What is built by pieces can keep pieces that the sources no longer have: an archive of a core that
  /// was built before a part was moved out of it is the case in point.
  ///
  /// - Parameter cache: the folder of built workers, where it is noted that all is as it should be.
  /// - Throws: `BuildError.partInProgram`.
  func require(of worker: String, _ program: StudentProgram, cache: String) throws {
    guard !(manifest.parts ?? [:]).keys.allSatisfy(program.parts.contains) else { return }
    let wanted = try String(
      decoding: JSONEncoder().encode(
        manifest.parts?.mapValues(\.holds).sorted { $0.key < $1.key }.map { [$0.key] + $0.value }),
      as: UTF8.self)
    let bytes = FileManager.default.contents(atPath: worker) ?? Data()
    let key = WorkerBuilder.hash(["worker": [UInt8](bytes)], ["parts", program.name, wanted])
    let mark = "\(cache)/proven-\(key)"
    if FileManager.default.fileExists(atPath: mark) { return CacheLimit.touch(mark) }
    if let problem = try problems(in: worker, of: program).first {
      throw BuildError.partInProgram(problem)
    }
    try AtomicFile.write(Data(), to: mark)
  }

  /// Builds every program of the assignment and looks into it.
  ///
  /// - Returns: what should not be there, a sentence for each part of each program; none where all is
  ///   as it should be.
  /// - Throws: what the builder throws, and `GradingError` when a program does not compile.
  public func problems(_ builder: WorkerBuilder) throws -> [String] {
    try manifest.programs.flatMap { program in
      switch try builder.build(program: program) {
      case .built(let worker, _): try problems(in: worker, of: program)
      case .rejected(let errors):
        throw BuildError.untouchedFails(unit: manifest.unit, errors)
      }
    }
  }

  /// What a program has of parts that are not its own.
  public func problems(in worker: String, of program: StudentProgram) throws -> [String] {
    let all = try Self.defined(in: worker, toolchain)
    let names = try demangled(all)
    let common = try core.libraries.reduce(into: Set<String>()) {
      try $0.formUnion(Self.defined(in: $1, toolchain))
    }
    return try (manifest.parts ?? [:]).sorted { $0.key < $1.key }.compactMap { part, entry in
      guard !program.parts.contains(part) else { return nil }
      // What each part's archive defines and the rest of the core does not.
      let own = try core.parts[part].map {
        try Self.defined(in: $0, toolchain).subtracting(common)
      }
      guard let own, !own.isEmpty else {
        return "the part \(part) defines nothing that can be looked for; is it built?"
      }
      let copies = entry.holds.filter { name in names.contains { Self.mentions(name, in: $0) } }
      let found = (copies + all.intersection(own).sorted()).prefix(5)
      guard !found.isEmpty else { return nil }
      return
        "the program \(program.name) has \(found.joined(separator: ", ")), which only files of the "
        + "part \(part) may use"
    }
  }

  /// Whether a symbol in words is of the name: as a whole word, a member with what it belongs to.
  private static func mentions(_ name: String, in symbol: String) -> Bool {
    func isWord(_ character: Character?) -> Bool {
      character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
    }
    var rest = symbol[...]
    while let range = rest.firstRange(of: name) {
      let before =
        range.lowerBound > symbol.startIndex
        ? symbol[symbol.index(before: range.lowerBound)] : nil
      let after = range.upperBound < symbol.endIndex ? symbol[range.upperBound] : nil
      if !isWord(before), !isWord(after) { return true }
      rest = symbol[range.upperBound...]
    }
    return false
  }

  // MARK: The toolchain's tools

  private static func defined(in file: String, _ toolchain: Toolchain) throws -> Set<String> {
    let text = try run(
      toolchain.root + "/usr/bin/llvm-nm", ["--defined-only", "--format=just-symbols", file])
    return Set(
      text.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.hasSuffix(":") })
  }

  /// The names in words; `Tensor.lstm(…)` for a method.
  private func demangled(_ symbols: Set<String>) throws -> [String] {
    let folder = Leftovers.name(in: NSTemporaryDirectory(), prefix: WorkerBuilder.leftover)
    try AtomicFile.createFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let list = folder + "/symbols"
    try AtomicFile.write(Data(symbols.sorted().joined(separator: "\n").utf8), to: list)
    return try Self.run(
      "/bin/sh", ["-c", "exec \"$0\" <\"$1\"", toolchain.root + "/usr/bin/swift-demangle", list]
    ).split(whereSeparator: \.isNewline).map(String.init)
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> String {
    let child = try ChildProcess(
      [program] + arguments, environment: ["PATH": "/usr/bin:/bin"],
      limits: Limits(outputBytes: 256 << 20))
    let ending = child.wait()
    guard ending.isSuccess else {
      throw BuildError.failed(
        reason: "\(program) ended with \(ending.summary): \(child.standardError.text.prefix(300))")
    }
    return child.standardOutput.text
  }
}
