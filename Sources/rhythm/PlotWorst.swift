import ArgumentParser
import Assignment
import Examples
import Foundation
import Plots
import Recordings
import WorkerPipe

/// `rhythm plot worst`: where a network is most wrong.
struct PlotWorst: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worst",
    abstract: "Draw the validation examples on which a trained network is most wrong.",
    discussion: """
      Those to whose class it gives the smallest probability, each with its class, the one that is \
      predicted, and that one's probability.
      """)

  @OptionGroup var options: NetworkOptions

  @Option(parsing: .unconditional, help: "How many.")
  var count = 8

  func validate() throws {
    guard (1...40).contains(count) else { throw ValidationError("--count must be 1 to 40.") }
  }

  func run() throws {
    try reportingFailure {
      let plotted = try PlottedNetwork(options)
      _ = try plotted.parameters()
      let data = try plotted.data()
      let examples = data.split.validation
      let launcher = try plotted.copy.trainingLauncher(
        unit: plotted.unit.name, solutions: options.code.isOfSolutions)
      let answer = try plotted.predictions(of: data, launcher)
      // balanced sets have examples several times
      var seen: Set<[Int]> = []
      let ranked = try Self.ranked(answer, examples).filter { judgement in
        seen.insert(examples.inputs.map { $0.firstRows[judgement.index] }).inserted
      }
      let shown = ranked.prefix(count).map { mistake in
        DrawnExample(
          title: Self.title(mistake, examples, data.classes),
          steps: Self.steps(examples.inputs[0], mistake.index))
      }
      try draw(
        (
          try .examples(
            shown,
            title: "Validation examples on which \(plotted.network.name) is most wrong"),
          plotted.file("worst")
        ))
    }
  }

  /// An example, and what the network says of it.
  struct Judgement {
    let index: Int
    let predicted: Int
    /// Of each class.
    let probabilities: [Double]
  }

  /// The examples, those first whose class has the smallest probability.
  ///
  /// - Throws: a sentence where the examples have no classes, or the network predicts none.
  static func ranked(_ answer: [PipeTensor], _ examples: ExampleSet) throws -> [Judgement] {
    guard !examples.labels.isEmpty,
      let logits = answer.first(where: { $0.name == "logits" }), logits.shape.count == 2,
      logits.shape[0] == examples.count
    else {
      throw PlotError.nothing(what: "the network predicts no classes by logits")
    }
    let width = logits.shape[1]
    let judgements = (0..<examples.count).map { index in
      let row = logits.values[(index * width)..<((index + 1) * width)].map(Double.init)
      // one logit is that of the second of two classes
      let scores = width == 1 ? [0, row[0]] : row
      let largest = scores.max() ?? 0
      let powers = scores.map { exp($0 - largest) }
      let sum = powers.reduce(0, +)
      let probabilities = powers.map { $0 / sum }
      let predicted = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
      return Judgement(index: index, predicted: predicted, probabilities: probabilities)
    }
    func ofLabel(_ judgement: Judgement) -> Double {
      let label = Int(examples.labels[judgement.index])
      return judgement.probabilities.indices.contains(label) ? judgement.probabilities[label] : 0
    }
    return judgements.sorted { (ofLabel($0), $0.index) < (ofLabel($1), $1.index) }
  }

  private static func title(
    _ judgement: Judgement, _ examples: ExampleSet, _ classes: [String]
  ) -> String {
    func name(_ label: Int) -> String {
      classes.indices.contains(label) ? classes[label] : "class \(label)"
    }
    let example =
      examples.names.isEmpty ? "example \(judgement.index)" : examples.names[judgement.index]
    let probability = String(format: "%.3f", judgement.probabilities[judgement.predicted])
    return "\(example): \(name(Int(examples.labels[judgement.index]))), predicted "
      + "\(name(judgement.predicted)) with \(probability)"
  }

  /// An example's numbers by steps and channels; of one without steps, each number is one.
  private static func steps(_ input: ExampleSet.Input, _ index: Int) -> [[Float]] {
    let first = input.firstRows[index]
    let rows = (first..<(first + input.rowCount(index))).map { row in
      input.table.values(ofRows: row..<(row + 1))
    }
    return rows.count == 1 ? rows[0].map { [$0] } : rows
  }
}
