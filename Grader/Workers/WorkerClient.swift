import Assignment
import Examples
import Foundation
import Sandbox
import WorkerPipe

/// Why a worker gave no usable answer.
public enum WorkerFailure: Error, Sendable, Equatable {
  /// The student's code is still a stub.
  case notImplemented(StubPlace)
  /// The student's code threw an error.
  case threw(String)
  /// The worker ended: a trap, `exit`, a signal, a limit.
  case crashed(String, at: SourcePlace? = nil)
  /// No answer in time.
  case timedOut(String, TimeLimit, at: SourcePlace? = nil)
  /// What arrived is not an answer.
  case malformed(String)
}

extension WorkerFailure: CustomStringConvertible {
  /// What was said, for a person who runs the program himself.
  public var description: String {
    switch self {
    case .notImplemented(let stub): "task \(stub.task) is not started"
    case .threw(let message), .crashed(let message, _), .timedOut(let message, _, _),
      .malformed(let message):
      message
    }
  }
}

/// How to start a worker.
public struct WorkerLauncher: Sendable {
  /// The worker's program.
  public let program: String
  /// How it is confined.
  public let sandbox: Sandbox
  /// What it may use in its life; on the clock, all answers together.
  public package(set) var limits: Limits
  /// The names of the student's files, to find the student's line in a backtrace.
  public let files: [String]

  /// Makes a launcher.
  public init(program: String, sandbox: Sandbox, limits: Limits, files: [String]) {
    self.program = program
    self.sandbox = sandbox
    self.limits = limits
    self.files = files
  }
}

/// The judge's side of the pipe to one worker: asks, waits within a time limit, and believes
/// nothing but whole frames.
public final class WorkerClient {
  /// OpenBLAS makes threads of its own when it is loaded, which turn for some 20 ms and then sleep for good:
  /// the core divides its work itself. Where a program lives for as long, that is half of its processor time.
  public static let environment = ["OPENBLAS_NUM_THREADS": "1"]

  private let launcher: WorkerLauncher
  private let process: ChildProcess
  private let requests: Int32
  private let answers: Int32
  /// What all workers of the submission may take.
  private let budget: AnswerBudget?
  /// Files that the worker has open for reading.
  package let files: [NumberFile]
  /// All answers so far.
  private var answered = Duration()

  /// Starts a worker.
  ///
  /// - Parameters:
  ///   - question: its large tables lie in files, which the worker reads as it needs them; who is judged is sent all.
  ///   - budget: what all workers of the submission may take together.
  /// - Throws: `SandboxError` when it cannot be started.
  public init(
    _ launcher: WorkerLauncher, sharing question: TrainingQuestion? = nil,
    budget: AnswerBudget? = nil
  ) throws {
    self.launcher = launcher
    self.budget = budget
    let shared = (question?.files ?? []).compactMap { file in
      file.openedForReading().map { (file: file, descriptor: $0) }
    }
    defer { for one in shared { close(one.descriptor) } }
    files = shared.map(\.file)
    let toWorker = try DescriptorPipe()
    defer { close(toWorker.readEnd) }
    let fromWorker: DescriptorPipe
    do {
      fromWorker = try DescriptorPipe()
    } catch {
      close(toWorker.writeEnd)
      throw error
    }
    defer { close(fromWorker.writeEnd) }
    requests = toWorker.writeEnd
    answers = fromWorker.readEnd
    // a worker that does not read must not hold the judge: writes wait in poll, not in write
    _ = fcntl(requests, F_SETFL, fcntl(requests, F_GETFL) | O_NONBLOCK)
    let folder = (launcher.program as NSString).deletingLastPathComponent
    // The time on the clock is counted here: only what the worker is asked for is its own.
    var limits = launcher.limits
    limits.wallSeconds = .infinity
    let command = launcher.sandbox.confined(
      [launcher.program], view: .worker, limits: limits, readOnly: [folder],
      environment: Self.environment)
    var descriptors: [Int32: Int32] = [3: toWorker.readEnd, 4: fromWorker.writeEnd]
    for (number, one) in shared.enumerated() { descriptors[5 + Int32(number)] = one.descriptor }
    do {
      process = try ChildProcess(command, descriptors: descriptors)
    } catch {
      close(requests)
      close(answers)
      throw error
    }
  }

  deinit {
    close(requests)
    close(answers)
    process.terminate()
  }

  /// What the worker wrote to standard output, capped. It belongs to the student.
  public var standardOutput: String { process.standardOutput.text }

