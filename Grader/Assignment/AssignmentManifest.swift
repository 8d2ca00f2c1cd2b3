import Foundation
import Metrics
import Sandbox
import Yams

/// What `assignment.yml` says of a unit: the tasks, their points and checks, the files a student
/// may change, networks, goals and limits.
public struct AssignmentManifest: Codable, Sendable {
  /// One check.
  public struct Check: Codable, Sendable {
    /// The check's name within the unit, such as `lstm.values`.
    public var id: String
    /// The test that does it: class and method, such as `LSTMChecks/test3Values`.
    public var test: String
    /// The heading in reports, such as `values`. It decides nothing.
    public var title: String
    private var writtenKind: CheckKind?
    /// The points it is worth.
    public var points: Double
    /// The checks that must have passed before this one is run.
    public var needs: [String]?
    /// The network that it trains to a goal of `goals`; by far the longest kind of check.
    public var goal: String?
    /// Whether it trains a network.
    public var trains: Bool { goal != nil }
    /// What it asks. Where nothing is said, one with a goal trains to it, and of any other no more is known
    /// than that something must hold.
    public var kind: CheckKind { writtenKind ?? (trains ? .goal : .property) }

    private enum CodingKeys: String, CodingKey {
      case id, test, title, points, needs, goal
      case writtenKind = "kind"
    }
  }

  /// One task of the handout.
  public struct Task: Codable, Sendable {
    /// The number in the handout, such as `4.7b`.
    public var id: String
    /// The name of the type, such as `LSTM`.
    public var name: String
    /// The heading in reports.
    public var title: String
    /// The file the student works in.
    public var file: String
    /// Points: the sum of its checks'.
    public var points: Double
    /// Its checks, in the order they are run.
    public var checks: [Check]
    /// What `rhythm hint` shows one after the other: a nudge, the approach, the equation.
    public var hints: [String]?
  }

  /// A written question of the handout, answered in `ANSWERS.md`.
  public struct Question: Codable, Sendable {
    /// The section and the letter, such as `4.11a`.
    public var id: String
    /// The points it is worth.
    public var points: Double
  }

  /// A network that `rhythm train`, `experiments` and `bench` know.
  public struct Network: Codable, Sendable {
    /// Its name in the unit's catalogue.
    public var name: String
    /// Passes over the training set, by default.
    public var epochs: Int
    /// The sizes it is made with, besides those that the data have.
    public var sizes: [String: Int]?
    /// The numbers besides that it is made with, such as a share of units to drop.
    public var numbers: [String: Double]?
    /// What of the catalogue gives the network's attention weights besides its logits, `weights` [samples, layers,
    /// heads, queries, keys], with the same parameters; nil where it attends to nothing.
    public var attention: String?
    /// What of the catalogue gives the network's class activation maps, `maps` [samples, classes, steps], of which the
    /// means are the logits, with the same parameters; nil where it has none.
    public var maps: String?
    /// Whether a step of it takes minutes: it is measured only where it is named.
    public var isLarge: Bool?
  }

  /// A series of trainings with a table of its own.
  public struct Experiment: Codable, Sendable {
    /// One network of the series.
    public struct Entry: Codable, Sendable {
      /// The network's name.
      public var network: String
      /// The row's name, where a network has several; the network's if nothing is said.
      public var title: String?
      /// Choices in the steps from recordings to examples, in place of the unit's.
      public var settings: [String: String]?
      /// Sizes in place of the network's.
      public var sizes: [String: Int]?
      /// Numbers in place of the network's.
      public var numbers: [String: Double]?
      /// What the examples pass through, in place of the recipe's; `none` for nothing.
      public var preparation: String?
      /// What an epoch consists of, in place of the experiment's.
      public var augmentation: String?
      /// Whether the loss weighs each class by n / (K n_c), so that all count the same; as the unit's recipe does if
      /// nothing is said.
      public var classWeights: Bool?
      /// Passes over the training set; the network's own number if nothing is said.
      public var epochs: Int?
      /// The published validation accuracy.
      public var printed: Double?
      /// The last epoch's validation accuracy of PyTorch on the same split, by the same recipe.
      public var pyTorch: Double?

      /// What the row is called.
      public var name: String { title ?? network }
    }

    /// The name on the command line and in files.
    public var name: String
    /// The heading of the table.
    public var title: String
    /// What an epoch consists of, by a name that the kind of data has; all training examples if nothing
    /// is said.
    public var augmentation: String?
    /// The sets beside the validation set that the best parameters of each training are evaluated on, where the data
    /// have them; none if nothing is said.
    public var evaluates: [HeldBackSet]?
    /// The networks in the table's order.
    public var networks: [Entry]
  }

  /// A set that no training looks at.
  public enum HeldBackSet: String, Codable, Sendable {
    /// By which hyper-parameters are chosen.
    case test
    /// By which nothing is.
    case holdOut = "hold-out"
    /// Of another source than what is trained on.
    case otherSource = "other-source"
  }

