import Foundation
import People

/// Which files of a delivery are read at all; of all others only the names are looked at.
struct Interest: Sendable {
  /// The file with the written answers and the group's members.
  static let answers = "ANSWERS.md"
  /// What Gradescope says about a download.
  static let gradescope = "submission_metadata.yml"
  /// Bytes a student's file may have.
  static let maximumFileBytes = 1 << 20
  /// Bytes of what a platform itself writes, which grows with the class.
  static let maximumMetadataBytes = 16 << 20
  /// Archives within archives: the platform's, the student's, one more.
  static let maximumDepth = 3
  /// Folders within folders.
  static let maximumFolders = 24

  private static let archives = [
    ".tar.gz", ".tgz", ".zip", ".tar", ".7z", ".tar.xz", ".tar.bz2", ".txz", ".tbz2",
  ]
  /// Other ways to pack, which are not read.
  private static let packed = [
    ".rar", ".gz", ".bz2", ".xz", ".zst", ".tzst", ".lz", ".lzma", ".z", ".zipx", ".cab", ".arj",
    ".lzh", ".sit", ".sitx", ".iso", ".dmg", ".001", ".z01",
  ]
  /// What tools leave behind.
  private static let clutter: Set<String> = ["__MACOSX", "build", "DerivedData", "Thumbs.db"]

  /// The manifest's files.
  let files: [String]
  /// Whether each archive and folder in the delivery is a download of its own.
  let holdsDownloads: Bool
  private let stems: [String]

  init(files: [String], holdsDownloads: Bool = false) {
    self.files = files
    self.holdsDownloads = holdsDownloads
    stems = (files + [Self.answers]).map {
      Person.folded(String($0.prefix { $0 != "." }))
    }
  }

  /// Whether a file may be one of the manifest's under some name, at which `FileName` then looks
  /// closer, or is what a platform says about a download.
  ///
  /// - Parameters:
  ///   - folders: how many folders of the delivery lie around it, archives counted as folders.
  ///   - isPacked: whether the delivery, or the download in it, is an archive: one more folder may
  ///     then lie around its outermost level, see `Sorting`.
  func wants(_ name: String, folders: Int, isPacked: Bool) -> Bool {
    if name == Self.gradescope {
      return folders <= (holdsDownloads ? 1 : 0) + (isPacked ? 1 : 0)
    }
    let name = Person.folded(name)
    return [".swift", ".md", ".txt"].contains(where: name.hasSuffix)
      && stems.contains(where: name.contains)
  }

  /// The bytes that a file of this name may have.
  static func maximumBytes(_ name: String) -> Int {
    name == gradescope ? maximumMetadataBytes : maximumFileBytes
  }

  /// The length of an archive's extension, nil if the name is not one's.
  static func archiveExtension(_ name: String) -> Int? {
    let lowered = name.lowercased()
    if let known = archives.first(where: { lowered.hasSuffix($0) && lowered.count > $0.count }) {
      return known.count
    }
    // a copy's number goes before what looks like the extension: `handin.tar-1.gz`, `handin.tar (1).gz`
    guard lowered.contains(".tar"), [".gz", ".xz", ".bz2"].contains(where: lowered.hasSuffix),
      let match = lowered.firstMatch(of: /.(\.tar[ _-]?\(?\d{1,4}\)?\.(?:gz|xz|bz2))$/)
    else { return nil }
    return match.1.count
  }

  /// The bytes at a file's beginning that tell whether it is an archive.
  static let signatureBytes = 262
  private static let signatures: [[UInt8]] = [
    [0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6], [0x1f, 0x8b], [0x42, 0x5a, 0x68],
    [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
  ]
  /// Files that are zips inside and nobody's archive, and those that are no archive under any name.
  private static let documents: Set<String> = [
    "docx", "xlsx", "pptx", "odt", "ods", "odp", "pages", "numbers", "key", "epub", "jar", "apk",
    "npz", "pt", "pth", "mat", "swift", "md", "txt", "pdf", "html", "csv", "json", "yml", "png",
    "jpg", "jpeg", "heic", "gif", "o", "swiftmodule",
  ]

  /// Whether a file may be an archive although its name does not say so.
  static func mayBeArchive(_ name: String) -> Bool {
    guard archiveExtension(name) == nil, let dot = name.lastIndex(of: ".") else { return true }
    return !documents.contains(name[name.index(after: dot)...].lowercased())
  }

  /// Whether a name has an archive's extension somewhere in it, as `handin.zip.download` has.
  static func soundsPacked(_ name: String) -> Bool {
    let lowered = name.lowercased()
    return packedExtension(name) != nil
      || mayBeArchive(name) && [".tar", ".tgz", ".zip", ".7z"].contains(where: lowered.contains)
  }

  /// Whether a file that begins so is an archive that can be read.
  static func isArchive(_ start: some Collection<UInt8>) -> Bool {
    signatures.contains { start.starts(with: $0) }
      || start.dropFirst(257).starts(with: Array("ustar".utf8))
  }

  /// The length of the extension of what is packed in a way that is not read, nil if the name is not
  /// one's.
  static func packedExtension(_ name: String) -> Int? {
    let lowered = name.lowercased()
    guard archiveExtension(name) == nil else { return nil }
    return packed.first { lowered.hasSuffix($0) && lowered.count > $0.count }?.count
  }

  /// Whether nothing below a folder, or the file itself, is of interest.
  static func isClutter(_ name: some StringProtocol) -> Bool {
    name.hasPrefix(".") || clutter.contains(String(name))
  }

  /// Whether a hidden folder or file among the submissions is worth a sentence: it may be somebody's
  /// whose name begins with a dot.
  static func isOddClutter(_ name: some StringProtocol) -> Bool {
    isClutter(name) && !["__MACOSX", ".DS_Store", "Thumbs.db"].contains(String(name))
      && !name.hasPrefix("._") && !isRepositoryMark(name)
  }

  /// Whether git keeps its things in this; `.github` is in every copy of the course.
  static func isRepositoryMark(_ name: some StringProtocol) -> Bool {
    name == ".git"
  }
}
