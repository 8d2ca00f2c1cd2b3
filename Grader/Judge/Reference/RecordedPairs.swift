import JudgedNumbers
import WorkerPipe

/// What a model gives with two mistakes at once, for the pairs that are known in one experiment: a
/// self-check then names what a grade names. Of each tensor some numbers are kept, evenly spread, and the
/// pairs whose tensors have the same shapes stand in one row, since a model has thousands of them.
///
/// A row begins with the tensors of its first pair, as `PackedTensors` has them, and how many numbers these
/// are; then comes each pair: the indices of its mistakes among the model's, and the elements of its tensors.
struct RecordedPairs {
  private let row: [Float]
  private let template: [PipeTensor]
  /// Where the elements of a pair stand, by the ids of its mistakes.
  private let starts: [[String]: Int]

  /// Reads a row.
  init(_ row: [Float], names: [String], ids: [String]) {
    self.row = row
    let header = row.first.map { Int($0) } ?? 0
    template = PackedTensors.unpacked(Array(row.dropFirst().prefix(header)), names: names)
    let width = 2 + template.reduce(0) { $0 + Self.width($1) }
    var starts: [[String]: Int] = [:]
    for place in stride(from: 1 + header, through: row.count - width, by: width) {
      let (first, second) = (Int(row[place]), Int(row[place + 1]))
      guard ids.indices.contains(first), ids.indices.contains(second) else { continue }
      starts[[ids[first], ids[second]]] = place + 2
    }
    self.starts = starts
  }

  /// The ids of all pairs.
  var all: [[String]] { Array(starts.keys) }

  /// The tensors of a pair.
  subscript(ids: [String]) -> [PipeTensor]? {
    guard var place = starts[ids] else { return nil }
    return template.map { like in
      let numbers = Array(row[place..<place + Self.width(like)])
      place += numbers.count
      return PipeTensor(
        name: like.name, shape: like.shape,
        elements: like.integers == nil
          ? .floats(numbers) : .integers(PackedTensors.integers(numbers)))
    }
  }

  /// How many floats hold the elements of a tensor.
  private static func width(_ tensor: PipeTensor) -> Int {
    tensor.integers.map { 2 * $0.count } ?? tensor.values.count
  }

  /// Writes rows.
  struct Recorder {
    /// The ids of the model's mistakes.
    let ids: [String]
    /// How many numbers of a tensor are kept.
    let samples: Int
    private var forms: [[Form]] = []
    /// A row for each form of the tensors, with their names by commas.
    private(set) var rows: [(names: String, numbers: [Float])] = []

    private struct Form: Equatable {
      let name: String
      let shape: [Int]
      let isInteger: Bool
    }

    init(ids: [String], samples: Int) {
      self.ids = ids
      self.samples = samples
    }

    /// A number to sixteen binary digits, which compress to less. That is 1.5e-5 of it at most, and a mistake
    /// is told by differences six times that (`Comparison.tolerance`).
    static func shortened(_ number: Float) -> Float {
      guard number.isFinite else { return number }
      let places: UInt32 = 8
      let rounded = Float(
        bitPattern: (number.bitPattern + 1 << (places - 1)) & ~((1 << places) - 1))
      return rounded.isFinite ? rounded : number
    }

    /// Adds what a pair gives.
    mutating func add(_ pair: KnownMistake, _ whole: [PipeTensor]) {
      let places = pair.ids.compactMap { ids.firstIndex(of: $0) }
      guard places.count == 2 else { return }
      let tensors = whole.map { SampledTensor.of($0, size: samples) }
      let form = tensors.map {
        Form(name: $0.name, shape: $0.shape, isInteger: $0.integers != nil)
      }
      let row = forms.firstIndex(of: form) ?? forms.endIndex
      if row == forms.endIndex {
        forms.append(form)
        let header = PackedTensors.packed(tensors)
        rows.append((form.map(\.name).joined(separator: ","), [Float(header.count)] + header))
      }
      rows[row].numbers += places.map(Float.init)
      for tensor in tensors {
        rows[row].numbers +=
          tensor.integers.map(PackedTensors.halves) ?? tensor.values.map(Self.shortened)
      }
    }
  }
}
