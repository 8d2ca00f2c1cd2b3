/// What a model or a function of the catalogue is made with, by name: sizes, rates, names.
public typealias Settings = [String: Setting]

/// The value of a setting.
public enum Setting: Sendable, Hashable {
  /// A size or a count.
  case integer(Int)
  /// A rate, a margin, a temperature.
  case number(Double)
  /// A name, as of a wavelet.
  case text(String)
  /// Several, as the widths of layers.
  case list([Setting])
}

extension Setting: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral
{
  /// A size or a count.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A rate.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A name.
  public init(stringLiteral value: String) { self = .text(value) }
  /// Several.
  public init(arrayLiteral elements: Setting...) { self = .list(elements) }
}

/// In JSON a setting is what it looks like: `6`, `0.2`, `"db4"`, `[16, 32]`.
extension Setting: Codable {
  /// Reads a number, a text or a list.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(String.self) {
      // before the numbers: a frame reads `nan` as one
      self = .text(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else {
      self = .list(try container.decode([Setting].self))
    }
  }

  /// Writes it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    }
  }
}

extension Settings {
  /// Settings that are all sizes.
  public init(sizes: [String: Int]) { self = sizes.mapValues(Setting.integer) }

  /// Sizes and numbers; of one name the size.
  public init(sizes: [String: Int], numbers: [String: Double]) {
    self = numbers.mapValues(Setting.number).merging(Self(sizes: sizes)) { $1 }
  }
}
