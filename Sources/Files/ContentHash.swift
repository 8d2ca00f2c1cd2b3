import Foundation

/// SHA-256 (FIPS 180-4) over parts and their lengths: the name of some contents.
///
/// Students choose the contents, so the name must be one that nobody can make two contents for.
public struct ContentHash: Sendable {
  private var hash = SHA256()

  /// The hash of nothing yet.
  public init() {}

  /// The hash of several texts.
  public static func of(_ parts: [String]) -> String {
    var hash = ContentHash()
    for part in parts { hash.add(part) }
    return hash.hex
  }

  /// The hash of all Swift sources in some folders, with their paths below them.
  public static func ofSources(in folders: [String]) -> String {
    var hash = ContentHash()
    for folder in folders {
      let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
      for path in paths.sorted() where path.hasSuffix(".swift") {
        hash.add(path)
        hash.add([UInt8](FileManager.default.contents(atPath: folder + "/" + path) ?? Data()))
      }
    }
    return hash.hex
  }

  /// Adds a part: its length, so that parts cannot be moved into each other, and its bytes.
  public mutating func add(_ bytes: [UInt8]) {
    withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.append($0) }
    bytes.withUnsafeBytes { hash.append($0) }
  }

  /// Adds a text as UTF-8.
  public mutating func add(_ text: String) { add(Array(text.utf8)) }

  /// The hash of what was added so far, 64 characters.
  public var hex: String { hash.hex }

  /// The bytes alone, without their length.
  mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { hash.append($0) } }
}
