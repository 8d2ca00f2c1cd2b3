import Assignment
import Foundation
import Sandbox

/// The lines of a program's sources that calls stand in, as the toolchain's symbolizer tells them.
struct CallPlaces {
  /// Those in the files that were asked for, the innermost first. None where there is no symbolizer.
  let lines: [SourcePlace]

  /// - Parameters:
  ///   - places: in bytes from the program's beginning.
  ///   - files: names.
  init(_ places: [UInt], in program: String, _ toolchain: Toolchain, files: [String]) {
    let symbolizer = toolchain.root + "/usr/bin/llvm-symbolizer"
    guard !places.isEmpty, FileManager.default.isExecutableFile(atPath: symbolizer),
      let child = try? ChildProcess(
        [symbolizer, "--obj=" + program] + places.map { "0x" + String($0, radix: 16) },
        environment: [:], limits: Limits(cpuSeconds: 20, wallSeconds: 60)),
      child.wait().isSuccess
    else {
      lines = []
      return
    }
    var found: [SourcePlace] = []
    // a line with the function, then one as `/folder/Layer.swift:41:20`
    for line in child.standardOutput.text.split(separator: "\n") {
      let parts = (line.split(separator: "/").last ?? line).split(separator: ":")
      guard parts.count == 3, files.contains(String(parts[0])), let number = Int(parts[1]),
        number > 0
      else { continue }
      let place = SourcePlace(file: String(parts[0]), line: number)
      if found.last != place { found.append(place) }
    }
    lines = found
  }
}
