import Foundation
import TestSupport
import XCTest

/// Whether every public operation is tested: against PyTorch on ordinary numbers and at the edges, with
/// absurd arguments, and for the same bits on any number of threads. The source is read for what there is,
/// and the tables of the tests for what they call.
///
/// Operations are told apart by their names alone: of two with one name, one may be missing.
final class OperationListTests: XCTestCase {
  private static let creation = "it makes a tensor of no other: CreationTests, RandomTests"
  private static let whole =
    "it gives whole numbers or marks: the edges are refused, or there are none"
  private static let moves = "it moves nothing: a new shape for the same elements"
  private static let oneThread = "it runs on the caller's thread alone"

  func testEveryOperationIsComparedOnOrdinaryNumbers() throws {
    try check(
      try called(inCasesOf: ["operations", "tensor_operations", "layer_operations"]),
      but: [
        "arange": Self.creation, "eye": Self.creation, "full": Self.creation,
        "randn": Self.creation, "uniform": Self.creation,
        "erf": "FunctionTests compare every 4099th of all floats",
        "flattened": Self.moves, "linear": "FastPathTests compare it with what it is made of",
        "unstacked": "it is select, position by position",
      ])
  }

  func testEveryOperationIsComparedAtTheEdges() throws {
    try check(
      try called(inCasesOf: ["edge_operations"]),
      but: [
        "arange": Self.creation, "eye": Self.creation, "randn": Self.creation,
        "uniform": Self.creation, "lengthMask": Self.whole, "oneHot": Self.whole,
        "erf": "FunctionTests compare infinities, NaN and denormals",
      ])
  }

  func testEveryOperationIsCalledWithAbsurdArguments() throws {
    try check(try called(in: ["Tests/AbsurdCalls/Subjects.swift"]), but: [:])
  }

  func testEveryOperationIsComparedOnSeveralThreads() throws {
    try check(
      try called(in: ["Tests/TensorCoreTests/ThreadTests.swift"]),
      but: [
        "eye": Self.oneThread, "full": Self.oneThread, "linspace": Self.oneThread,
        "uniform": Self.oneThread, "zeros": Self.oneThread, "lengthMask": Self.oneThread,
        "oneHot": Self.oneThread, "flattened": Self.moves, "squeezed": Self.moves,
        "unsqueezed": Self.moves,
      ])
  }

  private func check(
    _ called: (String) throws -> Bool, but exceptions: [String: String], line: UInt = #line
  ) throws {
    let operations = try Self.operations()
    XCTAssertGreaterThan(operations.count, 80, "the source is no longer read", line: line)
    let missing = try operations.filter { try !called($0) }
    let unexpected = missing.filter { exceptions[$0] == nil }
    XCTAssertEqual(unexpected, [], "are public and not in the list", line: line)
    let stale = exceptions.keys.filter { !missing.contains($0) }.sorted()
    XCTAssertEqual(stale, [], "are in the list or no more: they are no exceptions", line: line)
  }

  // MARK: - What there is

  /// The names of the public functions and operators of the core that give a tensor. Files and graphs
  /// calculate nothing, and PyTorch's names are refused by the compiler.
  private static func operations() throws -> [String] {
    let folder = Repository.folder.appendingPathComponent("Sources/TensorCore")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var names: Set<String> = []
    for case let file as URL in try XCTUnwrap(files)
    where file.pathExtension == "swift"
      && Set(["PyTorchNames.swift", "Tensor.swift", "Files", "Autograd"])
        .isDisjoint(with: file.pathComponents.suffix(2))
    {
      let source = try String(contentsOf: file, encoding: .utf8)
      for match in source.matches(
        of:
          #/public (?:static )?(?:prefix )?func `?([^\s`(<]+|\.?<=?)`?(?:<[^>(]*>)?\s*\(([^{]*)\{/#)
      {
        let result = match.2.split(separator: "->", omittingEmptySubsequences: false).last ?? ""
        if match.2.contains("->"), result.contains("Tensor") { names.insert(String(match.1)) }
      }
    }
    return names.sorted()
  }

  // MARK: - What is called

  /// Whether one of the files calls an operation.
  private func called(in files: [String]) throws -> (String) throws -> Bool {
    let text = try files.map(Self.text).joined(separator: "\n")
    return { try Self.calls($0, text) }
  }

  /// Whether an operation is called by a line of the tables that a case of the fixtures uses.
  private func called(inCasesOf fixtures: [String]) throws -> (String) throws -> Bool {
    struct Listing: Decodable {
      struct Case: Decodable { let op: String }
      let cases: [Case]
    }
    let used = try Set(
      fixtures.flatMap { name in
        try Fixture.decode(Listing.self, "TensorCoreTests/Fixtures/\(name).json").cases.map(\.op)
      })
    let tables = try [
      "OperationGridTests", "TensorOperationTests", "LayerOperationTests", "EdgeGrid",
    ]
    .map { try Self.text("Tests/TensorCoreTests/\($0).swift") }
    var lines: [Substring] = []
    for table in tables {
      // from one `case "name":` to the next
      let starts = table.matches(of: #/case ("[^:\n]*):|default:/#)
      for (start, next) in zip(starts, starts.dropFirst()) {
        guard let names = start.1 else { continue }
        if names.matches(of: #/"(\w+)"/#).contains(where: { used.contains(String($0.1)) }) {
          lines.append(table[start.range.upperBound..<next.range.lowerBound])
        }
      }
    }
    let text = lines.joined(separator: "\n")
    return { try Self.calls($0, text) }
  }

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: Repository.folder.appendingPathComponent(path), encoding: .utf8)
  }

  private static func calls(_ name: String, _ text: String) throws -> Bool {
    let escaped = NSRegularExpression.escapedPattern(for: name)
    let isWord = name.allSatisfy { $0.isLetter || $0.isNumber }
    // of a tensor, or as a function of one of the tables' arguments, not Swift's own of that name; an
    // operator stands after an operand, not after a text
    let pattern =
      isWord
      ? "\\.\(escaped)\\b|(?<![.\\w])\(escaped)\\(\\s*(\\$0|x[\\[,]|logits|\\w+\\()"
      : "(\\$\\d|\\]|\\b[xyzn]|\\)|\\d) \(escaped) [$\\w(]"
    return text.range(of: pattern, options: .regularExpression) != nil
  }
}
