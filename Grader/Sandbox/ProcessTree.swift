import Foundation
import Glibc

/// What a process and its descendants use, read from `/proc` (empty where there is none).
struct ProcessTree {
  struct Member {
    let identifier: pid_t
    let depth: Int
    let cpuSeconds: Double
    let residentBytes: Int
    let threads: Int
  }

  let members: [Member]

  /// Walks down from `root`, which has depth 0.
  init(root: pid_t, limit: Int = 4096) {
    var found: [Member] = []
    var pending = [(root, 0)]
    while let (identifier, depth) = pending.popLast(), found.count < limit {
      guard let member = Self.read(identifier, depth: depth) else { continue }
      found.append(member)
      let folder = "/proc/\(identifier)/task"
      for thread in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
        let text = Self.contents("\(folder)/\(thread)/children")
        for child in text.split(separator: " ") {
          if let child = pid_t(child) { pending.append((child, depth + 1)) }
        }
      }
    }
    members = found
  }

  private static let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
  private static let page = max(1, sysconf(Int32(_SC_PAGESIZE)))

  private static func read(_ identifier: pid_t, depth: Int) -> Member? {
    let text = contents("/proc/\(identifier)/stat")
    // The name, in parentheses, may hold anything; the fields after the last one are numbers.
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 21 else { return nil }
    func number(_ index: Int) -> Double { Double(fields[index]) ?? 0 }
    // proc(5): utime, stime, cutime, cstime, num_threads and rss are fields 14 to 17, 20 and 24;
    // the state, field 3, is the first here.
    return Member(
      identifier: identifier, depth: depth,
      cpuSeconds: (number(11) + number(12) + number(13) + number(14)) / ticks,
      residentBytes: Int(number(21)) * page, threads: Int(number(17)))
  }

  private static func contents(_ path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
