import Assignment
import Foundation
import Sandbox
import WorkerPipe
import Workers

/// Everything the checks of one submission share: the student's worker, the reference, the seed,
/// the data, and the results so far.
public final class JudgeSession {
  /// The unit.
  public let manifest: AssignmentManifest
  private let subjects: [Subject]
  /// The run's secret seed.
  private let seed: UInt64
  private let programs: StudentPrograms
  private let budget: AnswerBudget
  private let reference: any Reference
  let makeData: () throws -> GradingData
  let trainingThreads: Int
  var loadedData: GradingData?
  /// The examples of trainings after the assignment file's steps, by network.
  var preparedData: [String: GradingData] = [:]
  /// How the last training of each network ended that reached its goal.
  var reachedGoals: [String: TrainingOutcome] = [:]
  /// The running check, and how many questions of each kind it has asked the reference.
  private(set) var runningCheck = ""
  /// The student's file that it is about.
  private var runningFile = ""
  private var asked: [String: Int] = [:]
  /// How many experiments it has made that may need a diagnosis.
  private var experiments = 0
  var studentWorker: WorkerClient?
  /// The one that was started last for a training.
  private(set) weak var trainingWorker: WorkerClient?
  /// The worker of the check before, and its program.
  private var formerWorker: (worker: WorkerClient, program: String)?
  /// What the workers of the running check printed that are no more.
  private var printed = ""
  /// The results so far, by check.
  public private(set) var results: [String: CheckResult] = [:]
  private var remark: String?
  /// Is told how far a training came: the check and the epoch.
  public var onEpoch: (String) -> Void = { _ in }
  /// The trainings of the running check.
  public internal(set) var curve: TrainingCurve?

  /// Prepares the judging of one submission.
  ///
  /// - Parameters:
  ///   - subjects: what is known of the unit's models and functions.
  ///   - student: the student's programs.
  ///   - budget: what all their answers may take together; the manifest's limit by default.
  ///   - data: makes the data of accuracy checks; called when the first one needs them.
  ///   - trainingThreads: the threads a training may use.
  public init(
    manifest: AssignmentManifest, subjects: [Subject], student: StudentPrograms,
    reference: any Reference, seed: UInt64, trainingThreads: Int, budget: AnswerBudget? = nil,
    data: @escaping () throws -> GradingData
  ) {
    self.manifest = manifest
    self.subjects = subjects
    programs = student
    self.budget =
      budget ?? AnswerBudget(seconds: manifest.limits.submission.answerSeconds)
    self.reference = reference
    self.seed = seed
    self.trainingThreads = trainingThreads
    makeData = data
  }

  /// Runs one check and records how it ended.
  ///
  /// - Parameters:
  ///   - test: class and method, as in the manifest.
  ///   - body: throws when the check fails.
  public func run(test: String, _ body: (JudgeSession) throws -> Void) -> CheckResult? {
    guard let (task, check) = manifest.check(test: test) else { return nil }
    let start = Date()
    var verdict = Verdict.passed
    remark = nil
    curve = nil
    (runningCheck, runningFile, asked, experiments) = (check.id, task.file, [:], 0)
    let blocking = (check.needs ?? []).first { results[$0].map { $0.outcome != .passed } ?? false }
    if let blocking, let cause = results[blocking] {
      // a stub is reported as a stub by all checks that need it, not as a mistake in one of them
      verdict =
        cause.outcome == .notImplemented
        ? Verdict(outcome: .notImplemented, message: cause.message, diagnosis: nil)
        : Verdict(
          outcome: .notRun, message: "not run: it needs the check \(blocking) to pass first",
          diagnosis: nil)
      if cause.outcome == .notImplemented { verdict.place = cause.place }
      // what it stands on says nothing of its own file: that may not be started either
      if cause.task != task.id {
        if task.checks.first?.id == check.id {
          verdict = notStarted(task, body) ?? verdict
        } else if let own = task.checks.lazy.compactMap({ self.results[$0.id] }).first(where: {
          $0.outcome == .notImplemented && $0.place?.file == task.file
        }) {
          verdict = Verdict(outcome: .notImplemented, message: own.message, diagnosis: nil)
          verdict.place = own.place
        }
      }
    } else {
      do {
        try body(self)
      } catch {
        verdict = Verdict(error, tasks: manifest.tasks)
      }
    }
    keepStudentWorker(passed: verdict.outcome == .passed)
    let output = printed
    printed = ""
    var result = CheckResult(
      id: check.id, task: task.id, points: verdict.outcome == .passed ? check.points : 0,
      maxPoints: check.points, outcome: verdict.outcome,
      message: PlainText.cleaned(
        verdict.outcome == .passed ? remark ?? verdict.message : verdict.message),
      diagnosis: verdict.diagnosis.map { PlainText.cleaned($0) },
      findings: verdict.findings.isEmpty ? nil : verdict.findings.map { PlainText.cleaned($0) },
      details: Self.details(verdict.details, printed: output),
      difference: verdict.difference, curve: curve, seconds: Date().timeIntervalSince(start))
    result.timeLimit = verdict.timeLimit
    result.place = verdict.place
    result.mistakes = verdict.mistakes.isEmpty ? nil : verdict.mistakes
    results[check.id] = result
    return result
  }

