import ArgumentParser
import Assignment
import Examples
import Files
import Foundation
import Judge
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
      A step is what `train` does for one batch of 192 chunks of 40 × 17: gather the batch, forward, \
      backward, Adam, running figures. Beside it stands, for the networks that consist of little else \
      than matrix products, the share of the speed that their products alone would allow on as many \
      threads, and the most memory the training had in use.
      """)

  @Option(help: "Also write the figures to this file.")
  var json: String?

  @Option(help: "About how long to measure each network.")
  var seconds = 4.0

  @Option(help: "Threads of the kernels; 0: one for each processor.")
  var threads = 0

  @Option(help: "Only these networks, separated by commas.")
  var only: String?

  @Option(help: "Windows in a chunk: how the cost grows with the steps of a recurrence.")
  var chunkLength = 40

  @Option(help: "Chunks in a batch.")
  var batchSize = 192

  @Flag(help: "Measure your own networks instead of the Solutions'.")
  var assignments = false

  @OptionGroup var unit: UnitOption

  func validate() throws {
    guard seconds > 0, threads >= 0, chunkLength > 0, batchSize > 0 else {
      throw ValidationError(
        "--seconds, --chunk-length and --batch-size must be positive, --threads not negative.")
    }
  }

  private func chosen(_ manifest: AssignmentManifest) throws -> [AssignmentManifest.Network] {
    let networks = manifest.networks ?? []
    guard let only else { return networks }
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
      if let json { try AtomicFile.prepare(for: json) }
      let hasSolutions = FileManager.default.fileExists(atPath: copy.solutions(unit.name))
      let program = try copy.trainingLauncher(
        unit: unit.name, solutions: hasSolutions && !assignments)
      let threads = threads > 0 ? threads : KernelThreads.count
      let line = ProgressLine("measuring")
      defer { line.clear() }

      line.show("matrix products")
      let gflops = ProductFloor.largeProductGflops(threads: threads, seconds: min(seconds, 1))
      line.clear()
      printLine(
        String(
          format: "%d thread%@, large matrix products %.0f GFLOP/s", threads,
          threads == 1 ? "" : "s", gflops))
      var networks: [String: BenchResult.Network] = [:]
      for choice in chosen {
        line.show(choice.name)
        let client = try WorkerClient(program)
        do {
          let speed = try speed(of: choice.name, unit.manifest, in: client, threads: threads)
          // the products are those of the course's shapes
          let floor =
            chunkLength != 40
            ? nil
            : ProductFloor.named(choice.name, batchSize: batchSize)?
              .examplesPerSecond(threads: threads, seconds: min(seconds, 1))
          let result = BenchResult.Network(
            examplesPerSecond: speed, productsExamplesPerSecond: floor,
            shareOfProducts: floor.map { speed / $0 },
            peakResidentMegabytes: client.peakResidentBytes.map { Double($0) / 1e6 })
          networks[choice.name] = result
          line.clear()
          printLine(result.line(choice.name))
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

  /// Trains twice: briefly, to warm up and to see how many steps fill the time, and then for it.
  private func speed(
    of network: String, _ manifest: AssignmentManifest, in client: WorkerClient, threads: Int
  ) throws -> Double {
    let warm = try training(network, manifest, client, threads, steps: chunkLength > 400 ? 2 : 20)
    let steps = Int(max(chunkLength > 400 ? 2 : 20, (warm * seconds / Double(batchSize)).rounded()))
    return try training(network, manifest, client, threads, steps: steps)
  }

  private func training(
    _ network: String, _ manifest: AssignmentManifest, _ client: WorkerClient, _ threads: Int,
    steps: Int
  ) throws -> Double {
    var speed = 0.0
    let sizes = manifest.sizes(
      of: network, with: ["stepCount": chunkLength, "binCount": Self.binCount])
    let recipe = Recipe(
      epochs: steps, batchSize: batchSize, seed: 1, maximumSteps: steps, threads: threads)
    let examples = examples()
    try client.train(
      .init(network, sizes: sizes, seed: 1), by: recipe,
      on: TrainingQuestion(train: examples, validation: examples.selecting([0])),
      keeping: .nothing, within: 24 * 3600
    ) {
      speed = $0.examplesPerSecond
    } onEpoch: {
      speed = $0.report.examplesPerSecond
    }
    return speed
  }

  private static let binCount = 17

  /// Eight batches of noise with random labels, each a hundred times in an epoch: epochs end with a
  /// message that would otherwise disturb the fast networks.
  private func examples() -> ExampleSet {
    var generator = RandomGenerator(seed: 1)
    let count = 8 * batchSize
    let noise = Tensor.randn([count * chunkLength, Self.binCount], using: &generator)
    let labels = (0..<count).map { _ in Int32(generator.nextUniform() < 0.5 ? 0 : 1) }
    let set = ExampleSet(
      [
        .init(
          Table(noise.array, rowShape: [Self.binCount]),
          firstRows: (0..<count).map { $0 * chunkLength }, extent: .window(chunkLength))
      ], targets: .classes(labels, count: 2))
    return set.selecting((0..<count * 100).map { $0 % count })
  }
}

/// What `bench --json` writes.
struct BenchResult: Codable {
  /// One network's speed.
  struct Network: Codable {
    /// Trained on in a second.
    let examplesPerSecond: Double
    /// What the network's matrix products alone would allow.
    let productsExamplesPerSecond: Double?
    /// The first by the second.
    let shareOfProducts: Double?
    /// The most memory the training had in use, in millions of bytes.
    let peakResidentMegabytes: Double?

    /// The network's line of the table.
    func line(_ name: String) -> String {
      let speed = String(format: "%11.0f examples/s", examplesPerSecond)
      let share = shareOfProducts.map {
        String(format: ", %.0f %% of its matrix products' speed", $0 * 100)
      }
      let memory = peakResidentMegabytes.map { String(format: ", %.0f MB", $0) }
      return name.padding(toLength: 18, withPad: " ", startingAt: 0) + speed + (memory ?? "")
        + (share ?? "")
    }
  }

  let threads: Int
  let networks: [String: Network]
  /// Billions of multiplications and additions a second, square matrices of 2048.
  let sgemmGflops: Double
}
