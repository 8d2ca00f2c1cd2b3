import Archives

/// What reading one submission may still cost, whatever becomes of what is read and however it is
/// packed.
final class SubmissionBudget {
  /// Why an archive is not opened or not read to its end: a sentence.
  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  /// Bytes of files that are kept.
  static let maximumKeptBytes = 32 << 20
  private static let maximumArchives = 64
  private static let maximumEntries = 20_000
  private static let maximumBytes = 256 << 20
  private static let maximumEntryBytes = 64 << 20
  /// Sources pack to a fifth; what packs to less than a two-hundredth is nobody's work.
  private static let maximumRatio = 200

  private var kept = 0
  private var archives = 0
  private var entries = 0
  private var archiveBytes = 0
  /// What its archives may be unpacked to, in proportion to their size.
  let unpacking = UnpackingAllowance(bytes: 0)

  /// Counts an archive that is to be opened.
  ///
  /// - Parameter bytes: its size where it lies in the delivery itself; an archive within it adds
  ///   nothing to what may be unpacked.
  /// - Throws: `Refusal`.
  func open(archiveOf bytes: Int? = nil) throws {
    archives += 1
    guard archives <= Self.maximumArchives else {
      throw Refusal(
        description: "more than \(Self.maximumArchives) archives of one submission are not opened")
    }
    guard let bytes else { return }
    archiveBytes += min(bytes, Self.maximumBytes)
    unpacking.raise(to: min(Self.maximumBytes, max(8 << 20, Self.maximumRatio * archiveBytes)))
  }

  /// The limits of one archive.
  var limits: ArchiveLimits {
    ArchiveLimits(
      maximumEntries: .max, maximumEntryBytes: Self.maximumEntryBytes,
      maximumTotalBytes: Self.maximumBytes, maximumRatio: Self.maximumRatio)
  }

  /// Why an archive that is packed in the delivery is not taken out of it.
  static let tooManyBytes = Refusal(
    description: "the archives of one submission may have \(maximumBytes >> 20) MiB together")

  /// The bytes that the archives of it may have which are packed in the delivery.
  var archiveBytesLeft: Int { max(0, Self.maximumBytes - archiveBytes) }

  /// Counts an archive's entry.
  ///
  /// - Throws: `Refusal`.
  func countEntry() throws {
    entries += 1
    guard entries <= Self.maximumEntries else {
      throw Refusal(
        description: "it has more than \(Self.maximumEntries) entries, together with the other "
          + "archives of the submission")
    }
  }

  /// Whether a file of so many bytes may still be kept.
  func canKeep(_ count: Int) -> Bool { count <= Self.maximumKeptBytes - kept }

  /// Counts bytes that are kept.
  func keep(_ count: Int) { kept += count }
}