  /// Whether a task's own stub is what its first question ends at.
  private func notStarted(
    _ task: AssignmentManifest.Task, _ body: (JudgeSession) throws -> Void
  ) -> Verdict? {
    do {
      try body(self)
    } catch let failure as WorkerFailure {
      if case .notImplemented(let stub) = failure, stub.task == task.id {
        return Verdict(failure, tasks: manifest.tasks)
      }
    } catch {
      // the question came too early, so whatever else became of it is not judged
    }
    (remark, curve) = (nil, nil)
    return nil
  }

  /// What only the instructor is told.
  private static func details(_ error: String?, printed: String) -> String? {
    let parts = [error, printed.isEmpty ? nil : "The program printed:\n\(printed)"]
    let text = parts.compactMap { $0 }.joined(separator: "\n")
    return text.isEmpty ? nil : PlainText.cleaned(text, limit: 1 << 16)
  }

  /// Takes over a result that still holds.
  func keep(_ result: CheckResult) { results[result.id] = result }

  // MARK: - What checks use

  /// What to say of the running check if it passes, such as the accuracy that was reached.
  public func note(_ text: String) { remark = text }

  /// Whether an earlier check of the submission has passed.
  public func hasPassed(_ check: String) -> Bool { results[check]?.outcome == .passed }

  /// What is known of a model or function; no more than its name where its unit says nothing of it.
  func subject(_ name: String) -> Subject {
    subjects.first { $0.name == name } ?? Subject(name, inputs: [], results: [])
  }

  /// Numbers for a check.
  public func numbers(_ name: String) -> SeededNumbers { SeededNumbers(seed: seed, name: name) }

  /// A seed that the student's worker may see. The run's own would tell it every input, the swap of
  /// the labels and the order of the bins.
  public func openSeed(_ name: String) -> UInt64 { SeededNumbers.openSeed(from: seed, name: name) }

  /// How to start the program of the running check.
  private var student: WorkerLauncher {
    get throws { try programs.launcher(of: runningFile, in: manifest) }
  }

  /// A worker that may use what a training may.
  func startTraining() throws -> WorkerClient {
    var launcher = try student
    launcher.limits = manifest.limits.training
    let worker = try WorkerClient(launcher, budget: budget)
    studentWorker = worker
    trainingWorker = worker
    return worker
  }

  /// A worker that knows nothing of any other question.
  func anotherWorker() throws -> WorkerClient { try WorkerClient(student, budget: budget) }

