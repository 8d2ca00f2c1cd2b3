import Foundation

/// What one confined command may use; a field left out of a file takes the default.
public struct Limits: Codable, Sendable, Equatable {
  /// Processor seconds, summed over all processes of the command.
  public var cpuSeconds: Double
  /// Seconds on the clock, without those in which a processor was wanted and none was free
  /// (see `ClockLimit`).
  public var wallSeconds: Double
  /// Bytes of memory: private data of each process (`RLIMIT_DATA`, which does not count address
  /// space that is only reserved); resident bytes of all processes together, with what the kernel
  /// keeps for them (`ProcessTree`).
  public var memoryBytes: Int
  /// Processes and threads at the same time.
  public var processes: Int
  /// Bytes kept of each of standard output and standard error; what lies between the first and
  /// the last part is counted and left out.
  public var outputBytes: Int
  /// Bytes of the largest file the command may write.
  public var fileBytes: Int
  /// Open descriptors of each process.
  public var openFiles: Int
  /// Files and folders in all folders together that the command may write.
  public var writtenFiles: Int
  /// Bytes on disk of those.
  public var writtenBytes: Int

  /// Creates limits; the defaults suit one worker.
  public init(
    cpuSeconds: Double = 120, wallSeconds: Double = 180, memoryBytes: Int = 2 << 30,
    processes: Int = 64, outputBytes: Int = 64 << 10, fileBytes: Int = 64 << 20,
    openFiles: Int = 256, writtenFiles: Int = 10_000, writtenBytes: Int = 1 << 30
  ) {
    self.cpuSeconds = cpuSeconds
    self.wallSeconds = wallSeconds
    self.memoryBytes = memoryBytes
    self.processes = processes
    self.outputBytes = outputBytes
    self.fileBytes = fileBytes
    self.openFiles = openFiles
    self.writtenFiles = writtenFiles
    self.writtenBytes = writtenBytes
  }

  /// Reads the fields that are there.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let usual = Limits()
    func field<T: Decodable>(_ key: CodingKeys, _ standard: T) throws -> T {
      try values.decodeIfPresent(T.self, forKey: key) ?? standard
    }
    self.init(
      cpuSeconds: try field(.cpuSeconds, usual.cpuSeconds),
      wallSeconds: try field(.wallSeconds, usual.wallSeconds),
      memoryBytes: try field(.memoryBytes, usual.memoryBytes),
      processes: try field(.processes, usual.processes),
      outputBytes: try field(.outputBytes, usual.outputBytes),
      fileBytes: try field(.fileBytes, usual.fileBytes),
      openFiles: try field(.openFiles, usual.openFiles),
      writtenFiles: try field(.writtenFiles, usual.writtenFiles),
      writtenBytes: try field(.writtenBytes, usual.writtenBytes))
  }

  /// The kernel's own limit on a process's processor time, whole seconds.
  ///
  /// Three seconds more than the whole may use: the watcher's word comes first and says why, and a
  /// backtrace where a worker hangs takes its time too.
  var kernelSeconds: Int { Int(cpuSeconds.rounded(.up)) + 3 }

  /// Limits for one call of the compiler on a unit's files.
  public static let build = Limits(
    cpuSeconds: 180, wallSeconds: 240, memoryBytes: 4 << 30, processes: 128,
    fileBytes: 512 << 20, openFiles: 1024)
}

/// A limit that stopped a command.
public enum ExceededLimit: String, Codable, Sendable {
  case cpuSeconds, wallSeconds, memoryBytes, processes, writtenFiles, writtenBytes

  /// The reason as part of a sentence: "used more than 2 s of processor time".
  public func sentence(_ limits: Limits) -> String {
    switch self {
    case .cpuSeconds: "used more than \(Self.seconds(limits.cpuSeconds)) of processor time"
    case .wallSeconds: "did not finish within \(Self.seconds(limits.wallSeconds))"
    case .memoryBytes: "used more than \(limits.memoryBytes >> 20) MiB of memory"
    case .processes: "started more than \(limits.processes) processes or threads"
    case .writtenFiles: "made more than \(limits.writtenFiles) files"
    case .writtenBytes: "wrote more than \(limits.writtenBytes >> 20) MiB of files"
    }
  }

  private static func seconds(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value)) s" : String(format: "%.1f s", value)
  }
}
