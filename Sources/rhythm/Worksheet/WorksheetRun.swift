import Assignment
import Building
import Foundation
import Sandbox
import WorkerPipe
import Workers

/// One run of a worksheet's program.
struct WorksheetRun {
  /// What is needed for it.
  struct Setting {
    let toolchain: Toolchain
    /// The processes that it is one of.
    let children: Children
    /// Processor seconds that it may take.
    let seconds: Double
    /// The names of the worksheet and of the student's files, for the line where it stops.
    let files: [String]
  }

  /// How it ended.
  enum End: Equatable {
    case well
    /// It was ended since it is not wanted any more.
    case outdated
    /// Why it ended, in a sentence, and at which lines, the innermost first.
    case badly(String, at: [SourcePlace])
  }

  private let setting: Setting
  private let limits: Limits

  init(_ setting: Setting) {
    self.setting = setting
    limits = Limits(
      cpuSeconds: setting.seconds, wallSeconds: 1e8, memoryBytes: 8 << 30, outputBytes: 1 << 20)
  }

  /// Runs a program to its end, and tells what it says meanwhile.
  ///
  /// - Parameters:
  ///   - program: its path.
  ///   - isOutdated: asked now and then; ends the run.
  ///   - print: is given the lines that it prints, to either stream.
  ///   - show: is given what its lines have given.
  /// - Throws: `SandboxError`.
  func callAsFunction(
    _ program: String, isOutdated: () -> Bool, print: (String) -> Void,
    show: (WorksheetRecord.Value) -> Void
  ) throws -> End {
    // one's own code on one's own machine
    let child = try ChildProcess(
      Sandbox(tier: .none, toolchain: setting.toolchain).confined(
        [program], view: .worker, limits: limits))
    var stream = LineStream()
    var thrown: [UInt] = []
    func tell(_ lines: [Substring]) {
      for line in lines {
        let (printed, record) = WorksheetRecord.split(line)
        if record == nil || !printed.isEmpty { print(printed) }
        switch record {
        case .value(let value)?: show(value)
        case .thrown(let places)?: thrown = places
        case nil: break
        }
      }
    }
    var isFlood = false
    let ending = setting.children.wait(for: child) {
      let output = child.standardOutput
      isFlood = output.droppedBytes > 0
      if isFlood || isOutdated() { return child.terminate() }
      tell(stream.take(output.text, isWhole: false))
    }
    tell(stream.take(child.standardOutput.text, isWhole: true))
    let errors = child.standardError.text
    if ending.isSuccess {
      errors.split(separator: "\n").forEach { print(String($0)) }
      return .well
    }
    if isFlood {
      return .badly("it was stopped: it printed more than \(limits.outputBytes >> 20) MiB", at: [])
    }
    if ending.terminated { return .outdated }
    if let message = Self.messageOfThrown(errors) {
      let places = CallPlaces(thrown, in: program, setting.toolchain, files: setting.files)
      return .badly("an error was thrown: \(message)", at: places.lines)
    }
    let trace = Backtrace(errors, files: setting.files)
    return .badly(
      reason(ending, trace, errors), at: trace.place.map { [$0] } ?? [])
  }

  private func reason(_ ending: Ending, _ trace: Backtrace, _ errors: String) -> String {
    if let exceeded = ending.exceeded {
      return "it was stopped: it \(exceeded.sentence(limits))"
        + (exceeded == .cpuSeconds
          ? ". Is there a loop that does not end? --seconds gives it more" : "")
    }
    if let reason = trace.reason { return "it crashed: \(reason)" }
    return "it ended with \(ending.summary)" + (errors.isEmpty ? "" : "\n\(errors)")
  }

  /// What the runtime says of an error that nothing has caught.
  private static func messageOfThrown(_ errors: String) -> String? {
    guard let start = errors.range(of: "Error raised at top level: ") else { return nil }
    let rest = errors[start.upperBound...]
    // what follows is the crash that it makes of it
    let end = ["\n\n*** ", "\nCurrent stack trace:"].compactMap { rest.range(of: $0)?.lowerBound }
    return rest[..<(end.min() ?? rest.endIndex)].trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// The lines of a growing text, each once.
private struct LineStream {
  private var taken = 0

  /// The lines that have come to their end since the last time.
  ///
  /// - Parameter isWhole: whether no more will come.
  mutating func take(_ text: String, isWhole: Bool) -> [Substring] {
    let rest = text.dropFirst(taken)
    guard let end = isWhole ? rest.endIndex : rest.lastIndex(of: "\n").map(rest.index(after:))
    else {
      return []
    }
    let new = rest[..<end]
    taken += new.count
    var lines = new.split(separator: "\n", omittingEmptySubsequences: false)
    if new.hasSuffix("\n") || new.isEmpty { lines.removeLast() }
    return lines
  }
}
