import Archives
import Foundation

/// Reads a folder of submissions as learning platforms deliver it.
///
/// Only files that the manifest names are taken, as contents: no links, no modes, no other files.
public struct Intake: Sendable {
  /// The submissions, in the order of their names.
  public let submissions: [Submission]
  /// Entries of the folder that are no submission, each with a reason.
  public let unrecognised: [String]

  private static let archiveLimits = ArchiveLimits(
    maximumEntries: 20_000, maximumEntryBytes: 64 << 20, maximumTotalBytes: 512 << 20)
  private static let extensions = [".tar.gz", ".tgz", ".zip", ".tar"]
  private static let maximumDepth = 24
  private static let maximumEntries = 20_000

  /// Reads every direct child of a folder: a folder, a zip or a tar.gz is one submission.
  ///
  /// - Parameter files: names of the files a student may change.
  /// - Throws: `BatchError.noFolder`, `.empty`. A submission that cannot be read is in the list
  ///   with its `problem`, and stops nobody else's.
  public init(folder: String, files: [String]) throws {
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw BatchError.noFolder(path: folder)
    }
    var found: [Submission] = []
    var ignored: [String] = []
    var used: Set<String> = []
    // Folders sort before archives of the same name, so the folder keeps the plain name.
    for entry in entries.sorted() {
      let path = folder + "/" + entry
      var status = stat()
      guard lstat(path, &status) == 0 else {
        ignored.append("\(entry): cannot be read")
        continue
      }
      let kind = status.st_mode & S_IFMT
      var submission: Submission
      if entry.hasPrefix(".") || entry == "__MACOSX" {
        ignored.append("\(entry): hidden, or left by a tool")
        continue
      } else if kind == S_IFDIR {
        submission = Self.readFolder(path, name: entry, files: files)
      } else if kind == S_IFREG, let suffix = Self.archiveExtension(entry) {
        submission = Self.readArchive(path, name: String(entry.dropLast(suffix)), files: files)
      } else if kind == S_IFLNK {
        ignored.append("\(entry): a link; submissions are folders and archives themselves")
        continue
      } else {
        ignored.append("\(entry): neither a folder nor a zip or tar.gz archive")
        continue
      }
      if !used.insert(submission.name).inserted {
        submission.notes.append("there is also another submission named \(submission.name)")
        submission.name = entry
        submission.members = [entry]
        used.insert(entry)
      }
      found.append(submission)
    }
    if found.isEmpty { throw BatchError.empty(path: folder, ignored: ignored.count) }
    submissions = found
    unrecognised = ignored
  }

  /// The length of an archive's extension, nil if the name is not one's.
  private static func archiveExtension(_ name: String) -> Int? {
    let lowered = name.lowercased()
    return extensions.first { lowered.hasSuffix($0) && lowered.count > $0.count }?.count
  }

  // MARK: Archives

  private static func readArchive(_ path: String, name: String, files: [String]) -> Submission {
    var chooser = FileChooser(wanted: files + [Submission.answersName])
    do {
      try ArchiveReader.forEachEntry(in: path, limits: archiveLimits) { entry, read in
        guard let safe = entry.safeRelativePath else {
          let last = entry.path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last
          chooser.refuse([last.map(String.init) ?? ""], because: "has an unsafe path")
          return true
        }
        let components = safe.split(separator: "/").map(String.init)
        guard chooser.wantedName(components) != nil else { return true }
        switch entry.kind {
        case .file: break
        case .directory: return true
        case .link, .other:
          chooser.refuse(components, because: "is not a regular file")
          return true
        }
        guard (entry.size ?? 0) <= FileChooser.maximumFileBytes else {
          chooser.refuse(components, because: "is larger than 1 MiB")
          return true
        }
        let bytes = try read()
        if bytes.count <= FileChooser.maximumFileBytes {
          chooser.add(components, bytes)
        } else {
          chooser.refuse(components, because: "is larger than 1 MiB")
        }
        return true
      }
    } catch {
      return Submission(name: name, problem: "\(error)")
    }
    return finish(chooser, name: name)
  }

  // MARK: Folders

  private static func readFolder(_ path: String, name: String, files: [String]) -> Submission {
    var chooser = FileChooser(wanted: files + [Submission.answersName])
    var pending: [[String]] = [[]]
    var seen = 0
    var notes: [String] = []
    while let folder = pending.popLast() {
      let absolute = ([path] + folder).joined(separator: "/")
      guard let entries = try? FileManager.default.contentsOfDirectory(atPath: absolute) else {
        if folder.isEmpty { return Submission(name: name, problem: "the folder cannot be read") }
        notes.append("\(folder.joined(separator: "/")) cannot be read")
        continue
      }
      seen += entries.count
      guard seen <= maximumEntries else {
        return Submission(name: name, problem: "it has more than \(maximumEntries) entries")
      }
      for entry in entries where !FileChooser.isClutter(entry) {
        let components = folder + [entry]
        var status = stat()
        guard lstat(absolute + "/" + entry, &status) == 0 else { continue }
        if status.st_mode & S_IFMT == S_IFDIR {
          if components.count < maximumDepth { pending.append(components) }
        } else if chooser.wantedName(components) != nil {
          switch readFile(absolute + "/" + entry) {
          case .success(let bytes): chooser.add(components, bytes)
          case .failure(let refusal): chooser.refuse(components, because: refusal.reason)
          }
        }
      }
    }
    var submission = finish(chooser, name: name)
    submission.notes += notes
    return submission
  }

  private static func finish(_ chooser: FileChooser, name: String) -> Submission {
    var (files, notes) = chooser.choose()
    let answers = files.removeValue(forKey: Submission.answersName)
    var submission = Submission(name: name, files: files, notes: notes)
    submission.answers = answers
    if files.isEmpty {
      submission.notes.removeAll { $0.contains("the untouched stub is graded") }
      submission.problem =
        "it holds none of the files \(chooser.wanted.dropLast().joined(separator: ", ")) in usable form"
    }
    return submission
  }

  private struct Refusal: Error {
    let reason: String
  }

  /// Reads a regular file without following a link and without waiting on a pipe.
  private static func readFile(_ path: String) -> Result<[UInt8], Refusal> {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      return .failure(
        Refusal(reason: errno == ELOOP ? "is a link" : "cannot be read"))
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return .failure(Refusal(reason: "is not a regular file"))
    }
    let limit = FileChooser.maximumFileBytes
    guard let data = try? handle.read(upToCount: limit + 1) ?? Data() else {
      return .failure(Refusal(reason: "cannot be read"))
    }
    if data.count > limit { return .failure(Refusal(reason: "is larger than 1 MiB")) }
    return .success([UInt8](data))
  }
}
