import Foundation
import Glibc
import ResourceUsage
import Synchronization

/// A command that runs in its own process group, watched by a thread of its own.
///
/// The watcher collects standard output and error, and stops the command when all its processes
/// together exceed a limit. The started process never inherits descriptors except 0 to 2 and
/// those named.
public final class ChildProcess: Sendable {
  /// The limits that the watcher enforces.
  public let limits: Limits
  /// The process that was started (bubblewrap itself, for a confined command).
  public let identifier: pid_t

  private struct State {
    var output: CappedOutput
    var error: CappedOutput
    var ending: Ending?
    var reaped = false
    var terminated = false
    var exceeded: ExceededLimit?
    var secondsWithoutProcessor = 0.0
  }

  /// What the Swift runtime writes when a backtrace is whole.
  private static let backtraceEnd = "Backtrace took"

  private let writable: [String]
  private let group: ControlGroup?
  private let wrappers: Int
  private let state: Mutex<State>
  private let finished = DispatchGroup()

  /// Starts a confined command.
  ///
  /// - Parameter descriptors: the child's descriptor number → ours. The caller closes its own.
  /// - Throws: `SandboxError`.
  public convenience init(_ command: ConfinedCommand, descriptors: [Int32: Int32] = [:]) throws {
    let group = command.wrappers > 0 ? ControlGroup(command.limits) : nil
    let join = group.flatMap { group in Confine.path.map { [$0, "--join", group.processes, "--"] } }
    do {
      try self.init(
        (join ?? []) + command.arguments, environment: command.environment,
        workingDirectory: command.workingDirectory, limits: command.limits,
        descriptors: descriptors, writable: command.writable, group: group,
        wrappers: command.wrappers)
    } catch {
      group?.remove()
      throw error
    }
  }

  /// Starts a command as it is: absolute path of the program, then the arguments.
  ///
  /// - Throws: `SandboxError`.
  public convenience init(
    _ arguments: [String], environment: [String: String], workingDirectory: String? = nil,
    limits: Limits, descriptors: [Int32: Int32] = [:]
  ) throws {
    try self.init(
      arguments, environment: environment, workingDirectory: workingDirectory, limits: limits,
      descriptors: descriptors, writable: [], group: nil, wrappers: 0)
  }

  private init(
    _ arguments: [String], environment: [String: String], workingDirectory: String?,
    limits: Limits, descriptors: [Int32: Int32], writable: [String],
    group: ControlGroup?, wrappers: Int
  ) throws {
    self.limits = limits
    self.group = group
    self.writable = writable
    self.wrappers = wrappers
    let output = try DescriptorPipe()
    defer { close(output.writeEnd) }
    let error: DescriptorPipe
    do {
      error = try DescriptorPipe()
    } catch {
      close(output.readEnd)
      throw error
    }
    defer { close(error.writeEnd) }
    let plan = SpawnPlan(
      arguments: arguments, environment: environment, workingDirectory: workingDirectory,
      descriptors: descriptors.merging([1: output.writeEnd, 2: error.writeEnd]) { $1 })
    switch Spawner.shared.run({ plan.start() }) {
    case .failure(let failure):
      close(output.readEnd)
      close(error.readEnd)
      throw failure
    case .success(let started):
      identifier = started
    }
    state = Mutex(
      State(
        output: CappedOutput(limit: limits.outputBytes),
        error: CappedOutput(limit: limits.outputBytes)))
    finished.enter()
    let watcher = Thread { [self] in
      watch(output: output.readEnd, error: error.readEnd)
      finished.leave()
    }
    watcher.name = "watcher"
    watcher.start()
  }

  /// The same command, ended by the kernel when this process dies, where setpriv(1) is there.
  ///
  /// For trusted commands; bubblewrap does this for confined ones.
  public static func endingWithParent(_ command: [String]) -> [String] {
    guard let program = Executable.find("setpriv") else { return command }
    return [program, "--pdeathsig", "KILL", "--"] + command
  }

  /// What it wrote to standard output so far.
  public var standardOutput: CappedOutput { state.withLock { $0.output } }
  /// What it wrote to standard error so far.
  public var standardError: CappedOutput { state.withLock { $0.error } }

