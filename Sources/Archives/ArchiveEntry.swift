/// One entry of an archive, as its header describes it. Nothing in it is to be trusted.
public struct ArchiveEntry: Sendable {
  /// What an entry is.
  public enum Kind: Sendable {
    /// A regular file.
    case file
    /// A folder.
    case directory
    /// A symbolic or hard link. Links are never followed and have no data.
    case link
    /// A device, a pipe, a socket.
    case other
  }

  /// The path as the archive gives it, possibly hostile; see `safeRelativePath`.
  public let path: String
  /// How the path's bytes were read: names in zip archives have no stated encoding.
  public let nameEncoding: EntryName.Encoding
  /// What the entry is.
  public let kind: Kind
  /// The declared size in bytes, or nil where the header does not say. May lie.
  public let size: Int?
  /// Whether the entry can only be read with a password.
  public let isEncrypted: Bool

  /// The path with forward slashes and without empty and `.` components, or nil where it must
  /// not be used: links and devices, absolute paths, drive letters, `..`, control characters.
  public var safeRelativePath: String? {
    kind == .file || kind == .directory ? Self.safeRelativePath(path) : nil
  }

  /// The cleaned path, or nil where it is absolute, empty, too long, leaves its folder by `..`,
  /// or has characters that hide what it says. Backslashes count as separators, for some
  /// Windows tools write them.
  public static func safeRelativePath(_ path: String) -> String? {
    let maximumBytes = 1024
    let maximumComponentBytes = 255
    guard path.utf8.count <= maximumBytes else { return nil }
    // of ASCII the controls alone, and mostly there is nothing else in a path
    for scalar in path.unicodeScalars where !(0x20..<0x7F).contains(scalar.value) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
        return nil
      default:
        if scalar == "\u{FFFD}" { return nil }
      }
    }
    // By scalars, not characters: a combining mark after a slash would hide the slash.
    var slashed = path.unicodeScalars
    if slashed.contains("\\") {
      slashed = String.UnicodeScalarView()
      slashed.append(contentsOf: path.unicodeScalars.map { $0 == "\\" ? "/" : $0 })
    }
    let scalars = Array(slashed.prefix(2))
    guard scalars.first != "/" else { return nil }
    if scalars.count == 2, scalars[1] == ":", scalars[0].properties.isAlphabetic { return nil }
    let components = slashed.split(separator: "/")
      .map { String(String.UnicodeScalarView($0)) }
      .filter { $0 != "." }
    guard !components.isEmpty, !components.contains(".."),
      components.allSatisfy({ $0.utf8.count <= maximumComponentBytes })
    else { return nil }
    let clean = components.joined(separator: "/")
    // a component that begins with a combining mark would be one with the slash before it, to whoever
    // reads characters
    return clean.split(separator: "/").count == components.count ? clean : nil
  }
}
