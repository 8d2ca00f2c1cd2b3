/// Something that can be chosen in the steps from recordings to examples: `--set window=64`.
public struct DataSetting: Sendable {
  /// The name before the equals sign.
  public let name: String
  /// What it means, a line for people.
  public let help: String
  /// The course's choice.
  public let standard: String

  /// Describes a setting.
  public init(_ name: String, _ help: String, standard: String) {
    self.name = name
    self.help = help
    self.standard = standard
  }
}

/// Why a setting or a kind of data is none; one sentence.
public struct DataSettingError: Error, Equatable, CustomStringConvertible {
  /// The sentence.
  public let description: String

  /// Makes an error.
  public init(_ description: String) { self.description = description }
}

/// Reads chosen settings one by one.
struct SettingReader {
  let chosen: [String: String]

  /// - Throws: a sentence where one is chosen that the kind does not have.
  init(_ chosen: [String: String], of kind: String, _ settings: [DataSetting])
    throws(DataSettingError)
  {
    let names = settings.map(\.name)
    for name in chosen.keys.sorted() where !names.contains(name) {
      throw DataSettingError(
        "\(kind) has no setting \(name); it has "
          + (names.isEmpty ? "none" : names.joined(separator: ", ")))
    }
    self.chosen = chosen
  }

  /// One of several words, as it was where nothing is chosen.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, else standard: Choice
  ) throws(DataSettingError) -> Choice {
    guard let text = chosen[name] else { return standard }
    guard let value = Choice(rawValue: text) else {
      throw DataSettingError(
        "\(name) is \(text); give " + Choice.allCases.map(\.rawValue).joined(separator: " or "))
    }
    return value
  }

  /// A whole number, as it was where nothing is chosen.
  func number(
    _ name: String, in range: ClosedRange<Int> = 0...Int.max, else standard: Int
  ) throws(DataSettingError) -> Int {
    guard let text = chosen[name] else { return standard }
    guard let value = Int(text), range.contains(value) else {
      let bounds =
        range.upperBound == .max
        ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      throw DataSettingError("\(name) is \(text); give a whole number \(bounds)")
    }
    return value
  }
}