  /// Seconds in which it was ready to run and no processor was free, as of the last sample; zero
  /// where the system does not tell.
  public var secondsWithoutProcessor: Double { state.withLock { $0.secondsWithoutProcessor } }

  /// Waits for the end.
  public func wait() -> Ending {
    while true {
      finished.wait()
      if let ending = state.withLock({ $0.ending }) { return ending }
    }
  }

  /// Waits at most `timeout` seconds; nil while it still runs.
  public func wait(timeout: Double) -> Ending? {
    _ = finished.wait(timeout: .now() + timeout)
    return state.withLock { $0.ending }
  }

  /// Kills it and everything it started; harmless when it has ended.
  public func terminate() {
    state.withLock { $0.terminated = $0.terminated || $0.ending == nil }
    kill()
  }

  /// Asks a Swift worker that hangs to write where it is to its standard error, then kills it.
  ///
  /// The runtime answers `SIGQUIT` with a backtrace and goes on as before, so it has to be killed.
  ///
  /// - Parameter timeout: seconds to wait for the backtrace.
  public func terminateWithBacktrace(timeout: Double = 5) {
    interrupt(SIGQUIT)
    let start = DispatchTime.now()
    while wait(timeout: 0.02) == nil, DispatchTime.now() < start + timeout {
      if standardError.text.contains(Self.backtraceEnd) { break }
    }
    terminate()
  }

  /// Sends a signal to the command's own processes and not to bubblewrap's.
  public func interrupt(_ signal: Int32) {
    let tree = ProcessTree(root: identifier)
    // Under the lock the identifier cannot be reaped, hence not belong to somebody else.
    state.withLock {
      guard !$0.reaped else { return }
      for member in tree.members where member.depth >= wrappers {
        _ = Glibc.kill(member.identifier, signal)
      }
    }
  }

  private func kill() {
    let tree = ProcessTree(root: identifier)
    state.withLock {
      guard !$0.reaped else { return }
      // The supervisor of the Landlock tier is asked: it knows who has left the tree, and kills
      // them before it ends.
      let isSupervised = wrappers == 1
      for member in tree.members where !(isSupervised && member.depth == 0) {
        _ = Glibc.kill(member.identifier, SIGKILL)
      }
      _ = isSupervised ? Glibc.kill(identifier, SIGTERM) : Glibc.kill(-identifier, SIGKILL)
    }
  }

  // MARK: The watcher

  private func watch(output: Int32, error: Int32) {
    var streams = [
      pollfd(fd: output, events: Int16(POLLIN), revents: 0),
      pollfd(fd: error, events: Int16(POLLIN), revents: 0),
    ]
    // Packets of one byte come one at a time: an array for each would be work.
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let start = DispatchTime.now().uptimeNanoseconds
    func elapsed() -> Double {
      Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    }
    let clock = ClockLimit(seconds: limits.wallSeconds)
    var processorWait = ProcessorWait()
    var cpuSeconds = 0.0
    var peakMemory = 0
    var nextSample = 0.01
    var status: Int32?
    var graceEnds: Double?
    while status == nil {
      if streams.contains(where: { $0.fd >= 0 }) {
        poll(&streams, UInt(streams.count), 10)
        drain(&streams, through: &buffer)
      } else {
        usleep(1000)
      }
      status = reap(&cpuSeconds)
      let now = elapsed()
      guard status == nil, now >= nextSample else { continue }
      let spent = Self.ownProcessorSeconds()
      let tree = ProcessTree(root: identifier)
      cpuSeconds = max(cpuSeconds, tree.cpuSeconds)
      let resident = tree.residentBytes
      peakMemory = max(peakMemory, resident)
      let memory = resident + tree.kernelBytes(fromDepth: wrappers)
      let written = WrittenFiles(in: writable, most: limits.writtenFiles)
      let tasks = tree.threadCount - wrappers
      processorWait.sample(tree.secondsWithoutProcessor(), now: now)
      state.withLock { $0.secondsWithoutProcessor = processorWait.seconds }
      // Many processes or files take long to look at: a twentieth of a processor is enough for it.
      nextSample = elapsed() + max(0.02, 20 * (Self.ownProcessorSeconds() - spent))
      let exceeded: ExceededLimit? =
        tasks > limits.processes
        ? .processes
        : memory > limits.memoryBytes
          ? .memoryBytes
          : written.count > limits.writtenFiles
            ? .writtenFiles
            : written.bytes > limits.writtenBytes
              ? .writtenBytes
              : cpuSeconds > limits.cpuSeconds
                ? .cpuSeconds
                : clock.remaining(elapsed: now, withoutProcessor: processorWait.seconds) <= 0
                  ? .wallSeconds : nil
      if let exceeded {
        state.withLock { $0.exceeded = $0.exceeded ?? exceeded }
        if graceEnds == nil, exceeded == .cpuSeconds || exceeded == .wallSeconds {
          // a Swift worker that hangs answers with a backtrace of where it is
          interrupt(SIGQUIT)
          graceEnds = elapsed() + 2
        } else if elapsed() >= graceEnds ?? 0 || standardError.text.contains(Self.backtraceEnd) {
          kill()
        }
        nextSample = elapsed() + 0.02
      }
    }
    // Someone who escaped the process group may hold the streams open: what matters is in them.
    let deadline = elapsed() + 0.2
    while streams.contains(where: { $0.fd >= 0 }), elapsed() < deadline {
      poll(&streams, UInt(streams.count), 10)
      drain(&streams, through: &buffer)
    }
    for stream in streams where stream.fd >= 0 { close(stream.fd) }
    finish(
      status: status ?? 0, cpuSeconds: cpuSeconds, wallSeconds: elapsed(), peakMemory: peakMemory)
  }

