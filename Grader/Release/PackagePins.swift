import Foundation

/// The versions of packages that a folder's package is built with.
public struct PackagePins: Equatable, CustomStringConvertible {
  /// Where SwiftPM keeps them.
  public static let file = "Package.resolved"

  private struct Pin: Codable, Equatable {
    struct State: Codable, Equatable {
      let revision: String
      let version: String
    }
    let identity: String
    let kind: String
    let location: String
    let state: State
  }

  private struct Resolved: Codable {
    let pins: [Pin]
    let version: Int
  }

  private let path: String
  private let pins: [Pin]
  private let version: Int
  private let named: Set<String>

  /// Reads a folder's.
  ///
  /// - Throws: a sentence where the file is not there or does not name versions, or misses a package of the
  ///   folder's manifest.
  public init(root: URL) throws {
    let file = root.appendingPathComponent(Self.file)
    path = file.path
    guard let data = try? Data(contentsOf: file) else {
      throw ReleaseError(
        description: "there is no \(path), which says with which versions of packages a copy is "
          + "built: call swift package resolve")
    }
    do {
      let resolved = try JSONDecoder().decode(Resolved.self, from: data)
      (pins, version) = (resolved.pins, resolved.version)
    } catch {
      throw ReleaseError(
        description: "\(path) does not give a version for every package: remove it, and call swift "
          + "package resolve")
    }
    named = try Self.packages(of: root)
    try require(named)
  }

  private init(path: String, pins: [Pin], version: Int, named: Set<String>) {
    (self.path, self.pins, self.version, self.named) = (path, pins, version, named)
  }

  private func require(_ packages: Set<String>) throws {
    for name in packages.sorted() where !pins.contains(where: { Self.name($0.location) == name }) {
      throw ReleaseError(
        description: "\(path) has no version of \(name): call swift package resolve")
    }
  }

  /// Those for a copy that names fewer packages: what the copy was built and tested with here, a year later
  /// too.
  ///
  /// - Parameter copy: the folder with the copy's manifest.
  /// - Throws: a sentence where it names a package that has no version here.
  func pins(for copy: URL) throws -> PackagePins {
    let needed = try Self.packages(of: copy)
    try require(needed)
    let dropped = named.subtracting(needed)
    return PackagePins(
      path: path, pins: pins.filter { !dropped.contains(Self.name($0.location)) },
      version: version, named: needed)
  }

  /// The file's text, without the hash of the manifest, which SwiftPM does without.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let text = try encoder.encode(Resolved(pins: pins, version: version))
      return String(decoding: text, as: UTF8.self) + "\n"
    }
  }

  /// As in `yams 6.2.2, rainbow 4.2.2`.
  public var description: String {
    pins.map { "\($0.identity) \($0.state.version)" }.joined(separator: ", ")
  }

  /// Whether both give the same versions.
  public static func == (one: Self, other: Self) -> Bool { one.pins == other.pins }

  /// The packages that a manifest names, by `name(_:)`.
  private static func packages(of folder: URL) throws -> Set<String> {
    let text = try String(
      contentsOf: folder.appendingPathComponent("Package.swift"), encoding: .utf8)
    return Set(text.matches(of: /\.package\(\s*url:\s*"([^"]+)"/).map { name(String($0.1)) })
  }

  /// One spelling of a package's address.
  private static func name(_ location: String) -> String {
    let lowered = location.lowercased()
    return lowered.hasSuffix(".git") ? String(lowered.dropLast(4)) : lowered
  }
}
