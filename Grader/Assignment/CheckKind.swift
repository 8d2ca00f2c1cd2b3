/// What a check asks, whatever its heading in reports says.
public enum CheckKind: String, Codable, Sendable, CaseIterable {
  /// Names and shapes of the parameters.
  case parameters
  /// The numbers that they start with.
  case start
  /// The shapes of the results.
  case shapes
  /// The numbers of the results, within a tolerance.
  case values
  /// The gradients.
  case gradients
  /// Whether a network can learn a batch.
  case learns
  /// Whether a training reaches a goal of `goals`.
  case goal
  /// Something that holds of the results, such as that they do not depend on an order.
  case property
  /// Results that are right or wrong: integers, masks, lists of indices.
  case exact
  /// How often draws come out as they do.
  case distribution

  /// Reads the word.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let word = try container.decode(String.self)
    guard let kind = Self(rawValue: word) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "\(word) is no kind of check: there are "
          + Self.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self = kind
  }
}
