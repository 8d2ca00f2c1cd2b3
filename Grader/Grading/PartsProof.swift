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
      case .usesReserved(let uses):
        throw BuildError.untouchedFails(unit: manifest.unit, uses.map(\.sentence))
      }
    }
  }

  /// What a program has of parts that are not its own.
  public func problems(in worker: String, of program: StudentProgram) throws -> [String] {
    let symbols = SymbolReader(toolchain)
    let all = try symbols.defined(in: worker)
    let names = try symbols.inWords(all).map(SymbolWords.init)
    let common = try core.libraries.reduce(into: Set<String>()) {
      try $0.formUnion(symbols.defined(in: $1))
    }
    return try (manifest.parts ?? [:]).sorted { $0.key < $1.key }.compactMap { part, entry in
      guard !program.parts.contains(part) else { return nil }
      // What each part's archive defines and the rest of the core does not.
      let own = try core.parts[part].map {
        try symbols.defined(in: $0).subtracting(common)
      }
      guard let own, !own.isEmpty else {
        return "the part \(part) defines nothing that can be looked for; is it built?"
      }
      let copies = entry.holds.filter { name in names.contains { $0.mentions(name) } }
      let found = (copies + all.intersection(own).sorted()).prefix(5)
      guard !found.isEmpty else { return nil }
      return
        "the program \(program.name) has \(found.joined(separator: ", ")), which only files of the "
        + "part \(part) may use"
    }
  }
}
