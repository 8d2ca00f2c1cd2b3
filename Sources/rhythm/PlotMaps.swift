import ArgumentParser
import Assignment
import Examples
import Foundation
import Metrics
import Plots
import Recordings
import TensorCore
import WorkerPipe
import Workers

/// `rhythm plot maps`: where in recordings a network finds the evidence for a class.
struct PlotMaps: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maps",
    abstract: "Draw class activation maps: where in a recording the evidence for a class lies.",
    discussion: """
      Each recording over shading, the darker the more the place speaks for the predicted class, and below it the maps \
      of all classes as lines, each with its mean, which is the class's logit. All recordings have one scale, which \
      begins at 0 and is stretched for none of them; padding is left out. Recordings are named, \
      ./rhythm plot maps NETWORK A02699 A07815; without a name the first one of each class is drawn that the network \
      gets right. A map says what the network adds up, not what it should: test it before you believe it. The \
      parameters are a training's: ./rhythm train keeps them.
      """)

  @OptionGroup var options: NetworkOptions

  @Argument(help: "Names of recordings.")
  var records: [String] = []

  @Option(
    name: .customLong("class"), help: "The map of this class in place of the predicted one's.")
  var shownClass: String?

  @Option(
    parsing: .unconditional,
    help: "A page of the first so many right recordings of each class, without the lines.")
  var page: Int?

  @Option(parsing: .unconditional, help: "The mean over so many seconds around each place.")
  var smooth: Double?

  @Flag(help: "Each map minus the mean of the others.")
  var contrast = false

  func validate() throws {
    if let smooth, !(smooth > 0 && smooth < 3600) {
      throw ValidationError("--smooth is \(smooth); give seconds above 0.")
    }
    if let page, page < 1 { throw ValidationError("--page is \(page); give 1 or more.") }
    if page != nil, !records.isEmpty {
      throw ValidationError("--page chooses recordings: name none, or leave it out.")
    }
  }

  func run() throws {
    try reportingFailure {
      let plotted = try PlottedNetwork(options)
      guard let subject = plotted.network.maps else {
        throw ValidationError("\(plotted.network.name) has no class activation maps to draw.")
      }
      _ = try plotted.parameters()
      let data = try plotted.data()
      if let shownClass, !data.classes.contains(shownClass) {
        throw ValidationError(
          "--class: there is no class \(shownClass); there are \(data.classes.joined(separator: ", "))."
        )
      }
      let launcher = try plotted.copy.trainingLauncher(
        unit: plotted.unit.name, solutions: options.code.isOfSolutions)
      let examples = try chosen(plotted, data, launcher)
      let (_, answer) = try plotted.ask(subject, about: examples, of: data, launcher)
      let maps = try Self.maps(answer.first { $0.name == "maps" }, of: examples, data.classes)
      let signals = examples.names.map { data.signal($0) }
      guard let first = signals.lazy.compactMap({ $0 }).first else {
        throw PlotError.nothing(what: "no recording can be drawn that the examples were made of")
      }
      let drawn = zip(maps.indices, signals).compactMap { place, signal in
        signal.flatMap { recording(examples, place, maps[place], $0, data.classes) }
      }
      let origin = data.isSynthetic ? " (synthetic recordings)" : ""
      let what =
        (contrast ? "evidence beyond the other classes'" : "evidence")
        + (smooth.map { String(format: ", means over %g s", $0) } ?? "")
      try draw(
        (
          try .activationMaps(
            drawn, classes: data.classes,
            title: "Where \(plotted.network.name) finds its \(what)\(origin)",
            rate: first.valuesPerSecond, unit: first.unit,
            quantity: contrast ? "map minus the others'" : "map", hasLines: page == nil),
          plotted.file(page == nil ? "maps" : "maps-page")
        ))
    }
  }

  /// The recordings that are drawn.
  ///
  /// - Throws: a sentence where one is not among them.
  private func chosen(
    _ plotted: PlottedNetwork, _ data: PreparedData, _ launcher: WorkerLauncher
  ) throws -> ExampleSet {
    guard !records.isEmpty else {
      let places = try (0..<(page ?? 1)).flatMap { number in
        do {
          return try plotted.rightExamples(number, of: data, launcher)
        } catch PlotError.nothing where number > 0 {
          return []
        }
      }
      return data.split.validation.selecting(places)
    }
    let sets = [data.split.validation, data.split.training]
    let places = try records.map { name in
      for (index, set) in sets.enumerated() {
        if let place = set.names.firstIndex(of: name) { return (set: index, place: place) }
      }
      throw ValidationError(
        "there is no recording \(name) among the \(data.recordingCount) of these data that a class is told of; "
          + "the first of the validation set is \(sets[0].names.first ?? "none").")
    }
    guard let set = places.first?.set, places.allSatisfy({ $0.set == set }) else {
      throw ValidationError(
        "some of these recordings were trained on and some not: draw them one after the other.")
    }
    return sets[set].selecting(places.map(\.place))
  }

  /// The map of each example.
  private static func maps(
    _ tensor: PipeTensor?, of examples: ExampleSet, _ classes: [String]
  ) throws -> [ActivationMap] {
    guard let tensor, tensor.shape.count == 3, tensor.shape[0] == examples.count,
      tensor.shape[1] == classes.count, tensor.shape[2] > 0
    else {
      throw PlotError.nothing(what: "the network gives no map of each class for each recording")
    }
    let (count, steps) = (tensor.shape[1], tensor.shape[2])
    return (0..<examples.count).compactMap { sample in
      ActivationMap(
        (0..<count).map { label in
          let start = (sample * count + label) * steps
          return tensor.values[start..<(start + steps)].map(Double.init)
        })
    }
  }

  /// A recording with its map at each voltage, padding left out.
  private func recording(
    _ examples: ExampleSet, _ place: Int, _ map: ActivationMap, _ signal: ExampleSignal,
    _ classes: [String]
  ) -> MappedRecording? {
    guard !signal.steps.isEmpty, signal.values.count % signal.steps.count == 0 else { return nil }
    let ratio = signal.values.count / signal.steps.count
    let own = contrast ? map.contrasts : map
    var fine = own.interpolated(to: signal.stepCount * ratio)
    if let smooth {
      fine = fine.smoothed(over: max(1, Int((smooth * signal.valuesPerSecond).rounded())))
    }
    guard
      let visible = fine.selecting(
        (signal.steps.lowerBound * ratio)..<(signal.steps.upperBound * ratio))
    else { return nil }
    let shown = shownClass.flatMap { classes.firstIndex(of: $0) } ?? map.predicted
    let probabilities = zip(classes, map.probabilities).map { name, probability in
      "\(name) \(String(format: "%.2f", probability))"
    }
    let label = classes[Int(examples.labels[place])]
    return MappedRecording(
      title: "\(examples.names[place]): \(label), predicted \(classes[map.predicted]) "
        + "(\(probabilities.joined(separator: ", "))); map of \(classes[shown])",
      values: signal.values, map: visible, shown: shown, logits: own.logits)
  }
}
