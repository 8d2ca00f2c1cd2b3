import Files
import Foundation

/// The Markdown file that keeps the matrix, below what is written there by hand.
public struct MatrixDocument {
  /// Where it is.
  public let path: String
  /// What stands above the matrix.
  static let heading = "## The matrix"

  /// Describes the file.
  public init(path: String) { self.path = path }

  /// Writes the matrix below the heading, in place of the one that is there; where there is none yet, at the
  /// end; a new file has nothing else.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func write(_ matrix: KillMatrix) throws {
    let present = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let above =
      present.ranges(of: Self.heading).first.map { String(present[..<$0.lowerBound]) }
      ?? (present.isEmpty ? "" : present + "\n")
    try AtomicFile.write(above + Self.section(matrix), to: path)
  }

  /// Whether the file has a matrix, whichever.
  public var hasMatrix: Bool {
    (try? String(contentsOfFile: path, encoding: .utf8))?.contains(Self.heading) ?? false
  }

  /// The matrix with its heading.
  static func section(_ matrix: KillMatrix) -> String {
    """
    \(heading)

    \(matrix.summary).

    \(matrix.markdown)

    """
  }

  /// Whether the file holds this matrix.
  public func holds(_ matrix: KillMatrix) -> Bool {
    (try? String(contentsOfFile: path, encoding: .utf8))?.hasSuffix(Self.section(matrix)) ?? false
  }
}
