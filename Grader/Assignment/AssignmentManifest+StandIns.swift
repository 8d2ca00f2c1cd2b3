extension AssignmentManifest {
  /// The files of other tasks that a task stands on and that are not right: those with checks that the task's
  /// need and that did not pass.
  ///
  /// - Returns: empty where there is none, or one of them has no stand-in, so that the task waits for it.
  public func faultyFiles(below task: Task, _ results: [String: CheckResult]) -> [String] {
    let needed = Set(task.checks.flatMap { $0.needs ?? [] })
    let files = tasks.filter { other in
      other.file != task.file
        && other.checks.contains { check in
          needed.contains(check.id) && results[check.id].map { $0.outcome != .passed } ?? false
        }
    }.map(\.file)
    let faulty = Set(files).sorted()
    return faulty.allSatisfy { standIns?.contains($0) == true } ? faulty : []
  }
}