  /// The most memory that a worker which is not confined has had in use; nil where the system does
  /// not tell (it is read from Linux's `/proc`).
  public var peakResidentBytes: Int? {
    let status = try? String(contentsOfFile: "/proc/\(process.identifier)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 }
  }

  /// The bytes that a student's answer to a question may take. Results and gradients are of the size of
  /// what was sent; more than this is no answer to any question of a check.
  public static func expectedBytes(_ tensors: [PipeTensor]) -> Int {
    max(8 << 20, 16 * tensors.reduce(0) { $0 + 4 * $1.values.count })
  }

  /// Kills the worker.
  public func terminate() { process.terminate() }

  /// What an answer has besides its tensors.
  public struct Answer: Sendable {
    /// What the calls changed that they should leave alone.
    public let sideEffects: SideEffects
    /// The numbers.
    public let tensors: [PipeTensor]
  }

  /// Asks one question and waits for the answer.
  ///
  /// - Parameters:
  ///   - seconds: the time the whole answer may take on the clock, as `ClockLimit` counts it. All
  ///     answers together may take what the worker may use in its life.
  ///   - bytes: what the tensors of the answer may take; a frame that announces more is not read.
  /// - Throws: `WorkerFailure`.
  public func ask(
    _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor] = [],
    within seconds: Double, atMost bytes: Int = 256 << 20
  ) throws -> Answer {
    try converse(.ask(question, about: subject), tensors, within: seconds, atMost: bytes) {
      response, tensors in
      guard case .answer(let sideEffects) = response else { throw Self.unexpected }
      return Answer(sideEffects: sideEffects ?? SideEffects(), tensors: tensors)
    }
  }

  /// Asks for the names in the worker's catalogue; arguments as in `ask`.
  ///
  /// - Throws: `WorkerFailure`.
  public func catalogue(within seconds: Double) throws -> [String] {
    try converse(.describe, [], within: seconds, atMost: 1 << 20) { response, _ in
      guard case .catalogue(let names) = response else { throw Self.unexpected }
      return names
    }
  }

  /// What is no answer to the question that was asked.
  static var unexpected: WorkerFailure {
    .malformed("the worker's answer is to another question")
  }

  /// Sends a request and reads answers until one is the last.
  ///
  /// - Parameter take: gives the result for the last answer, nil for those before.
  /// - Throws: `WorkerFailure`, or what `take` throws.
  func converse<Result>(
    _ request: Request, _ tensors: [PipeTensor], within seconds: Double, atMost bytes: Int,
    take: (Response, [PipeTensor]) throws -> Result?
  ) throws -> Result {
    let deadline = Deadline(
      process, seconds, life: launcher.limits.wallSeconds, before: answered, budget: budget)
    defer {
      let duration = deadline.duration
      answered.elapsed += duration.elapsed
      answered.withoutProcessor += duration.withoutProcessor
      budget?.take(elapsed: duration.elapsed, withoutProcessor: duration.withoutProcessor)
    }
    try Frame.write(request, tensors: tensors) { try write($0, until: deadline) }
    while true {
      let frame: (content: Response, tensors: [PipeTensor])?
      do {
        frame = try Frame.decode(Response.self, caps: .init(data: bytes)) { count in
          try read(count, until: deadline)
        }
      } catch let error as Frame.Malformed {
        throw WorkerFailure.malformed("the worker's answer cannot be read: \(error.description)")
      }
      guard let (response, tensors) = frame else { throw crash() }
      switch response {
      case .failure(let message): throw WorkerFailure.threw(message)
      case .notImplemented(let place): throw WorkerFailure.notImplemented(place)
      default: if let result = try take(response, tensors) { return result }
      }
    }
  }

  // MARK: - Bytes with a deadline

  /// Seconds that answers took.
  private struct Duration {
    var elapsed = 0.0
    /// How many of them the worker waited for a processor.
    var withoutProcessor = 0.0
  }

  /// When an answer must be there: by the limit of the question, by that of the worker's life, and by
  /// that of the whole submission.
  private final class Deadline {
    private let process: ChildProcess
    private let limit: ClockLimit
    private let life: ClockLimit
    private let before: Duration
    private let budget: AnswerBudget?
    private let start = DispatchTime.now().uptimeNanoseconds
    private let waitedBefore: Double
    /// Whether it has passed and was put off until the worker's waiting was looked at once more.
    private var isPutOff = false

