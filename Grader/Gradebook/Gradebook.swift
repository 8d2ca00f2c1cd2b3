import Foundation
import GRDB

/// What a class was given: runs, submissions, verdicts, written answers and what was published, in
/// one SQLite file.
///
/// Everything that belongs together is written in one transaction, so that a process may be killed
/// at any moment. One process at a time writes; see `FolderLock`.
public final class Gradebook: Sendable {
  /// The file's name in the folder of a class.
  public static let fileName = "gradebook.sqlite"

  let database: DatabaseQueue
  private let lock: FolderLock?

  /// Whether a folder has one.
  public static func isThere(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/" + fileName)
  }

  /// Refuses a path that cannot be the folder of a class, since a file is there.
  ///
  /// - Throws: `GradebookError.notAFolder`.
  public static func requireFolder(_ path: String) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      throw GradebookError.notAFolder(path: path)
    }
  }

  /// Opens or creates the gradebook of a folder, for this process alone.
  ///
  /// - Parameter create: whether a folder without a gradebook gets one.
  /// - Throws: `GradebookError` when another process has it, it is missing, or it is damaged.
  public init(folder: String, create: Bool = true) throws {
    let path = folder + "/" + Self.fileName
    guard create || Self.isThere(folder) else {
      throw GradebookError.missing(folder: folder)
    }
    try Self.requireFolder(folder)
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    lock = try FolderLock(folder: folder)
    database = try Self.open(path, Configuration())
    do {
      try GradebookSchema.migrator.migrate(database)
    } catch {
      throw GradebookError.damaged(path: path, reason: Self.sentence(error))
    }
  }

  /// Opens the gradebook of a folder to read it, whoever else has it.
  ///
  /// - Throws: `GradebookError` when there is none, or it is damaged or from a newer version.
  public init(reading folder: String) throws {
    let path = folder + "/" + Self.fileName
    guard Self.isThere(folder) else {
      throw GradebookError.missing(folder: folder)
    }
    lock = nil
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    database = try Self.open(path, configuration)
    let isCurrent = try database.read { try GradebookSchema.migrator.hasCompletedMigrations($0) }
    guard isCurrent else {
      throw GradebookError.damaged(path: path, reason: "another version of the grader wrote it")
    }
  }

  private static func open(_ path: String, _ given: Configuration) throws -> DatabaseQueue {
    var configuration = given
    if !given.readonly {
      // A power failure loses no finished submission either.
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    }
    do {
      return try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      throw GradebookError.damaged(path: path, reason: sentence(error))
    }
  }

  /// Writes all of it or nothing.
  ///
  /// - Throws: `GradebookError.full` where the disk is.
  func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      return try database.write(body)
    } catch let error as DatabaseError
      where [.SQLITE_FULL, .SQLITE_IOERR].contains(error.resultCode)
    {
      throw GradebookError.full(path: database.path, reason: Self.sentence(error))
    }
  }

  private static func sentence(_ error: any Error) -> String {
    (error as? DatabaseError)?.message ?? "\(error)"
  }
}

/// Why a gradebook is no use; the description is one sentence for the instructor.
public enum GradebookError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// Another process works on the folder.
  case locked(folder: String, process: Int32?)
  /// The folder has no gradebook.
  case missing(folder: String)
  /// There is a file where the folder should be.
  case notAFolder(path: String)
  /// The file is not a gradebook, or cannot be written.
  case damaged(path: String, reason: String)
  /// The system does not write the file.
  case full(path: String, reason: String)
  /// There is no submission of that name.
  case unknownSubmission(String, near: [String])
  /// Several submissions may be meant.
  case ambiguousSubmission(String, among: [String])
  /// There is nothing to publish or to go back to.
  case nothingPublished(String)

  /// One sentence.
  public var description: String {
    switch self {
    case .locked(let folder, let process):
      "\(folder) is in use by \(process.map { "process \($0)" } ?? "another process"): "
        + "wait until it has finished, stop it, or name another folder"
    case .missing(let folder):
      "\(folder) has no gradebook: name the folder that ./rhythm grade wrote with --out"
    case .notAFolder(let path):
      "\(path) is a file: name a folder for gradebook, results and reports with --out"
    case .damaged(let path, let reason):
      "\(path) cannot be used as a gradebook (\(reason)): restore it, or move it away and grade anew"
    case .full(let path, let reason):
      "\(path) cannot be written (\(reason)): free the disk, and the same command goes on from there"
    case .unknownSubmission(let name, let near):
      "there is no submission \(name)"
        + (near.isEmpty ? "" : "; there is \(near.joined(separator: ", "))")
    case .ambiguousSubmission(let name, let names):
      "\(name) may be \(names.prefix(8).joined(separator: " or "))"
        + (names.count > 8 ? " or \(names.count - 8) more" : "") + ": say which"
    case .nothingPublished(let sentence): sentence
    }
  }

  /// The same sentence.
  public var errorDescription: String? { description }
}
