import ArgumentParser
import Foundation
import Recordings

/// Runs `body`; a failure becomes its one sentence on standard error and exit status 1, Ctrl-C
/// exit status 130.
func reportingFailure(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let exit as ExitCode {
    throw exit
  } catch let error as DataSettingError {
    throw ValidationError("\(error).")
  } catch let error as ValidationError {
    throw error
  } catch is CancellationError {
    printError("rhythm: stopped")
    throw ExitCode(130)
  } catch {
    printError("rhythm: \(error)")
    throw ExitCode(1)
  }
}

/// Writes a line to standard error.
func printError(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }

/// Writes a line to standard output at once, also where that is a file that somebody follows.
func printLine(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }

/// A line that is written over again and again, on standard error and only where that is a
/// terminal.
final class ProgressLine {
  private let verb: String
  private let isTerminal = isatty(STDERR_FILENO) != 0
  private var isShown = false

  init(_ verb: String) { self.verb = verb }

  func show(_ done: Int, _ total: Int) { show("\(done) of \(total)") }

  func show(_ text: String) {
    guard isTerminal else { return }
    isShown = true
    // A longer line would wrap, and could then not be written over.
    let line = "\(verb) \(text)".prefix(max(20, terminalWidth() - 1))
    FileHandle.standardError.write(Data("\r\(line)\u{1B}[K".utf8))
  }

  func clear() {
    guard isShown else { return }
    isShown = false
    FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
  }
}

/// Whether standard output is a terminal that wants colours. Source: no-color.org.
let isColoured =
  isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil

/// The columns of the terminal on standard error; 80 where it does not say.
func terminalWidth() -> Int {
  var size = winsize()
  return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    ? Int(size.ws_col) : 80
}
