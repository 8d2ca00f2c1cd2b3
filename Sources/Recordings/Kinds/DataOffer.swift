/// Where a kind's recordings can be fetched, and on which terms.
public struct DataOffer: Sendable {
  /// What is fetched, for people.
  public let title: String
  /// The address of the archive.
  public let address: String
  /// The archive's name in the local folder.
  public let fileName: String
  /// About how large it is, for people.
  public let size: String
  /// Who made it, its licence and what to cite; lines.
  public let credits: String
}
