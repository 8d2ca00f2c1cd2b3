extension AssignmentManifest {
  /// The names of the checks that must have passed before some checks, and of those that these need in turn.
  public func checksNeeded(by checks: [Check]) -> Set<String> {
    let needs = Dictionary(
      tasks.flatMap(\.checks).map { ($0.id, $0.needs ?? []) },
      uniquingKeysWith: { first, _ in first })
    var needed: Set<String> = []
    var open = checks.flatMap { $0.needs ?? [] }
    while let check = open.popLast() {
      if needed.insert(check).inserted { open += needs[check] ?? [] }
    }
    return needed
  }

  /// The files of other tasks that a task stands on and that are not right: those with checks that the task's
  /// need, or that these need in turn, and that did not pass. What lies between may be right.
  ///
  /// - Returns: empty where there is none, or one of them has no stand-in, so that the task waits for it.
  public func faultyFiles(below task: Task, _ results: [String: CheckResult]) -> [String] {
    let needed = checksNeeded(by: task.checks)
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
