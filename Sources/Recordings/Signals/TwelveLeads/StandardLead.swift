/// The twelve leads of a clinical electrocardiogram, in the order of the Challenge 2021's records.
public enum StandardLead: Int, CaseIterable, Sendable {
  case I, II, III, aVR, aVL, aVF, V1, V2, V3, V4, V5, V6

  /// How many there are.
  public static let count = allCases.count
  /// Its name on paper.
  public var name: String { "\(self)" }

  /// The lead of a name, in whatever case it is written; nil for others.
  package init?(name: String) {
    let upper = name.uppercased()
    guard let lead = Self.allCases.first(where: { $0.name.uppercased() == upper }) else {
      return nil
    }
    self = lead
  }
}
