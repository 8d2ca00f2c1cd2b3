import Archives
import JudgedNumbers
import TensorCore
import WorkerPipe

/// Passes questions on and keeps the answers.
public final class RecordingReference: Reference {
  private let source: any Reference
  private var entries: [SafeTensors.Entry] = []
  /// The mistakes that something was kept of, in that order.
  private var kept: [(model: String, mistake: KnownMistake)] = []
  /// The ids of all single mistakes of each model that pairs were kept of.
  private var ids: [String: [String]] = [:]

  /// How many numbers of a parameter's gradient are recorded at most, a prime so that they stand in all
  /// columns. Wrong ones stand in rows and columns by the hundred; each number is compared where a model
  /// is small, and when work is graded.
  private static let largestWhole = 2039

  /// Records what another reference answers.
  public init(_ source: any Reference) { self.source = source }

  /// The bytes of a file for `RecordedReference`.
  ///
  /// - Throws: `ArchiveError` where it cannot be compressed.
  public var recording: [UInt8] {
    get throws { try CompressedBytes.compressed(SafeTensors.encode(tensors)) }
  }

  private var tensors: [SafeTensors.Entry] {
    ids.sorted { $0.key < $1.key }.map { model, ids in
      ("ids|\(model)|\(ids.joined(separator: ","))", Tensor([Float(ids.count)]))
    }
      + entries
      + kept.map { model, mistake in
        (
          (["mistake", model] + mistake.ids + [mistake.sentence]).joined(separator: "|"),
          Tensor([mistake.showsOnlyInGradients ? 1 : 0])
        )
      }
  }

  /// It is.
  public var isRecording: Bool { true }

  /// Asks the other reference.
  public func answer(
    _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor],
    at place: QuestionPlace
  ) throws -> [PipeTensor] {
    let answer = try source.answer(question, about: subject, tensors, at: place)
    if answer.isEmpty, question.kind == .parameters {
      entries.append(("none|\(place.check)|\(place.number)|0|", Tensor([0])))
    }
    for (index, tensor) in answer.enumerated() {
      let name = "\(place.check)|\(place.number)|\(index)|\(tensor.name)"
      if question.kind == .parameters {
        entries.append(("shape|\(name)", Tensor(tensor.shape.map(Float.init))))
      } else if let given = tensor.given(in: tensors), given == tensor.renamed(given.name) {
        entries.append(("given|\(name)", Tensor(tensor.shape.map(Float.init))))
      } else if let integers = tensor.integers {
        entries.append(
          (
            "integers|\(name)",
            try Tensor(PackedTensors.halves(integers), shape: Shape(tensor.shape + [2]))
          ))
      } else if question.kind == .backward, tensor.name.hasPrefix("parameter:"),
        tensor.values.count > Self.largestWhole
      {
        let sample = SampledTensor.of(tensor, size: Self.largestWhole)
        entries.append(("sample|\(name)", Tensor(PackedTensors.packed([sample]))))
      } else {
        entries.append(("answer|\(name)", try Tensor(tensor.values, shape: Shape(tensor.shape))))
      }
    }
    return answer
  }

  /// Those of the other reference.
  public func mistakes(of model: String) throws -> [KnownMistake] {
    try source.mistakes(of: model)
  }

  /// Those of the other reference.
  public func results(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    at place: QuestionPlace
  ) -> [PipeTensor]? { source.results(of: model, with: mistake, experiment, at: place) }

  /// Those of the other reference.
  public func gradients(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    at place: QuestionPlace
  ) -> [PipeTensor]? { source.gradients(of: model, with: mistake, experiment, at: place) }

  /// Keeps what mistakes give, alone and in pairs: correct results, which are there while recording,
  /// never ask for them. Gradients are kept of a check's first experiment, for a small file.
  public func prepareMistakes(
    of model: String, _ experiment: ModelCheck.Experiment, at place: QuestionPlace,
    shapes: [[Int]]?
  ) throws {
    let wantsGradients = !experiment.upstream.isEmpty
    guard !wantsGradients || place.number == 0 else { return }
    let known = try mistakes(of: model)
    let single = known.filter(\.isSingle)
    for mistake in single {
      if let found = wrong(model, mistake, experiment, place, shapes) {
        keep("results", found, model, mistake, place)
      }
      if wantsGradients, let found = gradients(of: model, with: mistake, experiment, at: place) {
        keep(
          "gradients", found.map { SampledTensor.of($0, size: PackedTensors.samples) }, model,
          mistake, place)
      }
    }
    let pairs = known.filter { $0.parts.count == 2 }
    guard !pairs.isEmpty else { return }
    ids[model] = single.flatMap(\.ids)
    for mistake in single { remember(model, mistake) }
    keepPairs("results", model, place, pairs) { wrong(model, $0, experiment, place, shapes) }
    guard wantsGradients else { return }
    keepPairs("gradients", model, place, pairs) {
      gradients(of: model, with: $0, experiment, at: place)
    }
  }

  /// The results of a mistake where they may be asked for.
  private func wrong(
    _ model: String, _ mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    _ place: QuestionPlace, _ shapes: [[Int]]?
  ) -> [PipeTensor]? {
    guard !mistake.showsOnlyInGradients,
      let found = results(of: model, with: mistake, experiment, at: place)
    else { return nil }
    guard let shapes else { return found }
    // what is told apart by its shape already, some of the numbers tell as well
    return shapes == found.map(\.shape)
      ? nil : found.map { SampledTensor.of($0, size: Self.largestWhole) }
  }

  private func keepPairs(
    _ kind: String, _ model: String, _ place: QuestionPlace, _ pairs: [KnownMistake],
    _ tensors: (KnownMistake) -> [PipeTensor]?
  ) {
    // of gradients there are as many tensors as parameters
    var recorder = RecordedPairs.Recorder(
      ids: ids[model] ?? [], samples: kind == "gradients" ? 2 : 4)
    for pair in pairs {
      guard let found = tensors(pair) else { continue }
      recorder.add(pair, found)
    }
    for (index, row) in recorder.rows.enumerated() {
      let name = ["pairs", kind, place.check, "\(place.number)", model, "\(index)", row.names]
      entries.append((name.joined(separator: "|"), Tensor(row.numbers)))
    }
  }

  private func keep(
    _ kind: String, _ tensors: [PipeTensor], _ model: String, _ mistake: KnownMistake,
    _ place: QuestionPlace
  ) {
    let names = tensors.map(\.name).joined(separator: ",")
    entries.append(
      (
        ([kind, place.check, "\(place.number)", model, names] + mistake.ids)
          .joined(separator: "|"),
        Tensor(PackedTensors.packed(tensors))
      ))
    remember(model, mistake)
  }

  private func remember(_ model: String, _ mistake: KnownMistake) {
    if !kept.contains(where: { $0 == (model, mistake) }) { kept.append((model, mistake)) }
  }
}
