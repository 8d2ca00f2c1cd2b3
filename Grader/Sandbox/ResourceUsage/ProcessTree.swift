import Foundation
import Glibc

/// What a process and its descendants use, read from `/proc` (empty where there is none).
package struct ProcessTree {
  package struct Member {
    package let identifier: pid_t
    package let depth: Int
    let cpuSeconds: Double
    let residentBytes: Int
    /// Bytes that the kernel keeps for it at most, beside those that it sees.
    let kernelBytes: Int
    let threads: [pid_t]
  }

  package let members: [Member]

  /// Walks down from `root`, which has depth 0.
  package init(root: pid_t, limit: Int = 4096) {
    var found: [Member] = []
    var pending = [(root, 0)]
    while let (identifier, depth) = pending.popLast(), found.count < limit {
      let folder = "/proc/\(identifier)/task"
      let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      guard
        let member = Self.read(identifier, depth: depth, threads: threads.compactMap { pid_t($0) })
      else { continue }
      found.append(member)
      for thread in threads {
        let text = Self.contents("\(folder)/\(thread)/children")
        for child in text.split(separator: " ") {
          if let child = pid_t(child) { pending.append((child, depth + 1)) }
        }
      }
    }
    members = found
  }

  /// Processor seconds of all.
  package var cpuSeconds: Double { members.reduce(0) { $0 + $1.cpuSeconds } }

  /// Resident bytes of all.
  package var residentBytes: Int { members.reduce(0) { $0 + $1.residentBytes } }

  /// Bytes that the kernel keeps for those of at least a depth.
  package func kernelBytes(fromDepth depth: Int) -> Int {
    members.reduce(0) { $1.depth >= depth ? $0 + $1.kernelBytes : $0 }
  }

  /// Threads of all.
  package var threadCount: Int { members.reduce(0) { $0 + $1.threads.count } }

  /// How long each thread has waited for a processor in its life.
  package func secondsWithoutProcessor() -> [pid_t: Double] {
    var waited: [pid_t: Double] = [:]
    for member in members {
      for thread in member.threads {
        let numbers = Self.contents("/proc/\(member.identifier)/task/\(thread)/schedstat")
          .split(separator: " ")
        if numbers.count > 1, let nanoseconds = Double(numbers[1]) {
          waited[thread] = nanoseconds * 1e-9
        }
      }
    }
    return waited
  }

  private static let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
  private static let page = max(1, sysconf(Int32(_SC_PAGESIZE)))

  private static func read(_ identifier: pid_t, depth: Int, threads: [pid_t]) -> Member? {
    let text = contents("/proc/\(identifier)/stat")
    // The name, in parentheses, may hold anything; the fields after the last one are numbers.
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 14 else { return nil }
    func number(_ index: Int) -> Double { Double(fields[index]) ?? 0 }
    // proc(5): utime, stime, cutime and cstime are fields 14 to 17; the state, field 3, is the
    // first here.
    let place = living(identifier, state: fields[0], threads)
    return Member(
      identifier: identifier, depth: depth,
      cpuSeconds: (number(11) + number(12) + number(13) + number(14)) / ticks,
      residentBytes: residentBytes(place), kernelBytes: kernelBytes(place), threads: threads)
  }

  /// The folder of `/proc` that tells the memory and the descriptors of a process: its own, or where
  /// its first thread has ended and others go on, that of one of those. All threads share both, which
  /// the filter of system calls sees to.
  private static func living(_ identifier: pid_t, state: Substring, _ threads: [pid_t]) -> String {
    let own = "/proc/\(identifier)"
    guard state == "Z" else { return own }
    return threads.lazy.map { "\(own)/task/\($0)" }
      .first { contents($0 + "/status").contains("VmRSS:") } ?? own
  }

  private static func residentBytes(_ place: String) -> Int {
    // proc_pid_statm(5): the second number, in pages
    let numbers = contents(place + "/statm").split(separator: " ")
    return numbers.count > 1 ? (Int(numbers[1]) ?? 0) * page : 0
  }

  /// Memory that no mapping shows: tables of addresses (`VmPTE`), what was moved to disk (`VmSwap`),
  /// and what stands for the rest.
  ///
  /// An open descriptor stands for 1 MiB: a socket's buffer holds 208 KiB and a message that was begun
  /// (`wmem_default`, socket(7); more takes a call that is forbidden), a pipe 64 KiB for its two ends
  /// (pipe(7)). An epoll keeps an entry of 200 bytes (`EP_ITEM_COST`) for each pair of a file and a
  /// number under which it was added, though the number be closed since: p epolls and p files under
  /// 256 − 2p numbers are 100 p (256 − 2p) bytes for each of the 2p that are open, 800 KiB at most.
  /// The process itself stands for 16 MiB: 65,530 mappings (`max_map_count`) of 200 bytes and some.
  private static func kernelBytes(_ place: String) -> Int {
    let status = contents(place + "/status").split(separator: "\n")
    func number(_ name: String) -> Int {
      let line = status.first { $0.hasPrefix(name) }
      return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }
    // Since Linux 6.2 the folder's size is the number of open descriptors. Before, the places for them
    // are known, 64 at least; most are empty, so that they stand for a quarter.
    var folder = stat()
    let counted = stat(place + "/fd", &folder) == 0 ? Int(folder.st_size) : 0
    let descriptors = counted > 0 ? counted << 20 : number("FDSize:") << 18
    return ((number("VmPTE:") + number("VmSwap:")) << 10) + descriptors + (16 << 20)
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
