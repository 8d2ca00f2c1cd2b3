/// The kinds of data that there are.
public enum DataKinds {
  /// All of them; the first is the usual one.
  public static let all: [any DataKind] = [
    SpectrogramChunks(), Heartbeats(), RhythmStrips(), TwelveLeads(),
  ]

  /// The kind of a name.
  ///
  /// - Throws: `DataSettingError` with the names of all.
  public static func named(_ name: String) throws(DataSettingError) -> any DataKind {
    guard let kind = all.first(where: { $0.name == name }) else {
      throw DataSettingError(
        "there is no kind of data \(name); there are "
          + all.map(\.name).joined(separator: ", "))
    }
    return kind
  }
}
