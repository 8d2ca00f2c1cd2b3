import Assignment
import WorkerPipe

/// Finds which of a student's parameters plays which part.
///
/// A layer's parameters have the course's names. In a network the student is free to name and
/// order the parts, so the last part of the name and the shape decide, then the order. Of layers in a list, which are
/// called by their places, the order alone decides.
public struct ParameterMatch: Sendable {
  /// The reference's name → the student's.
  public let names: [String: String]
  /// Those that are buffers, by the reference's names.
  public let buffers: Set<String>

  /// Matches parameters.
  ///
  /// - Throws: `CheckFailure` that lists what is missing and what is there.
  public init(student: [PipeTensor], reference: [PipeTensor]) throws {
    var unused = student.filter { !Self.isMark($0) }
    let (own, buffers) = (Self.buffers(student), Self.buffers(reference))
    let reference = reference.filter { !Self.isMark($0) }
    var names: [String: String] = [:]
    func take(_ expected: PipeTensor, where fits: (PipeTensor) -> Bool) {
      guard names[expected.name] == nil,
        let index = unused.firstIndex(where: {
          $0.shape == expected.shape
            && own.contains($0.name) == buffers.contains(expected.name) && fits($0)
        })
      else { return }
      names[expected.name] = unused.remove(at: index).name
    }
    if let inOrder = Self.inOrder(unused, reference, own, buffers) {
      self.names = inOrder
      self.buffers = buffers
      return
    }
    for expected in reference { take(expected) { $0.name == expected.name } }
    for expected in reference {
      take(expected) { Self.lastPart($0.name) == Self.lastPart(expected.name) }
    }
    for expected in reference { take(expected) { _ in true } }
    let missing = reference.filter { names[$0.name] == nil }
    if let failure = Self.ofAnotherKind(missing, among: unused, buffers) { throw failure }
    guard missing.isEmpty, unused.isEmpty else {
      var sentences: [String] = []
      if !missing.isEmpty { sentences.append("missing: \(Self.list(missing))") }
      if !unused.isEmpty { sentences.append("not expected: \(Self.list(unused))") }
      let sharing =
        Self.sharing(missing, in: student) ?? Self.exchangedAxes(missing, among: unused)
      if unused.isEmpty, sharing == nil {
        sentences.append(
          "\(missing.count == 1 ? "is it" : "is each") declared with "
            + "\(missing.allSatisfy { buffers.contains($0.name) } ? "@Buffer" : "@Parameter"), and kept as a "
            + "property?"
        )
      }
      throw CheckFailure(
        student.isEmpty
          ? "the model has no parameters; were they declared with @Parameter, and kept as properties?"
          : "the parameters are not those of the task; \(sentences.joined(separator: "; "))",
        diagnosis: sharing)
    }
    self.names = names
    self.buffers = buffers
  }

  /// Layers of a list are called by their places, which a layer without parameters in between moves: where the names are
  /// the same but for these, the order decides. Nil where they are not.
  private static func inOrder(
    _ student: [PipeTensor], _ reference: [PipeTensor], _ own: Set<String>, _ buffers: Set<String>
  ) -> [String: String]? {
    func withoutPlaces(_ name: String) -> [Substring] {
      name.split(separator: ".").map { Int($0) == nil ? $0 : "#" }
    }
    guard student.count == reference.count,
      zip(student, reference).allSatisfy({
        $0.shape == $1.shape && own.contains($0.name) == buffers.contains($1.name)
          && withoutPlaces($0.name) == withoutPlaces($1.name)
      })
    else { return nil }
    return Dictionary(zip(reference, student).map { ($0.name, $1.name) }) { first, _ in first }
  }

  /// What the names begin with of those that are the same tensor as another.
  private static let shared = "shared:"
  /// What the names begin with that say what is a buffer.
  private static let buffer = "buffer:"

  /// Whether a tensor of an answer is none, but says something of another one.
  static func isMark(_ tensor: PipeTensor) -> Bool {
    tensor.name.hasPrefix(shared) || tensor.name.hasPrefix(buffer)
  }

  private static func buffers(_ answer: [PipeTensor]) -> Set<String> {
    Set(
      answer.filter { $0.name.hasPrefix(buffer) }.map { String($0.name.dropFirst(buffer.count)) })
  }

  /// What is there by its name, as a parameter in place of a buffer or the other way round.
  private static func ofAnotherKind(
    _ missing: [PipeTensor], among unused: [PipeTensor], _ buffers: Set<String>
  ) -> CheckFailure? {
    let found = missing.filter { missing in
      unused.contains { $0.name == missing.name && $0.shape == missing.shape }
    }
    guard let first = found.first else { return nil }
    let isBuffer = buffers.contains(first.name)
    let same = found.map(\.name).filter { buffers.contains($0) == isBuffer }
    let (one, all) = (same.count == 1, NameList.text(same))
    return CheckFailure(
      isBuffer
        ? "\(all) \(one ? "is a parameter" : "are parameters"), which an optimiser moves; the task has "
          + "\(one ? "a buffer" : "buffers")"
        : "\(all) \(one ? "is a buffer" : "are buffers"), which no optimiser moves; the task has "
          + "\(one ? "a parameter" : "parameters")",
      diagnosis: isBuffer
        ? "declared with @Parameter in place of @Buffer"
        : "declared with @Buffer in place of @Parameter")
  }

  /// The missing ones that are there, as the same tensor as another, in a sentence.
  private static func sharing(_ missing: [PipeTensor], in student: [PipeTensor]) -> String? {
    let found = missing.compactMap { missing -> (name: String, first: String)? in
      guard let place = student.first(where: { $0.name == shared + missing.name })?.integers?.first,
        student.indices.contains(Int(place))
      else { return nil }
      return (missing.name, student[Int(place)].name)
    }
    guard let first = found.first?.first else { return nil }
    let same = found.filter { $0.first == first }.map(\.name)
    return "\(NameList.text(same)) \(same.count == 1 ? "is" : "are") the same tensor as "
      + "\(NameList.text([first])), and so one parameter: make a new tensor for each"
  }

  /// One that is there with the same sizes in another order, in a sentence.
  private static func exchangedAxes(
    _ missing: [PipeTensor], among unused: [PipeTensor]
  ) -> String? {
    for expected in missing {
      guard let own = unused.first(where: { $0.name == expected.name }),
        own.shape.sorted() == expected.shape.sorted()
      else { continue }
      return "\(NameList.text([own.name])) has its axes in another order: they are "
        + "\(own.shape), the task has \(expected.shape)"
    }
    return nil
  }

  private static func lastPart(_ name: String) -> Substring {
    name.split(separator: ".").last ?? Substring(name)
  }

  static func list(_ tensors: [PipeTensor]) -> String {
    tensors.map { "\(PlainText.quoted($0.name, limit: 80)) \($0.shape)" }.joined(separator: ", ")
  }
}
