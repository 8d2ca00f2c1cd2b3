import ArgumentParser
import Assignment
import Examples
import Files
import Foundation
import Metrics
import Recordings
import TensorCore
import Training
import WorkerPipe
import Workers

/// `rhythm bench`: how many examples a second each network of the unit trains on.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure the training speed of the networks.",
    discussion: """
      A step is what `train` does for one batch: gather the batch, forward, backward, optimiser, running \
      figures. The examples are noise in the shapes of the unit's data. Beside it stands the \
      most memory the training had in use, and the share of the speed that the matrix products of such a \
      step alone would allow on as many threads. The two are measured by turns, five times; figures are \
      medians, those in brackets the lowest and the highest.
      """)

  @Option(help: "Also write the figures to this file.")
  var json: String?

  @Option(parsing: .unconditional, help: "About how long to measure each network.")
  var seconds = 4.0

  @Option(parsing: .unconditional, help: "Threads of the kernels; 0: one for each processor.")
  var threads = 0

  @Option(help: "Only these networks, separated by commas.")
  var only: String?

  @OptionGroup(title: "Data") var settings: SettingOptions

  @Option(parsing: .unconditional, help: "Examples in a batch.")
  var batchSize = 192

  // BEGIN INSTRUCTOR: a student's copy has no Solutions
  @Flag(help: "Measure the networks in Assignments instead of the Solutions'.")
  var assignments = false
  // END INSTRUCTOR

  @OptionGroup var unit: UnitOption

  func validate() throws {
    guard seconds > 0, threads >= 0, batchSize > 0 else {
      throw ValidationError(
        "--seconds and --batch-size must be positive, --threads not negative.")
    }
  }

  private var measuresSolutions: Bool {
    // BEGIN INSTRUCTOR: a student's copy has no Solutions
    if !assignments { return true }
    // END INSTRUCTOR
    return false
  }

  private func chosen(_ manifest: AssignmentManifest) throws -> [AssignmentManifest.Network] {
    let networks = manifest.networks ?? []
    guard let only else { return networks.filter { $0.isLarge != true } }
    return try only.split(separator: ",").map { name in
      guard let network = manifest.network(named: name.trimmingCharacters(in: .whitespaces)) else {
        throw ValidationError(
          "there is no network \(name); choose from "
            + networks.map(\.name).joined(separator: ", ") + ".")
      }
      return network
    }
  }

  func run() throws {
    let copy = try WorkingCopy.find()
    let unit = try copy.unit(
      unit, having: "network", of: { ($0.networks ?? []).map(\.name) },
      where: { $0.networks?.isEmpty == false })
    let chosen = try chosen(unit.manifest)
    try reportingFailure {
      let manifests = try chosen.map { try settings.parted(unit.manifest, for: $0.name) }
      let data = try UnitData(of: unit.manifest, chosen: manifests.first?.data ?? [:])
      if let json { try AtomicFile.prepare(for: json) }
      let program = try copy.trainingLauncher(unit: unit.name, solutions: measuresSolutions)
      let threads = threads > 0 ? threads : KernelThreads.count
      let line = ProgressLine("measuring")
      defer { line.clear() }

      line.show("matrix products")
      let large = [MatrixProduct(m: 2048, n: 2048, k: 2048)]
      let gflops =
        MatrixProducts.rate(of: large, threads: threads, seconds: min(seconds, 1)) / 1e9
      // Eight batches of noise, each a hundred times in an epoch: epochs end with a message that would
      // otherwise disturb the fast networks.
      let noise = try data.kind.noise(8 * batchSize, seed: 1, data.settings)
      // a batch is of what a network is given in a training
      let examples = try ExamplePreparation(
        unit.manifest.recipe?.preparation, of: unit.manifest, program: program, seed: 1
      ).other(noise.examples)
      let question = TrainingQuestion(
        train: examples.selecting((0..<800 * batchSize).map { $0 % (8 * batchSize) }),
        validation: examples.selecting([0]))
      line.clear()
      printLine(
        String(
          format: "%d thread%@, large matrix products %.0f GFLOP/s", threads,
          threads == 1 ? "" : "s", gflops))
      var networks: [String: BenchResult.Network] = [:]
      for (choice, (_, manifest)) in zip(chosen, manifests) {
        line.show(choice.name)
        let client = try WorkerClient(program)
        do {
          let training = Training(
            network: choice.name,
            settings: manifest.settings(of: choice.name, with: noise.sizes),
            question: question,
            optimiser: try manifest.recipe?.optimiser.map(OptimiserChoice.init)
              ?? OptimiserChoice(),
            batchSize: batchSize, threads: threads)
          let turns = try training.measured(in: client, seconds: seconds)
          let result = BenchResult.Network(
            turns, peakResidentMegabytes: client.peakResidentBytes.map { Double($0) / 1e6 })
          networks[choice.name] = result
          line.clear()
          let width = chosen.map(\.name.count).max() ?? 0
          printLine(result.line(choice.name, width: width))
        } catch let failure as WorkerFailure {
          // the other networks may be there
          line.clear()
          printError("\(choice.name): \(TrainingFailure(failure, output: client.standardOutput))")
        }
      }
      if let json {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let result = BenchResult(threads: threads, networks: networks, sgemmGflops: gflops)
        try AtomicFile.write(try encoder.encode(result), to: json)
      }
      if networks.isEmpty { throw ExitCode(1) }
    }
  }
}

