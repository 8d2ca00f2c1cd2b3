import ArgumentParser
import Assignment
import Examples
import Files
import Foundation
import Plots
import Recordings
import TensorCore
import WorkerPipe
import Workers

/// Which network is looked at, and on what.
struct NetworkOptions: ParsableArguments {
  @Argument(help: "The network's name.")
  var network: String

  @OptionGroup(title: "Data") var choices: DataOptions

  @Option(
    help:
      "Its parameters, as train keeps them; by default .rhythmlab/UNIT/checkpoints/NETWORK.safetensors."
  )
  var checkpoint: String?

  @OptionGroup var code: CodeOption

  @OptionGroup var unit: UnitOption

  @OptionGroup var picture: PictureOptions
}

/// A network of a unit with the parameters that a training kept.
struct PlottedNetwork {
  let copy: WorkingCopy
  let unit: UnitManifest
  let network: AssignmentManifest.Network
  private let options: NetworkOptions
  /// Where the parameters are.
  let checkpoint: String
  /// What `--set` chooses of the data.
  private let dataChoices: [String: String]

  init(_ options: NetworkOptions) throws {
    copy = try WorkingCopy.find()
    self.options = options
    let name = options.network
    let named = try copy.unit(
      options.unit, having: "network \(name)", of: { ($0.networks ?? []).map(\.name) },
      where: { $0.network(named: name) != nil })
    // a network that was trained with other sizes is drawn with them
    let manifest: AssignmentManifest
    (dataChoices, manifest) = try options.choices.parted(named.manifest, for: name)
    guard let found = manifest.network(named: name) else {
      throw ValidationError("the unit \(named.name) has no network \(name).")
    }
    unit = UnitManifest(name: named.name, manifest: manifest)
    network = found
    checkpoint =
      options.checkpoint ?? copy.state(unit.name) + "/checkpoints/\(found.name).safetensors"
  }

  /// Whether it is the Solutions' network.
  var isOfSolutions: Bool { options.code.isOfSolutions }

  /// The folder of the files.
  var folder: String { copy.folder(unit.name, solutions: options.code.isOfSolutions) }

  /// The parameters of the checkpoint.
  ///
  /// - Throws: a sentence where there are none.
  func parameters() throws -> [SafeTensors.Entry] {
    guard let data = FileManager.default.contents(atPath: checkpoint) else {
      throw WorkingCopyError(
        description: "there is no \(checkpoint): ./rhythm train \(network.name) makes it, "
          + "or name another with --checkpoint")
    }
    do {
      return try SafeTensors.decode([UInt8](data))
    } catch {
      throw WorkingCopyError(description: "\(checkpoint) is no checkpoint: \(error)")
    }
  }

  /// The examples, the validation set after the unit's own steps.
  func data() throws -> PreparedData {
    let kind = try UnitData(of: unit.manifest, chosen: dataChoices)
    let source = try kind.find(options.choices.data)
    let prepared = try kind.prepared(from: source)
    printLine("\(network.name) on \(source.description)")
    guard let preparation = unit.manifest.recipe?.preparation else { return prepared }
    let steps = try ExamplePreparation(
      preparation, of: unit.manifest,
      program: copy.trainingLauncher(unit: unit.name, solutions: options.code.isOfSolutions),
      seed: 1)
    return prepared.with(
      SplitExamples(
        training: prepared.split.training,
        validation: try steps.other(prepared.split.validation), queries: prepared.split.queries))
  }

  /// The same as a question has them.
  func parameterTensors() throws -> [PipeTensor] {
    try parameters().map { entry in
      PipeTensor(
        name: "parameter:" + entry.name, shape: entry.tensor.shape.dimensions,
        values: entry.tensor.array)
    }
  }

  /// Asks the network, with the checkpoint's parameters.
  ///
  /// - Parameters:
  ///   - launcher: the program.
  ///   - tensors: of the question.
  ///   - subject: what of the catalogue is asked with the network's parameters; the network if nil.
  /// - Throws: a sentence for somebody who has trained it.
  func ask(
    _ question: Request.Question, _ tensors: [PipeTensor], of data: PreparedData,
    _ launcher: WorkerLauncher, subject: String? = nil
  ) throws -> [PipeTensor] {
    try ask(question, tensors, of: data, WorkerClient(launcher), subject: subject)
  }

  private func ask(
    _ question: Request.Question, _ tensors: [PipeTensor], of data: PreparedData,
    _ client: WorkerClient, subject: String? = nil
  ) throws -> [PipeTensor] {
    let parameters = try parameterTensors()
    do {
      return try client.ask(
        question,
        about: Request.Subject(
          subject ?? network.name, unit.manifest.settings(of: network.name, with: data.sizes)),
        parameters + tensors, within: 3600, atMost: 1 << 30
      ).tensors
    } catch let failure as WorkerFailure {
      throw TrainingFailure(failure, output: client.standardOutput)
    }
  }

  /// What the network says of the validation examples.
  func predictions(
    of data: PreparedData, _ launcher: WorkerLauncher
  ) throws -> [PipeTensor] {
    let examples = data.split.validation
    let question = TrainingQuestion(train: examples.selecting([Int]()), validation: examples)
    let client = try WorkerClient(launcher, sharing: question)
    let (description, tensors) = question.packed(sharing: client.files)
    return try ask(.predictions(description), tensors, of: data, client)
  }

  /// What a subject of the catalogue gives for some examples with the network's parameters, and what it was given.
  func ask(
    _ subject: String, about examples: ExampleSet, of data: PreparedData, _ launcher: WorkerLauncher
  ) throws -> (X: Tensor, answer: [PipeTensor]) {
    let X = examples.batch(Array(0..<examples.count)[...]).X
    let input = PipeTensor(name: "input", shape: X.shape.dimensions, values: X.array)
    return (
      X,
      try ask(.forward(.init(isFirst: true)), [input], of: data, launcher, subject: subject)
    )
  }

  /// Of each class the `number`th example of the validation set that the network gets right, as far as there is one.
  ///
  /// - Throws: a sentence where there is none of any class.
  func rightExamples(
    _ number: Int, of data: PreparedData, _ launcher: WorkerLauncher
  ) throws -> [Int] {
    let examples = data.split.validation
    let isRight = try Dictionary(
      PlotWorst.ranked(predictions(of: data, launcher), examples).map {
        ($0.index, $0.predicted == Int(examples.labels[$0.index]))
      }
    ) { first, _ in first }
    let chosen = data.classes.indices.compactMap { label in
      examples.labels.indices.filter {
        examples.labels[$0] == Int32(label) && isRight[$0] == true
      }.dropFirst(number).first
    }
    guard !chosen.isEmpty else {
      throw PlotError.nothing(what: "the network gets no example \(number) of any class right")
    }
    return chosen
  }

  /// Where a picture goes.
  func file(_ name: String) -> String { options.picture.file("\(network.name)-\(name)") }
}
