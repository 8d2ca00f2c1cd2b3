import Archives

/// What may still be unpacked from one archive and all that is packed within it.
///
/// An archive that lies in the delivery has a budget of its own, so that one bomb in a class's
/// download costs nobody else anything; the archives within it share theirs.
final class ArchiveBudget {
  /// The archive on the disk: a platform's download of a whole class.
  static let delivery = ArchiveLimits(
    maximumEntries: 500_000, maximumEntryBytes: 256 << 20, maximumTotalBytes: 16 << 30,
    maximumRatio: 1000)
  private static let maximumEntries = 20_000
  private static let maximumBytes = 256 << 20
  /// Sources pack to a fifth; what packs to less than a two-hundredth is nobody's work.
  private static let maximumRatio = 200

  private var entries: Int
  private var bytes: Int

  /// The budget of an archive of so many bytes: however it is nested, the work that it makes stays
  /// in proportion to it.
  init(archiveBytes: Int) {
    entries = Self.maximumEntries
    bytes = min(Self.maximumBytes, max(8 << 20, Self.maximumRatio * archiveBytes))
  }

  /// The limits of one archive within the budget.
  var limits: ArchiveLimits {
    ArchiveLimits(
      maximumEntries: entries, maximumEntryBytes: 64 << 20, maximumTotalBytes: bytes,
      maximumRatio: Self.maximumRatio)
  }

  /// Takes away one entry and what was read of it.
  func spend(bytes count: Int) {
    entries = max(0, entries - 1)
    bytes = max(0, bytes - count)
  }
}
