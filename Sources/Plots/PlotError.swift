/// Why there is no picture; each case describes itself in one sentence.
public enum PlotError: Error, Equatable, Sendable {
  /// No gnuplot is on the search path.
  case noGnuplot
  /// gnuplot did not draw; `detail` is its last complaint.
  case failed(detail: String)
  /// The file's ending says neither PNG nor SVG.
  case unknownEnding(path: String)
  /// The picture cannot be written; `detail` is the system's reason.
  case unwritable(path: String, detail: String)
  /// There is nothing to draw.
  case nothing(what: String)
}

extension PlotError: CustomStringConvertible {
  /// One sentence: what was wrong and what to do.
  public var description: String {
    switch self {
    case .noGnuplot:
      "No picture is drawn, for gnuplot is not installed; install it with "
        + "sudo apt-get install gnuplot-nox."
    case .failed(let detail):
      "No picture is drawn, for gnuplot failed: \(detail)"
    case .unknownEnding(let path):
      "\(path) ends neither in .png nor in .svg; choose one of them, or no ending for both."
    case .unwritable(let path, let detail):
      "\(path) cannot be written: \(detail); choose another place."
    case .nothing(let what):
      "There is nothing to draw: \(what)."
    }
  }
}
