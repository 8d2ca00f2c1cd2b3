/// A known mistake in something that a student writes, by name. What is said of it is text, and may
/// change.
public struct MistakeName: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The model or function that it is made in, such as `LSTM`.
  public let subject: String
  /// Its name there: kebab case, such as `sigmoid-input-node`.
  public let id: String

  /// Names a mistake.
  public init(subject: String, id: String) {
    self.subject = subject
    self.id = id
  }

  /// Reads a name as in `LSTM/sigmoid-input-node`; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, Self.isID(parts[1]) else { return nil }
    self.init(subject: String(parts[0]), id: String(parts[1]))
  }

  /// Whether a text is words of small letters and digits with hyphens between them.
  public static func isID(_ text: some StringProtocol) -> Bool {
    text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { word in
      !word.isEmpty && word.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) }
    }
  }

  /// As in `LSTM/sigmoid-input-node`.
  public var description: String { "\(subject)/\(id)" }

  /// Reads the text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let name = Self(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(text) is no name of a mistake")
    }
    self = name
  }

  /// Writes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
