import Foundation
import Signals
import TensorCore

/// What a frozen encoder made of texts, a vector each, and the names of diagnoses by their codes.
struct TextTable: Sendable {
  /// Numbers of a vector.
  let width: Int
  /// The names of diagnoses by their SNOMED CT codes.
  let names: [String: String]
  /// Where it was read, for sentences.
  private let path: String
  private let rows: [String: Int]
  private let values: [Float]

  private struct Listing: Decodable {
    let texts: [String]
    let snomed: [String: String]
  }

  /// The file of texts beside a table.
  private static let listingName = "texts.json"
  /// The table that comes with the course.
  private static let shipped = Bundle.module.bundleURL
    .appendingPathComponent("Texts/text-embeddings.npy")

  /// Reads a `.npy` table of a row a text, and the texts beside it or, where there are none, those of the course.
  ///
  /// - Parameter path: nil for the course's table.
  /// - Throws: `RecordingError.missing` or `.unreadable`.
  init(_ path: String?) throws {
    let file = path ?? Self.shipped.path
    guard FileManager.default.fileExists(atPath: file) else {
      throw RecordingError.missing(path: file)
    }
    let beside = URL(fileURLWithPath: file).deletingLastPathComponent()
      .appendingPathComponent(Self.listingName).path
    let list =
      FileManager.default.fileExists(atPath: beside)
      ? beside
      : Self.shipped.deletingLastPathComponent().appendingPathComponent(Self.listingName).path
    try self.init(
      try PublishedFiles.contents(of: file, atMost: 1 << 30), path: file,
      listing: try PublishedFiles.contents(of: list, atMost: 1 << 26), listPath: list)
  }

  init(_ bytes: [UInt8], path: String, listing: [UInt8], listPath: String) throws {
    let list: Listing
    do {
      list = try JSONDecoder().decode(Listing.self, from: Data(listing))
    } catch {
      throw RecordingError.unreadable(
        path: listPath, detail: "it should have a list texts and an object snomed of names by codes"
      )
    }
    let table: Tensor
    do {
      table = try NumPyArray.decode(bytes)
    } catch {
      throw RecordingError.unreadable(path: path, detail: error.reason)
    }
    func wrong(_ problem: String) -> RecordingError { .unreadable(path: path, detail: problem) }
    let sizes = table.shape.dimensions
    guard sizes.count == 2, sizes[0] == list.texts.count, sizes[1] > 0 else {
      throw wrong("it is \(table.shape), and there are \(list.texts.count) texts, a row each")
    }
    self.path = path
    width = sizes[1]
    names = list.snomed
    values = table.array
    guard values.allSatisfy(\.isFinite) else { throw wrong("it has numbers that are none") }
    rows = Dictionary(
      list.texts.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether it has a text.
  func has(_ text: String) -> Bool { rows[text] != nil }

  /// The vector of a text as the encoder gave it.
  ///
  /// - Throws: `RecordingError.unreadable` where there is none.
  func row(_ text: String) throws -> ArraySlice<Float> {
    guard let row = rows[text] else {
      throw RecordingError.unreadable(
        path: path, detail: "it has no row for \(text.debugDescription)")
    }
    return values[(row * width)..<((row + 1) * width)]
  }
}

/// The texts of a table less the mean of some of them.
struct CentredTexts: Sendable {
  let table: TextTable
  private let mean: [Double]

  /// - Parameter names: the texts whose mean is subtracted from all; of none, nothing is.
  init(_ table: TextTable, lessTheMeanOf names: [String]) throws {
    var mean = [Double](repeating: 0, count: table.width)
    for name in names {
      for (place, value) in try table.row(name).enumerated() {
        mean[place] += Double(value) / Double(names.count)
      }
    }
    self.table = table
    self.mean = mean
  }

  /// The vector of one text, of length 1.
  func vector(_ text: String) throws -> [Double] {
    Self.unit(zip(try table.row(text), mean).map { Double($0) - $1 })
  }

  /// The vector of several texts together: the mean of theirs, divided by its length. Zeros of none.
  func vector(_ texts: [String]) throws -> [Float] {
    var sum = [Double](repeating: 0, count: table.width)
    for text in texts {
      for (place, value) in try vector(text).enumerated() { sum[place] += value }
    }
    return Self.unit(sum).map { Float($0) }
  }

  private static func unit(_ vector: [Double]) -> [Double] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return vector.map { $0 / max(length, 1e-12) }
  }
}
