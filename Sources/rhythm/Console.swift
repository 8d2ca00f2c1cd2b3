import Assignment
import Foundation

/// Standard output or standard error: what it can show, and what becomes of what cannot be written.
struct Console: Sendable {
  static let output = Console(STDOUT_FILENO)
  static let error = Console(STDERR_FILENO)

  private let descriptor: Int32
  /// Whether somebody looks at it.
  private let isTerminal: Bool
  /// Whether it takes control codes: a terminal that knows them, and nobody who asked for none.
  /// Source: no-color.org.
  let takesControlCodes: Bool

  private init(_ descriptor: Int32) {
    self.descriptor = descriptor
    isTerminal = isatty(descriptor) == 1
    let environment = ProcessInfo.processInfo.environment
    takesControlCodes =
      isTerminal && (environment["TERM"] ?? "dumb") != "dumb"
      && (environment["NO_COLOR"] ?? "").isEmpty
  }

  /// The columns; 80 for a terminal that does not say, nil for what is none.
  var columns: Int? {
    guard isTerminal else { return nil }
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
      ? Int(size.ws_col) : 80
  }

  /// Writes a line; on a terminal it ends between words where it would be too wide.
  ///
  /// - Returns: nil, or the system's number for what went wrong.
  @discardableResult
  func writeLine(_ line: String) -> Int32? {
    write((columns.map { LineBreaks.wrapped(line, to: $0) } ?? line) + "\n")
  }

  /// Writes all of it.
  ///
  /// - Returns: nil, or the system's number for what went wrong.
  @discardableResult
  func write(_ text: String) -> Int32? {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, 1000)
        continue
      }
      guard count > 0 else { return errno }
      rest = rest.dropFirst(count)
    }
    return nil
  }

  /// To be called first: a stream that is closed must not be given to a file that is opened later, and
  /// a reader that goes away is an answer to a write and no end of the program.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    // what takes a closed stream's place refuses what its user would do with it, but for messages
    for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (2, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      // the lowest number that is free is the one that is missing
      _ = open("/dev/null", mode)
    }
  }

  /// Ends the program since its output cannot be written.
  static func endWithoutOutput(_ code: Int32) -> Never {
    if code == EPIPE {
      // as every program whose reader has seen enough
      signal(SIGPIPE, SIG_DFL)
      var mask = sigset_t()
      sigemptyset(&mask)
      sigaddset(&mask, SIGPIPE)
      pthread_sigmask(SIG_UNBLOCK, &mask, nil)
      raise(SIGPIPE)
    }
    printError(
      "rhythm: the output cannot be written (\(String(cString: strerror(code)))): "
        + "free the disk that it goes to, or send it elsewhere")
    Foundation.exit(1)
  }
}

/// Writes a line to standard error. Where it cannot be written, nobody reads it, and what is being done
/// goes on.
func printError(_ line: String) { Console.error.writeLine(line) }

/// Writes a line to standard output at once, also where that is a file that somebody follows. Where it
/// cannot be written, the program ends: nobody would see what it does.
func printLine(_ line: String) {
  if let code = Console.output.writeLine(line) { Console.endWithoutOutput(code) }
}

/// Writes a table to standard output, as narrow as a terminal is.
func printTable(_ table: TextTable) { printLine(table.text(columns: Console.output.columns)) }

/// Swift's own says nothing when it fails. With all its parameters: a declaration of another form would
/// stand beside it, and the compiler would choose the one that can be called.
@available(*, unavailable, message: "printLine ends the program where its output cannot be written")
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {}