/// The training of a network that is timed.
private struct Training {
  let network: String
  let settings: Settings
  let question: TrainingQuestion
  /// The unit's own: they differ in what they read and write of each parameter.
  let optimiser: OptimiserChoice
  let batchSize: Int
  let threads: Int

  /// What one turn measured.
  struct Turn {
    /// Trained on in a second.
    let examplesPerSecond: Double
    /// What the matrix products of a step alone would allow; nil where it has none.
    let productsExamplesPerSecond: Double?
  }

  /// Trains three times: two batches to see how long they take, then briefly, to warm up. Then steps and their matrix
  /// products are measured by turns: what else goes on in the machine changes from one second to the next,
  /// and is to slow down both.
  ///
  /// - Parameter seconds: about how long the steps are measured, in all turns together.
  func measured(in client: WorkerClient, seconds: Double) throws -> [Turn] {
    let turns = 5
    func steps(_ speed: Double, _ seconds: Double) -> Int {
      max(4, Int((speed * seconds / Double(batchSize)).rounded()))
    }
    var speed = try run(client, steps: 2).speed
    speed = try run(client, steps: min(20, steps(speed, seconds))).speed
    let length = steps(speed, seconds / Double(turns))
    return try (0..<turns).map { _ in
      let (speed, products) = try run(client, steps: length)
      let operations = products.reduce(0) { $0 + $1.operations } / Double(batchSize)
      let rate = MatrixProducts.rate(
        of: products, threads: threads, seconds: min(seconds, 1) / Double(turns))
      return Turn(
        examplesPerSecond: speed,
        productsExamplesPerSecond: products.isEmpty ? nil : rate / operations)
    }
  }

  /// Trains a new network. Its first steps, which make what later ones find, do not count where others are told of.
  private func run(
    _ client: WorkerClient, steps: Int
  ) throws -> (speed: Double, products: [MatrixProduct]) {
    var first: TrainingReport?
    var last: TrainingReport?
    let recipe = Recipe(
      epochs: steps, batchSize: batchSize, optimiser: optimiser, seed: 1, maximumSteps: steps,
      threads: threads)
    var products: [MatrixProduct] = []
    try client.train(
      .init(network, settings, seed: 1), by: recipe, on: question, keeping: .nothing,
      within: 24 * 3600
    ) {
      first = first ?? $0
    } onEpoch: {
      last = $0.report
      products = $0.report.products ?? products
    }
    guard let last else { return (0, products) }
    let (seen, seconds) = (examples(of: last), time(of: last))
    guard let first, examples(of: first) < seen else { return (seen / seconds, products) }
    return ((seen - examples(of: first)) / (seconds - time(of: first)), products)
  }

  /// How many examples a training has seen by a report.
  private func examples(of report: TrainingReport) -> Double {
    Double(((report.epoch - 1) * report.batchCount + report.batch) * batchSize)
  }

  /// How many seconds that took.
  private func time(of report: TrainingReport) -> Double {
    examples(of: report) / report.examplesPerSecond
  }
}

/// What `bench --json` writes.
struct BenchResult: Codable {
  /// One network's speed, in the medians of turns.
  struct Network: Codable {
    /// Trained on in a second.
    let examplesPerSecond: Double
    /// What the network's matrix products alone would allow.
    let productsExamplesPerSecond: Double?
    /// The first by the second.
    let shareOfProducts: Double?
    /// The lowest and the highest of these shares.
    let sharesOfProducts: [Double]?
    /// The most memory the training had in use, in millions of bytes.
    let peakResidentMegabytes: Double?

    fileprivate init(_ turns: [Training.Turn], peakResidentMegabytes: Double?) {
      examplesPerSecond = turns.map(\.examplesPerSecond).median
      let floors = turns.compactMap(\.productsExamplesPerSecond)
      let shares = turns.compactMap { turn in
        turn.productsExamplesPerSecond.map { turn.examplesPerSecond / $0 }
      }
      productsExamplesPerSecond = floors.isEmpty ? nil : floors.median
      shareOfProducts = shares.isEmpty ? nil : shares.median
      sharesOfProducts = shares.isEmpty ? nil : [shares.min() ?? 0, shares.max() ?? 0]
      self.peakResidentMegabytes = peakResidentMegabytes
    }

    /// The network's line of the table, whose names take so many columns.
    func line(_ name: String, width: Int) -> String {
      let speed = String(format: "%11.0f examples/s", examplesPerSecond)
      var share = ""
      // where other work is nearly all of it, as in a convolution by tiles, the share says nothing
      if let shareOfProducts, let sharesOfProducts, shareOfProducts >= 0.05 {
        share = String(
          format: ", %.0f %% (%.0f to %.0f) of its matrix products' speed", shareOfProducts * 100,
          sharesOfProducts[0] * 100, sharesOfProducts[1] * 100)
      }
      let memory = peakResidentMegabytes.map { String(format: ", %.0f MB", $0) }
      return name.padding(toLength: width, withPad: " ", startingAt: 0) + speed + (memory ?? "")
        + share
    }
  }

  let threads: Int
  let networks: [String: Network]
  /// Billions of multiplications and additions a second, square matrices of 2048.
  let sgemmGflops: Double
}
