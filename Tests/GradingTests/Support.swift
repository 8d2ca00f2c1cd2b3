import Foundation
import Gradebook
import Intake
import Publication
import Reports
import Sandbox
import TestSupport
import XCTest

@testable import Assignment
@testable import Building
@testable import Grading
@testable import Judge

extension Scratch {
  /// The gradebook of the folder that runs write.
  func gradebook() throws -> Gradebook { try Gradebook(folder: path + "/out") }
}

/// A unit of two files against a core of one function, with a judge that misbehaves where a submission is
/// named so.
struct TinyUnit {
  let core: CoreProducts
  let assignmentFolder: String
  let judge: String
  let sandbox: Sandbox
  /// Where built workers are kept.
  let cacheFolder: String

  /// The core of those who only use it, compiled once.
  private static let sharedCore = Result {
    try core(in: Scratch.ofProcess().path + "/tiny", Toolchain.find())
  }

  /// - Parameter ownCore: whether the test has a core and a cache of its own, to look into or to break.
  init(_ scratch: Scratch, _ tier: SandboxTier = .bubblewrap, ownCore: Bool = false) throws {
    if let reason = Sandbox.probe(tier) {
      throw XCTSkip("\(tier.rawValue) does not work here: \(reason)")
    }
    sandbox = try Sandbox.select(tier)
    core = try ownCore ? Self.core(in: scratch.path, sandbox.toolchain) : Self.sharedCore.get()
    cacheFolder = try (ownCore ? scratch.path : Scratch.ofProcess().path + "/tiny") + "/cache"
    assignmentFolder = scratch.path + "/Assignments/Tiny"
    try scratch.write(
      "import TinyCore\nfunc first() -> Int { 0 }\n", "Assignments/Tiny/First.swift")
    try scratch.write("func second() -> Int { 0 }\n", "Assignments/Tiny/Second.swift")
    try scratch.write(
      "@main enum Worker { static func main() { print(first(), second()) } }\n",
      "Assignments/Tiny/Worker.swift")
    try scratch.write(
      """
      unit: Tiny
      title: A tiny <unit>
      files: [First.swift, Second.swift]
      data: {kind: spectrogram-chunks, training: 1, validation: 1}
      goals: {}
      tasks:
        - id: "1"
          name: First
          title: The first
          file: First.swift
          points: 2
          checks:
            - {id: first.value, test: A/test, title: Value, points: 2}
        - id: "2"
          name: Second
          title: The second
          file: Second.swift
          points: 1
          checks:
            - {id: second.value, test: B/test, title: Value, points: 1, needs: [first.value]}
      limits: {build: {}, check: {}, training: {}}
      """, "Assignments/Tiny/assignment.yml")
    for name in ["A", "B"] {
      try scratch.write(
        "final class \(name): CheckCase {\n  func test() {}\n}\n", "checks/\(name).swift")
    }
    // Stands in for the judge: asks the worker once. Submissions named so make it misbehave.
    judge = try scratch.write(
      """
      #!/bin/sh
      test "$1" = --request || exit 2
      field() { sed -n "s/.*\\"$2\\" : \\"\\(.*\\)\\",*$/\\1/p" "$1"; }
      result=$(field "$2" resultPath); name=$(field "$2" submission)
      here=$(dirname "$0"); mkdir -p "$here/requests"
      cp "$2" "$here/requests/"
      case $name in
        judge-crashes) kill -9 $$ ;;
        judge-silent) exit 0 ;;
        judge-garbles) echo '{"score": 3' > "$result"; exit 0 ;;
        judge-hangs) sleep 600 ;;
        judge-waits) grep -q '"patience" : 1,' "$2" && late=timedOut ;;
        judge-lies) name=someone-else ;;
        judge-places-*) place=',"place":{"file":"Second.swift","line":1}' ;;
      esac
      set -- $($(field "$2" core))
      check() { echo "{\\"id\\":\\"$1\\",\\"task\\":\\"T\\",\\"points\\":$2,\\"maxPoints\\":$3,"
        echo "\\"outcome\\":\\"$4\\",\\"message\\":\\"$5\\",\\"seconds\\":0.1"
        test "$4" = timedOut && echo ",\\"timeLimit\\":\\"clock\\""; echo "$place}"; }
      a=0; ao=failed; test "$1" = 42 && a=2 && ao=passed
      b=0; bo=failed; test "$2" = 7 && b=1 && bo=passed
      test -n "$late" && a=0 && ao=timedOut
      { echo "{\\"submission\\":\\"$name\\",\\"answered\\":0.2,\\"checks\\":["
        check first.value $a 2 $ao "got $1, expected <42>"; echo ,
        check second.value $b 1 $bo "got $2, expected 7"; echo "]}"; } > "$result"
      """, "judge.sh")
    chmod(judge, 0o755)
  }

