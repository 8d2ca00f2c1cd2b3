import Foundation

extension Decodable {
  /// Reads a file; nil for one that is not there or is something else.
  public init?(jsonFile path: String) {
    guard let data = FileManager.default.contents(atPath: path),
      let value = try? JSONDecoder.results.decode(Self.self, from: data)
    else { return nil }
    self = value
  }
}

extension Encodable {
  /// Writes the value whole or not at all.
  ///
  /// - Throws: `FileError.cannotWrite`.
  public func write(jsonFile path: String) throws {
    try AtomicFile.write(try JSONEncoder.results.encode(self), to: path)
  }
}

// A training can diverge: its loss is then no number, which JSON has no word for.
extension JSONEncoder {
  /// Writes results for people and programs.
  public static var results: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}

extension JSONDecoder {
  /// Reads what `JSONEncoder.results` wrote.
  public static var results: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
