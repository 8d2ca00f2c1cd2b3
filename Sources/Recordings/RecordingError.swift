import Files
import Foundation

/// What can be wrong with recordings and their files; each case describes itself in one sentence.
public enum RecordingError: Error, Equatable, Sendable {
  /// There is nothing at the path.
  case missing(path: String)
  /// A file or folder cannot be read; `detail` is the system's reason.
  case unreadable(path: String, detail: String)
  /// A file or folder cannot be written; `detail` is the system's reason.
  case unwritable(path: String, detail: String)
  /// The folder to create exists and holds something.
  case notEmpty(path: String)
  /// The archive or folder has no recordings at all; `wanted` is what to give.
  case noRecordings(
    path: String, wanted: String = "PhysioNet's training2017.zip or its unpacked folder")
  /// There are recordings, and each is refused; never without any.
  case noneUsable(path: String, refused: [SkippedRecording])
  /// A recording's header says another thing than the course takes for granted, or than its file.
  case contradictoryHeader(member: String, problem: String)
  /// A record's signals, annotations or header are damaged, or say different things.
  case damagedRecord(member: String, problem: String)
  /// A line of a table of examples is wrong.
  case damagedTable(path: String, line: Int, problem: String)
  /// The archive or folder has no label file.
  case noLabelFile(path: String)
  /// A line of the label file is wrong.
  case labelFile(path: String, line: Int, problem: String)
  /// The label file lists a record whose `.mat` is missing.
  case missingRecord(path: String, line: Int, record: String)
  /// A recording is not in the label file.
  case unlistedRecord(path: String, record: String)
  /// Two files have the name of one record.
  case duplicatedMember(path: String, record: String)
  /// The file is not a MATLAB file, or is cut off.
  case notMATLAB(member: String)
  /// The file is a MATLAB file of level 7.3, which is HDF5.
  case newerMATLAB(member: String)
  /// The MATLAB file is damaged.
  case damagedMATLAB(member: String, problem: String)
  /// The MATLAB file has no variable `val`.
  case noVariable(member: String)
  /// The variable `val` is not one row of 16-bit numbers.
  case wrongVariable(member: String, problem: String)
  /// The store is damaged or was written by another version.
  case damagedStore(path: String, problem: String)
  /// The recordings do not suffice for the course's steps.
  case unusableSet(problem: String)
}

extension RecordingError {
  /// Whether only one recording is concerned, so that the others can be used.
  var isOfOneRecording: Bool {
    switch self {
    case .notMATLAB, .newerMATLAB, .damagedMATLAB, .noVariable, .wrongVariable, .unreadable,
      .contradictoryHeader, .damagedRecord:
      true
    default: false
    }
  }
}

extension RecordingError: CustomStringConvertible, LocalizedError {
  /// One sentence: what was wrong, where, what to do.
  public var description: String {
    switch self {
    case .missing(let path):
      "There is no file or folder \(path); check the path."
    case .unreadable(let path, let detail):
      "\(path) cannot be read: \(detail)."
    case .unwritable(let path, let detail):
      "\(path) cannot be written: \(detail); choose another place."
    case .notEmpty(let path):
      "\(path) exists and is not empty; name a new folder."
    case .noRecordings(let path, let wanted):
      "\(path) holds no recordings; give \(wanted)."
    case .noneUsable(let path, let refused):
      "None of the \(refused.count) recordings of \(path) can be used; the first, "
        + "\(refused.first?.name ?? ""): \(refused.first?.problem ?? "")"
    case .contradictoryHeader(let member, let problem):
      "\(member): \(problem); the course's recordings have \(Recording.samplesPerSecond) Hz and "
        + "\(Recording.unitsPerMillivolt) units to the millivolt."
    case .damagedRecord(let member, let problem):
      "\(member): \(problem); fetch it again."
    case .damagedTable(let path, let line, let problem):
      "\(path), line \(line): \(problem); fetch it again."
    case .noLabelFile(let path):
      "\(path) has no REFERENCE.csv; put the label file beside the .mat files."
    case .labelFile(let path, let line, let problem):
      "\(path), line \(line): \(problem)."
    case .missingRecord(let path, let line, let record):
      "\(path), line \(line): record \(record) is listed but \(record).mat is missing; "
        + "add the file or remove the line."
    case .unlistedRecord(let path, let record):
      "\(path) has \(record).mat but REFERENCE.csv does not list it; add a line or remove the file."
    case .duplicatedMember(let path, let record):
      "\(path) has \(record) twice; remove one."
    case .notMATLAB(let member):
      "\(member) is not a MATLAB file or is cut off; fetch it again."
    case .newerMATLAB(let member):
      "\(member) is a MATLAB file of level 7.3, which is not read; save it with -v7 or -v4."
    case .damagedMATLAB(let member, let problem):
      "\(member) is damaged: \(problem); fetch it again."
    case .noVariable(let member):
      "\(member) has no variable val, so it is not a recording of the Challenge 2017."
    case .wrongVariable(let member, let problem):
      "\(member): the variable val should be one row of 16-bit samples but \(problem)."
    case .damagedStore(let path, let problem):
      "\(path) is damaged: \(problem); remove it and import again."
    case .unusableSet(let problem):
      "These recordings do not suffice: \(problem)."
    }
  }

  /// The same sentence, for code that prints `localizedDescription`.
  public var errorDescription: String? { description }
}

/// The system's reason for a failed file operation, short and without the path it repeats.
func reason(_ error: any Error) -> String {
  if case FileError.cannotWrite(_, let reason) = error { return reason }
  let error = error as NSError
  let deepest = (error.userInfo[NSUnderlyingErrorKey] as? NSError) ?? error
  if deepest.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(deepest.code))) }
  switch CocoaError.Code(rawValue: error.code) {
  case .fileNoSuchFile, .fileReadNoSuchFile: return "no such file or folder"
  case .fileReadNoPermission, .fileWriteNoPermission: return "permission denied"
  case .fileWriteOutOfSpace: return "no space left on the disk"
  case .fileWriteFileExists: return "a file of that name exists"
  case .fileWriteVolumeReadOnly: return "the disk is read-only"
  default: return "the system refused it (\(error.domain) \(error.code))"
  }
}