  /// How the unit's networks are trained where a command says nothing else.
  public struct UsualRecipe: Codable, Sendable {
    /// Examples in a batch.
    public var batchSize: Int?
    /// The step size.
    public var learningRate: Float?
    /// The decay of the average of the parameters that is validated; 0 for the last step's.
    public var average: Float?
    /// How the step size goes, as `--schedule` spells it, such as `onecycle:0.2`; constant if nothing is said.
    public var schedule: String?
    /// Whether the loss weighs each class by n / (K n_c), so that all count the same.
    public var classWeights: Bool?
    /// The norm that a batch's gradient is scaled down to if it is larger; without one none is.
    public var clipNorm: Float?
    /// The optimiser; Adam if nothing is said.
    public var optimiser: Optimiser?
    /// A training ends when so many epochs in a row were no better on the validation set; without it none is too many.
    public var patience: Int?
    /// The figure by which an epoch is the best and a training ends; the goal's, else the accuracy, if nothing is said.
    public var stopsBy: Metric?
    /// What the examples pass through before a training, by a name under `preparations`; nothing if nothing is said.
    public var preparation: String?
  }

  /// How a network is trained for a check, and what it must reach.
  public struct TrainingGoal: Codable, Sendable {
    /// What is measured on the validation examples; the accuracy if nothing is said.
    public var metric: Metric?
    /// The most batches of one training.
    public var steps: Int
    /// How many trainings, each from another start, may be tried.
    public var attempts: Int
    /// Examples in a batch.
    public var batchSize: Int
    /// The step size.
    public var learningRate: Float
    /// The optimiser; Adam if nothing is said.
    public var optimiser: Optimiser?
    /// An attempt ends when so many epochs in a row were no better; without it none is too many.
    public var patience: Int?
    /// The figure by which an attempt ends, where that is not the metric; `loss` is one.
    public var stopsBy: Metric?
    /// The norm that a batch's gradient is scaled down to if it is larger; without one none is.
    public var clipNorm: Float?
    /// The decay of the average of the parameters that is validated; without one the last step's are.
    public var average: Float?
    /// How the step size goes in the course of `steps` batches, as `--schedule` spells it; constant if nothing is said.
    public var schedule: String?
    /// Whether the loss weighs each class by n / (K n_c) of the training examples.
    public var classWeights: Bool?
    /// What the examples pass through before the training, by a name under `preparations`; as the recipe's if nothing
    /// is said, `none` for nothing.
    public var preparation: String?
    /// The figure to reach on the real recordings.
    public var minimum: Double
    /// The same on the synthetic recordings, which are another task.
    public var minimumSynthetic: Double
  }

  /// The data that networks learn from, and how many of the examples checks that train use: so many of
  /// each set, drawn once a run.
  public struct DataSelection: Codable, Sendable {
    /// The kind of data.
    public var kind: String
    /// The unit's choices in the steps from recordings to examples; the kind's own where nothing is said.
    public var settings: [String: String]?
    /// Choices that only checks make, in place of the unit's.
    public var checkSettings: [String: String]?
    /// Examples to train on.
    public var training: Int
    /// Examples to predict.
    public var validation: Int
    /// Whether both are as many of each class, examples of the smaller ones repeated; else they have the
    /// shares of the data.
    public var isBalanced: Bool?

    /// The choices of checks.
    public var settingsOfChecks: [String: String] {
      (settings ?? [:]).merging(checkSettings ?? [:]) { $1 }
    }

    private enum CodingKeys: String, CodingKey {
      case kind, settings, checkSettings, training, validation
      case isBalanced = "balanced"
    }
  }

  /// Limits of the different kinds of work.
  public struct LimitSet: Codable, Sendable {
    /// One compilation.
    public var build: Limits
    /// The worker of one check.
    public var check: Limits
    /// The worker of one accuracy check.
    public var training: Limits
    /// All that is done for one submission.
    public var submission: SubmissionLimits

