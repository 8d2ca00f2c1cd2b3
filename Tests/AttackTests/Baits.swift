import Foundation
import Sandbox

/// What attacks look for, made for them: a key, a port, a variable, and the real places of the
/// reference, the data and the class.
final class Baits {
  let secret = UUID().uuidString
  let key: String
  private let listener: Int32
  private let port: UInt16

  init(folder: String) throws {
    key = folder + "/instructor/key.txt"
    try FileManager.default.createDirectory(
      atPath: folder + "/instructor", withIntermediateDirectories: true)
    try secret.write(toFile: key, atomically: true, encoding: .utf8)
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listens = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 8) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard listens else {
      throw SandboxError.system(operation: "listening", reason: String(cString: strerror(errno)))
    }
    port = UInt16(bigEndian: address.sin_port)
    setenv("RHYTHM_ATTACK_SECRET", secret, 1)
  }

  deinit {
    unsetenv("RHYTHM_ATTACK_SECRET")
    close(listener)
  }

  /// What stands in the attacks' files in place of what only the run knows.
  func replacements(_ more: [String: String]) -> [String: String] {
    let own = [
      "@CANARY@": key, "@SECRET@": secret, "attackPort": "\(port)",
      "attackJudge": "\(ProcessInfo.processInfo.processIdentifier)",
    ]
    return own.merging(more) { $1 }
  }

  /// Whether somebody has connected.
  var wasReached: Bool {
    _ = fcntl(listener, F_SETFL, O_NONBLOCK)
    let connection = accept(listener, nil, nil)
    if connection >= 0 { close(connection) }
    return connection >= 0
  }

  var isWhole: Bool { (try? String(contentsOfFile: key, encoding: .utf8)) == secret }
}

/// What the attacks could leave on the machine.
enum Leftovers {
  /// Processes of a folder's programs, or of users that the sandbox gives to commands.
  static func processes(of folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { name in
      guard Int(name) != nil else { return false }
      let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(name)/exe")
      return program?.hasPrefix(folder) ?? false
    }
  }

  /// Files that attacks make where they can.
  static func files() -> [String] {
    ["/tmp", "/var/tmp", "/dev/shm", "/run", "/home"].flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasPrefix("attack-") || $0 == "loot" || $0 == "link" }
        .map { folder + "/" + $0 }
    }
  }

  /// The names and contents below a folder.
  static func contents(of folder: String) -> [String: Data] {
    var found: [String: Data] = [:]
    for name in FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? [] {
      found[name] = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
    }
    return found
  }
}
