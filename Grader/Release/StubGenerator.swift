/// Makes a student's file from a file of the Solutions.
///
/// What stands between `// BEGIN SOLUTION 4.7b: what to do` and `// END SOLUTION` is replaced by a
/// comment with the text and a statement that throws `Unimplemented("4.7b")`; what stands between
/// `// BEGIN DECLARATIONS 4.7b: …` and `// END DECLARATIONS` by the comment alone.
public enum StubGenerator {
  /// A marker that is not as it should be.
  public struct MarkerError: Error, CustomStringConvertible {
    /// Which line, and what is wrong with it.
    public let description: String
  }

  /// The student's version of a file.
  ///
  /// - Throws: `MarkerError` for regions that are nested, not closed, or without task and text.
  public static func stub(of source: String, file: String) throws -> String {
    var lines: [String] = []
    var open: (kind: Substring, line: Int)?
    for (index, line) in source.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      func fail(_ problem: String) -> MarkerError {
        MarkerError(description: "\(file):\(index + 1): \(problem)")
      }
      let indent = String(line.prefix { $0 == " " })
      let text = line.dropFirst(indent.count)
      if text.hasPrefix("// END ") {
        guard let current = open, text == "// END \(current.kind)" else {
          throw fail("this END closes no region")
        }
        open = nil
      } else if text.hasPrefix("// BEGIN ") {
        guard open == nil else { throw fail("a region begins inside another") }
        let parts = text.dropFirst("// BEGIN ".count).split(separator: " ", maxSplits: 2)
        guard parts.count == 3, ["SOLUTION", "DECLARATIONS"].contains(parts[0]),
          parts[1].hasSuffix(":")
        else { throw fail("expected `// BEGIN SOLUTION TASK: what to do`") }
        lines.append("\(indent)// TODO: Task \(parts[1]) \(parts[2])")
        if parts[0] == "SOLUTION" {
          lines.append("\(indent)throw Unimplemented(\"\(parts[1].dropLast())\")")
        }
        open = (parts[0], index + 1)
      } else if open == nil {
        lines.append(String(line))
      }
    }
    if let open {
      throw MarkerError(description: "\(file):\(open.line): this region is not closed")
    }
    return lines.joined(separator: "\n")
  }
}