    init(
      _ process: ChildProcess, _ seconds: Double, life: Double, before: Duration,
      budget: AnswerBudget?
    ) {
      self.process = process
      self.before = before
      self.budget = budget
      self.life = ClockLimit(seconds: life)
      limit = ClockLimit(seconds: seconds)
      waitedBefore = process.secondsWithoutProcessor
    }

    /// So far.
    var duration: Duration {
      let elapsed = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
      // a wait is known when it is over, and may have begun before the question
      let waited = process.secondsWithoutProcessor - waitedBefore
      return Duration(elapsed: elapsed, withoutProcessor: min(waited, elapsed))
    }

    /// Seconds that are left; nil where it has passed.
    func remaining() -> Double? {
      let duration = duration
      let rest = min(
        limit.remaining(
          elapsed: duration.elapsed, withoutProcessor: duration.withoutProcessor),
        life.remaining(
          elapsed: before.elapsed + duration.elapsed,
          withoutProcessor: before.withoutProcessor + duration.withoutProcessor),
        left(duration))
      if rest > 0 { return rest }
      // what is known of the worker's waiting is a sample old
      defer { isPutOff = true }
      return isPutOff ? nil : 0.05
    }

    /// What the whole submission has left.
    private func left(_ duration: Duration) -> Double {
      budget?.remaining(elapsed: duration.elapsed, withoutProcessor: duration.withoutProcessor)
        ?? .infinity
    }

    /// Which limit has passed.
    var passed: TimeLimit { left(duration) <= 0 ? .submission : .clock }

    /// What is said when it has passed.
    var sentence: String {
      if passed == .submission, let budget {
        return "all answers of one submission together may take "
          + "\(WorkerClient.short(budget.seconds)) s, which are over"
      }
      // quick answers to earlier questions are not worth a word
      return before.elapsed < 0.1 * life.seconds
        ? "no answer within \(WorkerClient.short(min(limit.seconds, life.seconds))) s"
        : "its answers took more than \(WorkerClient.short(life.seconds)) s"
    }
  }

  private func write(_ bytes: [UInt8], until deadline: Deadline) throws {
    var done = 0
    while done < bytes.count {
      try wait(requests, POLLOUT, until: deadline)
      let sent = bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { Glibc.write(requests, $0 + done, bytes.count - done) } ?? 0
      }
      if sent < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      guard sent > 0 else { throw crash() }
      done += sent
    }
  }

  private func read(_ count: Int, until deadline: Deadline) throws -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      try wait(answers, POLLIN, until: deadline)
      let received = bytes.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { Glibc.read(answers, $0 + done, count - done) } ?? 0
      }
      if received < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      guard received > 0 else {
        if done == 0 { return nil }
        throw crash()
      }
      done += received
    }
    return bytes
  }

  private func wait(
    _ descriptor: Int32, _ events: Int32, until deadline: Deadline
  ) throws {
    while true {
      guard let rest = deadline.remaining() else {
        throw timeout(deadline.sentence, deadline.passed)
      }
      var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let ready = poll(&entry, 1, Int32(min(max(20, rest * 1000 + 1), 60_000)))
      if ready > 0 { return }
    }
  }

  // MARK: - Endings

  private func timeout(_ sentence: String, _ limit: TimeLimit) -> WorkerFailure {
    process.terminateWithBacktrace(timeout: 2)
    let place = Backtrace(process.standardError.text, files: launcher.files).place
    return .timedOut(
      sentence + (place.map { "; it was at \($0)" } ?? "") + ". Is there a loop that does not end?",
      limit, at: place)
  }

  private func crash() -> WorkerFailure {
    let ending = process.wait(timeout: 5)
    process.terminate()
    let trace = Backtrace(process.standardError.text, files: launcher.files)
    if let exceeded = ending?.exceeded {
      let text =
        "the program was stopped: it \(exceeded.sentence(launcher.limits))"
        + (trace.place.map { "; it was at \($0)" } ?? "")
      return exceeded == .cpuSeconds
        ? .timedOut(text, .processor, at: trace.place) : .crashed(text, at: trace.place)
    }
    if let reason = trace.reason ?? (trace.place == nil ? nil : "it crashed") {
      return .crashed(
        "the program stopped: \(reason)" + (trace.place.map { ", at \($0)" } ?? ""),
        at: trace.place)
    }
    return .crashed(
      "the program ended without an answer (\(ending?.summary ?? "it closed its side of the pipe"))"
    )
  }

  static func short(_ seconds: Double) -> String {
    seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
  }
}
