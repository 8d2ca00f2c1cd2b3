import ArgumentParser
import Assignment
import Building
import Examples
import Foundation
import Plots
import Recordings
import Sandbox
import WorkerPipe
import Workers

/// `rhythm plot variables`: what a network's code does, step by step.
struct PlotVariables: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "variables",
    abstract: "Draw what the variables of a network's code hold at each step.",
    discussion: """
      For an example of each class: every variable that gets a value at each step of the sequence, by its \
      name in your code, such as gates and states; and the norm of the loss's gradient for it, by which is \
      seen how far back a network can learn. The compiler tells the values: nothing is to be written for \
      it. The parameters are a training's: ./rhythm train keeps them.
      """, aliases: ["gates"])

  @OptionGroup var options: NetworkOptions

  @Option(
    parsing: .unconditional,
    help: "Which example of each class of the validation set, from 0.")
  var example = 0

  func validate() throws {
    guard example >= 0 else { throw ValidationError("--example must not be negative.") }
  }

  func run() throws {
    try reportingFailure {
      let plotted = try PlottedNetwork(options)
      _ = try plotted.parameters()
      let data = try plotted.data()
      let examples = data.split.validation
      let chosen = data.classes.indices.compactMap { label in
        examples.labels.indices.filter { examples.labels[$0] == Int32(label) }.dropFirst(example)
          .first
      }
      guard !chosen.isEmpty else {
        throw PlotError.nothing(
          what: examples.labels.isEmpty
            ? "the examples have no classes" : "no class has an example \(example)")
      }
      let (worker, launcher) = try talkingWorker(plotted)
      let columns = try withExtendedLifetime(worker) {
        try chosen.map { index in
          let one = examples.selecting([index])
          let (description, tensors) = TrainingQuestion(train: one, validation: one).packed()
          let label = data.classes[Int(examples.labels[index])]
          let name = examples.names.isEmpty ? "" : examples.names[index] + ": "
          return (
            title: name + label,
            variables: Self.variables(
              try plotted.ask(.variables(description), tensors, of: data, launcher))
          )
        }
      }
      guard columns.contains(where: { !$0.variables.isEmpty }) else {
        throw PlotError.nothing(
          what: "no variable of \(plotted.network.name)'s code gets a value at each step")
      }
      try draw(
        (
          try .variables(columns, title: "\(plotted.network.name), step by step"),
          plotted.file("variables")
        ))
    }
  }

  /// The unit's worker, compiled so that it tells.
  private func talkingWorker(
    _ plotted: PlottedNetwork
  ) throws -> (BuiltWorksheet, WorkerLauncher) {
    let (copy, unit) = (plotted.copy, plotted.unit)
    let sandbox = Sandbox(tier: .none, toolchain: try Toolchain.find())
    let builder = try WorksheetBuilder(
      unit.manifest, assignmentFolder: plotted.folder, core: copy.core, sandbox: sandbox,
      cacheFolder: copy.buildCache)
    switch try stoppable(builder.cancel, { try builder.talkingWorker() }) {
    case .built(let worker):
      return (
        worker,
        WorkerLauncher(
          program: worker.program, sandbox: sandbox,
          limits: Limits(cpuSeconds: 1e8, wallSeconds: 1e8, memoryBytes: 64 << 30),
          files: unit.manifest.files)
      )
    case .rejected(let errors):
      // what does not compile at all is said as everywhere
      _ = try copy.worker(
        unit: unit.name, solutions: options.code.isOfSolutions, manifest: unit.manifest)
      throw WorkingCopyError(
        description: "this compiler cannot say what variables hold: \(errors.first ?? "")")
    }
  }

  /// The variables of an answer, in the order of the code; of two of one name the last.
  private static func variables(_ tensors: [PipeTensor]) -> [SteppedVariable] {
    /// The units at each step, the first example's.
    func steps(_ tensor: PipeTensor) -> [[Float]] {
      let count = tensor.shape.first ?? 0
      let size = count > 0 ? tensor.values.count / count : 0
      return (0..<count).map { Array(tensor.values[($0 * size)..<(($0 + 1) * size)]) }
    }
    let found = tensors.compactMap { tensor -> SteppedVariable? in
      let parts = tensor.name.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2, parts[0] == "value" else { return nil }
      let name = parts[1].drop { $0 != ":" }.dropFirst()
      let gradient = tensors.first { $0.name == "gradient:" + parts[1] }
      return SteppedVariable(
        name: String(name), steps: steps(tensor),
        gradientNorms: gradient.map { gradient in
          steps(gradient).map { step in
            step.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
          }
        })
    }
    return found.enumerated().filter { index, variable in
      !found[(index + 1)...].contains { $0.name == variable.name }
    }.map(\.element)
  }
}
