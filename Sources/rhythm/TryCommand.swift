import ArgumentParser
import Assignment
import Building
import Foundation
import Rainbow
import Sandbox

/// `rhythm try`: a worksheet, run at each save.
struct TryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "try", abstract: "Try lines of Swift on tensors and on your own code.",
    discussion: """
      Runs a file of yours at each save, of it or of the unit's files, and shows what each line gives: \
      the name, the shape, the values. What the unit's files declare can be called. Ctrl-C ends it; \
      where the output is no terminal the file is run once. Nothing of it is handed in. Of \
      let (a, b) = … the compiler tells nothing: write a on a line of its own.
      """)

  @Argument(
    help: "The file; by default .rhythmlab/UNIT/Scratch.swift. It is made where it is missing.")
  var file: String?

  @Flag(help: "Run it once and end, with status 1 where it does not compile or does not end well.")
  var once = false

  @Option(parsing: .unconditional, help: "Processor seconds after which a run is stopped.")
  var seconds = 60.0

  @OptionGroup var unit: UnitOption

  func validate() throws {
    guard seconds > 0, seconds.isFinite else {
      throw ValidationError("--seconds must be a positive number.")
    }
  }

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      let unit = try copy.unit(unit)
      let file = try WorksheetFile(file, unit: unit, in: copy)
      if try file.makeIfMissing(unit.manifest) {
        printLine("made \(file.path), with a few lines to begin with")
      }
      let toolchain = try Toolchain.find()
      let session = WorksheetSession(
        file: file, unit: unit, copy: copy, seconds: seconds, toolchain: toolchain,
        builder: try WorksheetBuilder(
          unit.manifest, assignmentFolder: copy.assignment(unit.name), core: copy.core,
          sandbox: Sandbox(tier: .none, toolchain: toolchain), cacheFolder: copy.buildCache))
      try stoppable(session.stop) {
        if once || Console.output.columns == nil {
          guard try session.run(isOutdated: { false }) else { throw ExitCode(1) }
        } else {
          session.watch()
        }
      }
    }
  }
}

/// A worksheet that is run once or again and again.
private struct WorksheetSession {
  let file: WorksheetFile
  let unit: UnitManifest
  let copy: WorkingCopy
  let seconds: Double
  let toolchain: Toolchain
  let builder: WorksheetBuilder
  private let children = Children()

  init(
    file: WorksheetFile, unit: UnitManifest, copy: WorkingCopy, seconds: Double,
    toolchain: Toolchain, builder: WorksheetBuilder
  ) {
    self.file = file
    self.unit = unit
    self.copy = copy
    self.seconds = seconds
    self.toolchain = toolchain
    self.builder = builder
  }

  /// Ends what is being done.
  @Sendable func stop() {
    builder.cancel()
    children.cancel()
  }

  /// Runs it at each save, until it is stopped.
  func watch() {
    var watch = FileWatch(file.path, andFolder: copy.assignment(unit.name))
    while !children.isCancelled {
      watch.note()
      do {
        _ = try run(isOutdated: { watch.hasChanged })
      } catch is CancellationError {
        return
      } catch {
        // what cannot be read may be there in a moment
        printError("rhythm: \(sentence(error))")
      }
      if !watch.hasChanged {
        printLine(dim("Save \(file.path) to run it again; Ctrl-C ends."))
      }
      while !children.isCancelled, !watch.hasChanged { usleep(300_000) }
    }
  }

  /// Compiles and runs it.
  ///
  /// - Returns: whether all went well.
  func run(isOutdated: () -> Bool) throws -> Bool {
    let text = try file.text()
    let folder = "Assignments/\(unit.name)"
    let messages = CompilerText(
      unit.manifest, root: copy.root, folder: folder, others: [file.name: text])
    let progress = ProgressLine("compiling")
    progress.show(file.name)
    defer { progress.clear() }
    let start = ContinuousClock.now
    let outcome = try builder.build(text, name: file.name)
    let compiled = ContinuousClock.now
    progress.clear()
    guard case .built(let worksheet) = outcome else {
      if case .rejected(let errors) = outcome {
        printLine("\(file.name) does not compile:\n" + messages.text(errors))
      }
      return false
    }
    worksheet.warnings.forEach { printLine(messages.text($0)) }
    if !worksheet.errorsOfUnit.isEmpty {
      printLine(
        "\(folder) does not compile, so \(file.name) runs without it:\n"
          + messages.text(worksheet.errorsOfUnit))
    }
    if !worksheet.showsValues {
      printLine("This compiler cannot say what each line gives: only what is printed is shown.")
    }
    var shown = WorksheetText(text, isColoured: isColoured)
    let run = WorksheetRun(
      WorksheetRun.Setting(
        toolchain: toolchain, children: children, seconds: seconds,
        files: [file.name] + unit.manifest.files))
    let end = try run(
      worksheet.program, isOutdated: isOutdated,
      print: { shown.lines(printed: $0).forEach(printLine) },
      show: { shown.lines($0).forEach(printLine) })
    if children.isCancelled { throw CancellationError() }
    if case .badly(let reason, let places) = end {
      printLine(isColoured ? reason.red : reason)
      places.forEach { printLine("  at \($0): \(messages.line(at: $0))") }
      if places.isEmpty, let line = shown.lastLine {
        let place = SourcePlace(file: file.name, line: line)
        printLine("  the last line that gave something was \(place): \(messages.line(at: place))")
      }
    }
    printLine(
      dim("compiled in \(seconds(compiled - start)) s, run in \(seconds(.now - compiled)) s"))
    return end == .well
  }

  private func seconds(_ duration: Duration) -> String {
    String(format: "%.1f", duration / .seconds(1))
  }

  private func dim(_ text: String) -> String { isColoured ? text.dim : text }
}
