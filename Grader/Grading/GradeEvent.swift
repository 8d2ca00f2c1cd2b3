import Assignment

/// What happens during a run.
public enum GradeEvent: Sendable {
  /// The submissions have been read; so many of them are known and need nothing.
  case found(total: Int, known: Int)
  /// What a worker, numbered from 0, does for a submission now.
  case working(worker: Int, submission: String, doing: String)
  /// A submission has its result, which is in the gradebook; a worker is free again unless the
  /// result was known.
  case finished(SubmissionResult, worker: Int?)
  /// So many submissions are done again one by one, since a limit on the clock passed.
  case alone(Int)
}
