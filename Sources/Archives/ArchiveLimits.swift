/// How much an archive may hold. Archives come from strangers: a few kilobytes can unpack to
/// terabytes, so every reader states what it is ready for.
public struct ArchiveLimits: Sendable {
  /// The most entries of any kind.
  public var maximumEntries: Int
  /// The most bytes of one entry that is read.
  public var maximumEntryBytes: Int
  /// The most bytes of all entries together.
  public var maximumTotalBytes: Int
  /// The most unpacked bytes for each byte of the archive file; judged once more than a mebibyte
  /// has been unpacked, for small files full of blanks compress that well honestly.
  public var maximumRatio: Int

  /// Limits in entries, bytes, bytes, and unpacked bytes per archive byte.
  public init(
    maximumEntries: Int, maximumEntryBytes: Int, maximumTotalBytes: Int, maximumRatio: Int = 1000
  ) {
    self.maximumEntries = maximumEntries
    self.maximumEntryBytes = maximumEntryBytes
    self.maximumTotalBytes = maximumTotalBytes
    self.maximumRatio = maximumRatio
  }
}
