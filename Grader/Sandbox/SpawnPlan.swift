import CSpawn
import Foundation

/// All that posix_spawn needs, gathered before the spawner's thread takes over.
struct SpawnPlan: Sendable {
  let arguments: [String]
  let environment: [String: String]
  let workingDirectory: String?
  /// The child's number → ours.
  let descriptors: [Int32: Int32]

  func start() -> Result<pid_t, SandboxError> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if descriptors[0] == nil {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    for (number, own) in descriptors.sorted(by: { $0.key < $1.key }) {
      posix_spawn_file_actions_adddup2(&actions, own, number)
    }
    // Descriptors opened by libraries without close-on-exec would otherwise leak to the student.
    cspawn_add_close_from(&actions, (descriptors.keys.max() ?? 2) + 1)
    if let workingDirectory {
      cspawn_add_chdir(&actions, workingDirectory)
    }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    guard let program = arguments.first else {
      return .failure(.cannotStart(program: "", reason: "the command is empty"))
    }
    let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
    var identifier = pid_t()
    let code = withCStrings(arguments) { argumentList in
      withCStrings(variables) { variableList in
        posix_spawn(&identifier, program, &actions, &attributes, argumentList, variableList)
      }
    }
    guard code == 0 else {
      return .failure(.cannotStart(program: program, reason: String(cString: strerror(code))))
    }
    return .success(identifier)
  }
}

private func withCStrings<Value>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
) -> Value {
  let copies = strings.map { strdup($0) }
  defer { copies.forEach { free($0) } }
  return body(copies + [nil])
}