  /// Asks the student's worker. One worker serves a whole check; after a crash all further questions
  /// fail at once, so that code that never ends is waited for once.
  ///
  /// - Throws: `WorkerFailure`.
  public func askStudent(
    _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor] = []
  ) throws -> [PipeTensor] { try askStudentInFull(question, about: subject, tensors).tensors }

  /// Asks the student's worker, for more than the tensors of the answer.
  ///
  /// - Throws: `WorkerFailure`.
  func askStudentInFull(
    _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor] = []
  ) throws -> WorkerClient.Answer {
    let worker = try studentWorker ?? anotherWorker()
    studentWorker = worker
    var subject = subject
    // A model is made from a number that says nothing of what it is made for.
    subject.seed = subject.seed ?? openSeed("\(runningCheck) model")
    do {
      return try worker.ask(
        question, about: subject, tensors, within: manifest.limits.check.wallSeconds,
        atMost: WorkerClient.expectedBytes(tensors))
    } catch let failure as WorkerFailure {
      if case .threw = failure { throw failure }
      if case .notImplemented = failure { throw failure }
      worker.terminate()
      throw failure
    }
  }

  /// Ends the check's worker, or, where the check has passed, keeps it for a question of the next one
  /// that a worker of its own must not answer.
  private func keepStudentWorker(passed: Bool) {
    formerWorker?.worker.terminate()
    formerWorker = nil
    guard passed, let worker = studentWorker, let launcher = try? student else {
      return endStudentWorker()
    }
    printed += worker.standardOutput
    formerWorker = (worker, launcher.program)
    studentWorker = nil
  }

  /// Asks a worker that knows nothing of the running check's questions: that of the check before, where
  /// it is the same program's, or a new one, which then takes the place of the check's own.
  ///
  /// - Throws: `WorkerFailure`.
  func askAnotherWorker(
    _ question: Request.Question, about subject: Request.Subject
  ) throws -> [PipeTensor] {
    guard let former = formerWorker, try former.program == student.program else {
      endStudentWorker()
      return try askStudent(question, about: subject)
    }
    return try former.worker.ask(
      question, about: subject, within: manifest.limits.check.wallSeconds,
      atMost: WorkerClient.expectedBytes([])
    ).tensors
  }

  /// Ends the student's worker: the next question is the first one of another, which knows nothing of
  /// those before.
  func endStudentWorker() {
    guard let worker = studentWorker else { return }
    worker.terminate()
    printed += worker.standardOutput
    studentWorker = nil
  }

  /// Asks the reference, which must answer.
  ///
  /// - Parameter aside: a name for questions that are asked only where an answer was wrong: they are
  ///   counted by themselves.
  public func askReference(
    _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor] = [],
    aside: String = ""
  ) throws -> [PipeTensor] {
    let check = aside.isEmpty ? runningCheck : "\(runningCheck) \(aside)"
    defer { asked[check, default: 0] += 1 }
    return try reference.answer(
      question, about: subject, tensors, at: QuestionPlace(check: check, number: asked[check] ?? 0))
  }

  /// To be called for each experiment whose results may need a diagnosis.
  ///
  /// - Parameters:
  ///   - shapes: those of the right results, where only shapes are compared.
  ///   - mayShowMistakes: whether known mistakes are looked for in it.
  /// - Returns: its place among the experiments of the check.
  func nextExperiment(
    _ model: String, _ experiment: ModelCheck.Experiment, shapes: [[Int]]?, mayShowMistakes: Bool
  ) throws -> QuestionPlace {
    defer { experiments += 1 }
    let place = QuestionPlace(check: runningCheck, number: experiments)
    guard mayShowMistakes else { return place }
    try reference.prepareMistakes(of: model, experiment, at: place, shapes: shapes)
    return place
  }

  /// The search for known mistakes of a model.
  func mistakes(of model: String) -> MistakeSearch {
    MistakeSearch(reference: reference, model: model)
  }

  /// Whether the reference can be asked about numbers that the student's program made up, such as what
  /// it learned.
  var hasLiveReference: Bool { reference.answersAnything }

  /// Whether the reference's answers are recorded: then everything is asked that a student's wrong
  /// answer might need.
  public var isRecording: Bool { reference.isRecording }
}
