import ArgumentParser
import Assignment
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
    printError("rhythm: \(sentence(error))")
    throw ExitCode(1)
  }
}

/// What an error says. The system's own have no sentence but a path and a reason.
func sentence(_ error: any Error) -> String {
  guard type(of: error) is NSError.Type || error is CocoaError || error is POSIXError else {
    return "\(error)"
  }
  let whole = error as NSError
  let deepest = whole.userInfo[NSUnderlyingErrorKey] as? NSError ?? whole
  let path =
    whole.userInfo[NSFilePathErrorKey] as? String ?? (whole.userInfo[NSURLErrorKey] as? URL)?.path
  let reason =
    deepest.domain == NSPOSIXErrorDomain
    ? String(cString: strerror(Int32(deepest.code))) : whole.localizedDescription
  return (path.map { "\($0): " } ?? "") + reason
}

/// A line that is written over again and again, on standard error and only where that is a
/// terminal that takes control codes.
final class ProgressLine {
  private let verb: String
  private var isShown = false

  init(_ verb: String) { self.verb = verb }

  func show(_ done: Int, _ total: Int) { show("\(done) of \(total)") }

  func show(_ text: String) {
    guard Console.error.takesControlCodes else { return }
    isShown = true
    // A longer line would wrap, and could then not be written over.
    let line = LineBreaks.fitting("\(verb) \(text)", to: max(20, terminalWidth() - 1))
    Console.error.write("\r\(line)\u{1B}[K")
  }

  func clear() {
    guard isShown else { return }
    isShown = false
    Console.error.write("\r\u{1B}[K")
  }
}

/// Whether standard output takes colours.
let isColoured = Console.output.takesControlCodes

/// The columns of the terminal on standard error; 80 where there is none.
func terminalWidth() -> Int { Console.error.columns ?? 80 }