  private static func core(in place: String, _ toolchain: Toolchain) throws -> CoreProducts {
    let folder = place + "/core"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    // What lies beside the core, as the solutions do, is not for students.
    for (module, text, products) in [
      ("TinyCore", "public func double(_ x: Int) -> Int { 2 * x }\n", "-emit-library -static"),
      ("Secret", "public let answer = 42\n", ""),
    ] {
      try text.write(toFile: "\(folder)/\(module).swift", atomically: true, encoding: .utf8)
      let line =
        "\(toolchain.compiler) -O -module-name \(module) -parse-as-library -emit-module \(products) "
        + "\(module).swift" + (products.isEmpty ? "" : " -o lib\(module).a")
      let outcome = try Program(URL(fileURLWithPath: "/bin/sh")).run(["-ec", line], in: folder)
      guard outcome.status == 0 else { throw FixtureError(outcome.error) }
    }
    return CoreProducts(
      moduleDirectory: folder, modules: ["TinyCore"], libraries: [folder + "/libTinyCore.a"])
  }

  func builder(limits: Limits = .build) throws -> WorkerBuilder {
    var manifest = try AssignmentManifest.read(assignmentFolder + "/assignment.yml")
    manifest.limits.build = limits
    return try WorkerBuilder(
      manifest, assignmentFolder: assignmentFolder, core: core, sandbox: sandbox,
      cacheFolder: cacheFolder)
  }

  func options(_ scratch: Scratch) -> GradeOptions {
    var options = GradeOptions(
      command: "grade", submissions: .folder(scratch.path + "/class"),
      outputFolder: scratch.path + "/out", assignmentFolder: assignmentFolder,
      checksFolder: scratch.path + "/checks", judgeHash: "judge", core: core,
      judgeCommand: [judge], referenceWorkerPath: "/usr/bin/true", dataSource: "",
      dataIdentity: "none", prepareData: { _ in }, withoutAccuracy: false, seed: 5,
      sandbox: sandbox, jobs: 2, cacheFolder: cacheFolder, publishes: true)
    options.writeReports = { [assignmentFolder] path in
      let folder = try ClassFolder(path: path, assignmentFolder: assignmentFolder)
      try folder.writeReports(try folder.read())
    }
    return options
  }

  /// Runs with a gradebook of its own, as a command does.
  @discardableResult
  func grade(
    _ scratch: Scratch, _ change: (inout GradeOptions) -> Void = { _ in }
  ) throws -> GradeSummary {
    var options = options(scratch)
    change(&options)
    return try GradeRun(options, gradebook: try Gradebook(folder: options.outputFolder)).run { _ in
    }
  }

  /// What the judge was asked so far.
  func requests(_ scratch: Scratch) throws -> [JudgeRequest] {
    let folder = scratch.path + "/requests"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return try names.map {
      try JSONDecoder().decode(
        JudgeRequest.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0)))
    }
  }
}

extension IntakeReport {
  /// What must be looked at, a sentence each.
  var sentences: [String] { problems.map(\.sentence) }
}

/// Declarations that take the compiler minutes: overloads and literals that the type checker goes
/// through in all combinations.
///
/// - Parameter name: what their names begin with.
func endlessToCompile(_ name: String) -> String {
  let function = """
    func \(name)() -> Int {
      let a = 1 + 2.0 * -3 + [4, 5.0, 6].reduce(0, +) - (7 + 8.0) / 9 + (10 - 11.0) * -12 + 13.5 - 14
        + [1, 2.0, -3].map { $0 * 2 + 1.5 - -$0 }.reduce(0) { $0 + $1 * 3 - 4.0 } + (5 + 6.0) * -7
      return Int(a) + "x"
    }

    """
  let constants = (0..<4000).map {
    "let \(name)\($0) = [\($0): [1, 2.5, -3], 7: [4, 5, 6.5]]"
      + ".mapValues { $0.reduce(0) { $0 + $1 * -2 } }\n"
  }
  return function + constants.joined()
}