    /// Reads limits; those of a whole submission may be left out.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      build = try values.decode(Limits.self, forKey: .build)
      check = try values.decode(Limits.self, forKey: .check)
      training = try values.decode(Limits.self, forKey: .training)
      submission =
        try values.decodeIfPresent(SubmissionLimits.self, forKey: .submission)
        ?? SubmissionLimits(compilerSeconds: 2 * build.cpuSeconds, answerSeconds: 900)
    }
  }

  /// What all compilations, and all workers, of one submission may use together: limits on each of
  /// them alone would add up to hours in which nothing else is graded.
  public struct SubmissionLimits: Codable, Sendable {
    /// Processor seconds of the compiler.
    public var compilerSeconds: Double
    /// Seconds on the clock in which workers are waited for, as `ClockLimit` counts them.
    public var answerSeconds: Double

    /// Creates limits.
    public init(compilerSeconds: Double, answerSeconds: Double) {
      self.compilerSeconds = compilerSeconds
      self.answerSeconds = answerSeconds
    }
  }

  /// A part of the core that has what tasks ask to write. It is linked only into the program of the
  /// files that may use it; in the program of all others it does not exist.
  public struct CorePart: Codable, Sendable {
    /// The files that may use it, a student's and given ones.
    public var files: [String]
    /// Names that tell of it: types, members, kernels. None of them may be in another program.
    public var holds: [String]
  }

  /// The unit's name, which is its module's.
  public var unit: String
  /// The heading in reports.
  public var title: String
  /// The files a student may change.
  public var files: [String]
  /// The parts of the core that only some files may use, by the name of their module.
  public var parts: [String: CorePart]?
  /// What of the core no student's file may use, for tasks ask to write it, and given files do: `Conv1d`,
  /// `Tensor.conv1d`. It is looked for in the symbols that a file's object asks for.
  public var reserved: [String]?
  /// Files that have a stand-in: where the student's has not passed what another file's task needs, that
  /// task is judged with the stand-in.
  public var standIns: [String]?
  /// The tasks in the handout's order.
  public var tasks: [Task]
  /// The written questions in the handout's order; none when left out.
  public var questions: [Question]?
  /// The networks that can be trained, in the handout's order; none when left out.
  public var networks: [Network]?
  /// How networks are trained where a command says nothing else.
  public var recipe: UsualRecipe?
  /// The experiments; none when left out. The first is the usual one.
  public var experiments: [Experiment]?
  /// What networks learn from; left out where none does.
  public var data: DataSelection?
  /// Lines for the file that `rhythm try` makes: how something of the unit's own is called.
  public var worksheet: String?
  /// Lists of steps between the data's examples and those that networks learn from, by names that recipes and
  /// experiments use; none when left out.
  public var preparations: [String: [PreparationStep]]?
  /// Searches, one a network; none when left out. The first is the usual one.
  public var searches: [Search]?
  /// What networks must reach, by name; none when left out.
  public var goals: [String: TrainingGoal]?
  /// What a submission may use.
  public var limits: LimitSet
  /// When submissions are due, as `DueDate` reads it; without one none is late.
  public var due: String?
  /// What lateness costs; without one it is only marked.
  public var late: LateRule?

  /// The share of all points that is a pass, written answers included; half of them without one.
  public var passMark: Double?

  /// All points of the unit.
  public var maxScore: Double { tasks.reduce(0) { $0 + $1.points } }

  /// The same unit without the checks that train, and without their points.
  public var withoutTraining: AssignmentManifest {
    var manifest = self
    for index in manifest.tasks.indices {
      manifest.tasks[index].checks.removeAll(where: \.trains)
      manifest.tasks[index].points = manifest.tasks[index].checks.reduce(0) { $0 + $1.points }
    }
    return manifest
  }

  /// The network of a name, in any spelling of its capitals.
  public func network(named name: String) -> Network? {
    networks?.first { $0.name.lowercased() == name.lowercased() }
  }

  /// The sizes of a network in an experiment.
  ///
  /// - Parameter sizes: those that the data have.
  public func sizes(of entry: Experiment.Entry, with sizes: [String: Int]) -> [String: Int] {
    self.sizes(of: entry.network, with: sizes).merging(entry.sizes ?? [:]) { $1 }
  }

  /// The epochs of a network in an experiment.
  public func epochs(of entry: Experiment.Entry) -> Int {
    entry.epochs ?? network(named: entry.network)?.epochs ?? 1
  }

  /// What a network is measured by, as its goal says; nil where it says nothing.
  public func metric(of network: String) -> Metric? { goals?[network]?.metric }

  /// The sizes that a network is made with.
  ///
  /// - Parameter sizes: those that the data have.
  public func sizes(of network: String, with sizes: [String: Int]) -> [String: Int] {
    sizes.merging(self.network(named: network)?.sizes ?? [:]) { $1 }
  }

  /// The data of checks that train.
  ///
  /// - Throws: a sentence when the unit has none.
  public func dataSelection() throws(ManifestError) -> DataSelection {
    guard let data else {
      throw ManifestError(
        description: "the unit \(unit) says nothing under data, so nothing is trained")
    }
    return data
  }

  /// The check with a test's name, and its task.
  public func check(test: String) -> (task: Task, check: Check)? {
    for task in tasks {
      if let check = task.checks.first(where: { $0.test == test }) { return (task, check) }
    }
    return nil
  }

  /// Reads an assignment file.
  ///
  /// - Throws: `ManifestError` with one sentence.
  public static func read(_ path: String) throws -> AssignmentManifest {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ManifestError(description: "\(path) cannot be read")
    }
    return try read(data, path: path)
  }

  /// Reads the contents of an assignment file; `path` names it in errors.
  ///
  /// - Throws: `ManifestError` with one sentence.
  package static func read(_ data: Data, path: String) throws -> AssignmentManifest {
    let manifest: AssignmentManifest
    do {
      manifest = try YAMLDecoder().decode(AssignmentManifest.self, from: data)
    } catch {
      let detail = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
      throw ManifestError(description: "\(path) is not a valid assignment file: \(detail)")
    }
    try manifest.validate(path, text: String(decoding: data, as: UTF8.self))
    return manifest
  }
}

/// Why an assignment file is no use.
public struct ManifestError: Error, LocalizedError, CustomStringConvertible {
  /// One sentence.
  public let description: String
  /// The same.
  public var errorDescription: String? { description }

  /// Makes an error.
  public init(description: String) { self.description = description }
}
