import Foundation

/// SHA-256 sums, which say whether a file is the published one.
public enum CheckSum {
  /// The sum of a file, 64 hexadecimal digits, by the system's own program: a library for this one
  /// number would double the time of the course's first build.
  ///
  /// - Throws: `DownloadError.noSum` when there is no such program, or it cannot read the file.
  public static func sha256(ofFile path: String) throws -> String {
    // `sha256sum` of GNU, or macOS's `shasum`
    let programs = [["sha256sum", "--", path], ["shasum", "-a", "256", "--", path]]
    for arguments in programs {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = arguments
      let output = Pipe()
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      process.standardInput = FileHandle.nullDevice
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      // GNU puts a backslash before the sum of a file whose name has one or a line feed
      let sum = text.drop { $0 == "\\" }.prefix { $0 != " " }
      if process.terminationStatus == 0, let sum = normalised(String(sum)) { return sum }
    }
    throw DownloadError.noSum(path: path)
  }

  /// The text as a sum in small letters; nil when it is none.
  public static func normalised(_ text: String) -> String? {
    let digits = text.lowercased()
    return digits.utf8.count == 64 && digits.allSatisfy(\.isHexDigit) ? digits : nil
  }

  /// The sum of `name` in a list as `sha256sum` writes it: a line `SUM  NAME` for each file, with
  /// a `*` before the name for binary files.
  static func published(for name: String, in list: String) -> String? {
    for line in list.split(whereSeparator: \.isNewline) {
      guard let blank = line.firstIndex(of: " "), let sum = normalised(String(line[..<blank]))
      else { continue }
      var listed = line[blank...].drop { $0 == " " || $0 == "*" }
      if listed.hasPrefix("./") { listed = listed.dropFirst(2) }
      if listed == name { return sum }
    }
    return nil
  }
}
