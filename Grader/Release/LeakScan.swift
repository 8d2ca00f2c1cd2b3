import Foundation

/// Looks for what the Solutions know in a folder that students get.
public struct LeakScan {
  /// A line of a solution, without its blanks.
  private struct Secret {
    let squeezed: String
    let place: String
  }

  private let secrets: [Secret]
  private let words: [String]
  /// Shorter lines (`}`, `let x = 1`) are nobody's secret.
  private static let shortest = 18

  /// Reads what must not get out: the lines within the Solutions' regions that do not also stand
  /// outside of them, where students see them anyway.
  ///
  /// - Parameter words: further words that must occur nowhere, such as paths of this machine.
  public init(unit: String, root: URL, words: [String] = []) throws {
    let folder = root.appendingPathComponent("Solutions/\(unit)")
    var secrets: [Secret] = []
    var open: Set<String> = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    where name.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      var isInside = false
      for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        let mark = line.drop { $0 == " " }
        if mark.hasPrefix("// BEGIN ") {
          isInside = true
        } else if mark.hasPrefix("// END ") {
          isInside = false
        } else {
          let squeezed = Self.squeezed(line)
          if !isInside {
            open.insert(squeezed)
          } else if squeezed.count >= Self.shortest {
            secrets.append(
              Secret(squeezed: squeezed, place: "Solutions/\(unit)/\(name):\(index + 1)"))
          }
        }
      }
    }
    self.secrets = secrets.filter { !open.contains($0.squeezed) }
    self.words = words.filter { !$0.isEmpty }
  }

  /// How many lines are looked for.
  public var secretCount: Int { secrets.count }

  /// What was found in a folder, one sentence each. All files are read as bytes: a line within an
  /// archive's or a binary's bytes counts too, and so do names of files.
  public func findings(in folder: URL) throws -> [String] {
    var found: [String] = []
    let keys: [URLResourceKey] = [.isRegularFileKey]
    guard
      let files = FileManager.default.enumerator(
        at: folder, includingPropertiesForKeys: keys, options: [])
    else { throw ReleaseError(description: "\(folder.path) cannot be read") }
    let prefix = folder.resolvingSymlinksInPath().path + "/"
    for case let file as URL in files {
      let path = file.path.hasPrefix(prefix) ? String(file.path.dropFirst(prefix.count)) : file.path
      for word in words where path.contains(word) {
        found.append("\(path): its name holds \(word)")
      }
      guard try file.resourceValues(forKeys: Set(keys)).isRegularFile == true else { continue }
      let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
      for word in words where text.contains(word) { found.append("\(path): holds \(word)") }
      let squeezed = Self.squeezed(text)
      for secret in secrets where squeezed.contains(secret.squeezed) {
        found.append("\(path): holds the line of \(secret.place)")
      }
    }
    return found
  }

  /// Without blanks, so that another indentation or line break hides nothing.
  private static func squeezed(_ text: some StringProtocol) -> String {
    String(decoding: text.utf8.filter { $0 > 0x20 }, as: UTF8.self)
  }
}
