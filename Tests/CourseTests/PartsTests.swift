import Foundation
import Judge
import Sandbox
import TestSupport
import XCTest

@testable import Assignment
@testable import Building
@testable import Grading
@testable import rhythm

/// What a task may not use is not in its program, and the proof of that can fail.
final class PartsTests: XCTestCase {
  private func parts() throws -> (WorkingCopy, AssignmentManifest, WorkerBuilder, PartsProof) {
    let copy = try WorkingCopy.find()
    let manifest = try AssignmentManifest.read(
      copy.assignment("RecurrentNetworks") + "/assignment.yml")
    let toolchain = try Toolchain.find()
    let builder = try WorkerBuilder(
      manifest, assignmentFolder: copy.solutions("RecurrentNetworks"), core: copy.core,
      sandbox: Sandbox(tier: .none, toolchain: toolchain), cacheFolder: copy.buildCache)
    return (
      copy, manifest, builder, PartsProof(manifest, core: copy.core, toolchain: toolchain)
    )
  }

  func testNoProgramHasWhatItsTasksMayNotUse() throws {
    let (_, manifest, builder, proof) = try parts()
    XCTAssertEqual(manifest.programs.map(\.name), ["core", "core+RecurrentLayers"])
    XCTAssertEqual(try proof.problems(builder), [])
  }

  /// A program with the part in it, held against what the others may have.
  func testThePartsOwnFunctionsAreFound() throws {
    let (_, manifest, builder, proof) = try parts()
    guard case .built(let worker, _) = try builder.build(program: manifest.wholeProgram) else {
      return XCTFail("the Solutions do not compile")
    }
    let problems = try proof.problems(in: worker, of: StudentProgram(parts: []))
    XCTAssertEqual(problems.count, 1)
    for name in ["BuiltinLSTM", "Tensor.lstm", "rk_lstm"] {
      XCTAssertTrue(problems[0].contains(name), problems[0])
    }
    XCTAssertEqual(try proof.problems(in: worker, of: manifest.wholeProgram), [])
  }

  /// The same function put back into the program under another roof: the part's own symbols are not
  /// there, its names are.
  func testACopyElsewhereIsFound() throws {
    let (copy, manifest, _, proof) = try parts()
    let scratch = try Scratch()
    try FileManager.default.copyItem(
      atPath: copy.solutions("RecurrentNetworks"), toPath: scratch.path + "/unit")
    try scratch.write(
      """
      import TensorCore
      extension Tensor { func lstm(_ weights: Tensor) -> Tensor { self } }
      final class BuiltinGRU {}
      """, "unit/Copy.swift")
    let builder = try WorkerBuilder(
      manifest, assignmentFolder: scratch.path + "/unit", core: copy.core,
      sandbox: Sandbox(tier: .none, toolchain: try Toolchain.find()),
      cacheFolder: scratch.path + "/cache")
    let problems = try proof.problems(builder)
    XCTAssertEqual(problems.count, 1, "\(problems)")
    XCTAssertTrue(problems.first?.contains("program core has") == true, "\(problems)")
    for name in ["BuiltinGRU", "Tensor.lstm"] {
      XCTAssertTrue(problems.first?.contains(name) == true, "\(problems)")
    }
  }

  func testAFileThatImportsAPartIsToldSo() throws {
    let (_, manifest, _, _) = try parts()
    func found(_ text: String, _ file: String = "LSTM.swift") -> String? {
      manifest.foreignImport(in: text, file: file)
    }
    XCTAssertEqual(found("import TensorCore\nimport RecurrentLayers\n"), "RecurrentLayers")
    XCTAssertEqual(
      found("@preconcurrency import class RecurrentLayers.BuiltinLSTM"), "RecurrentLayers")
    XCTAssertNil(found("// import RecurrentLayers\nimport TensorCore"))
    XCTAssertNil(found("import RecurrentLayersOfMine"))
    XCTAssertNil(found("import RecurrentLayers", "BuiltinLSTMNet.swift"))
  }

  func testWhatTheCompilerMissesIsCalledTheCores() throws {
    let (_, manifest, _, _) = try parts()
    func name(_ error: String, _ file: String = "LSTM.swift") -> String? {
      manifest.reservedName(in: "\(file):1:2: error: \(error)", file: file)
    }
    XCTAssertEqual(name("cannot find 'BuiltinLSTM' in scope"), "BuiltinLSTM")
    XCTAssertEqual(name("cannot find type 'BuiltinGRU' in scope"), "BuiltinGRU")
    XCTAssertEqual(name("value of type 'Tensor' has no member 'lstm'"), "lstm")
    XCTAssertEqual(name("no such module 'RecurrentLayers'"), "RecurrentLayers")
    XCTAssertEqual(name("undefined symbol: rk_lstm"), "rk_lstm")
    XCTAssertNil(name("value of type 'LSTMNet' has no member 'lstm'"))
    XCTAssertNil(name("cannot find 'BuiltinLSTM' in scope", "BuiltinLSTMNet.swift"))
  }
}