  /// Processor seconds of the thread that asks.
  private static func ownProcessorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private func reap(_ cpuSeconds: inout Double) -> Int32? {
    var status: Int32 = 0
    var usage = rusage()
    let reaped = state.withLock {
      // Descendants that left the group are children of nobody we know: take the group with it.
      let result = wait4(identifier, &status, WNOHANG, &usage)
      if result == identifier {
        $0.reaped = true
        _ = Glibc.kill(-identifier, SIGKILL)
      }
      return result
    }
    guard reaped == identifier else { return nil }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    cpuSeconds = max(cpuSeconds, seconds(usage.ru_utime) + seconds(usage.ru_stime))
    return status
  }

  /// Reads what is there; a closed stream's descriptor becomes -1.
  private func drain(_ streams: inout [pollfd], through buffer: inout [UInt8]) {
    for index in streams.indices where streams[index].revents != 0 {
      let count = read(streams[index].fd, &buffer, buffer.count)
      if count > 0 {
        state.withLock {
          if index == 0 {
            $0.output.append(buffer[..<count])
          } else {
            $0.error.append(buffer[..<count])
          }
        }
      } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
        close(streams[index].fd)
        streams[index].fd = -1
      }
      streams[index].revents = 0
    }
  }

  private func finish(status: Int32, cpuSeconds: Double, wallSeconds: Double, peakMemory: Int) {
    // wait(2): the low seven bits are the signal, the next byte is the exit status.
    var signal: Int32? = status & 0x7f == 0 ? nil : status & 0x7f
    let code: Int32? = signal == nil ? (status >> 8) & 0xff : nil
    if wrappers > 0, signal == nil, let code, code > 128, code <= 128 + 64 { signal = code - 128 }
    let exitStatus = signal == nil ? code : nil
    let endedBy = signal
    let ranOutOfMemory = group?.ranOutOfMemory ?? false
    group?.remove()
    state.withLock {
      // The kernel's own limit on processor time may strike before the watcher looks.
      if endedBy == SIGXCPU { $0.exceeded = $0.exceeded ?? .cpuSeconds }
      if ranOutOfMemory { $0.exceeded = $0.exceeded ?? .memoryBytes }
      $0.ending = Ending(
        exitStatus: exitStatus, signal: endedBy, exceeded: $0.exceeded,
        terminated: $0.terminated, cpuSeconds: cpuSeconds, wallSeconds: wallSeconds,
        peakMemoryBytes: peakMemory)
    }
  }
}
