import COpenBLAS
import Foundation
import TensorCore

// Times what a line of the standard input asks for, and answers with a line: so that programs of
// several libraries, each started once, can take turns. `--list` prints the names; with `--openblas`
// products of matrices are OpenBLAS's own, and nothing else is known.
//
// A line has a name, `forward` or `training`, and for how many seconds, with tabs between. The answer
// is the median of the single calls in seconds.

/// The median time of a call.
func seconds(of body: () throws -> Void, for total: Double) throws -> Double {
  let clock = ContinuousClock()
  // the first fills caches and starts threads
  for _ in 0..<3 { try body() }
  var times: [Double] = []
  let start = clock.now
  repeat {
    let time = try clock.measure(body)
    times.append(time / .seconds(1))
  } while start.duration(to: clock.now) < .seconds(total) || times.count < 5
  return times.sorted()[times.count / 2]
}

/// Writes a line at once.
func answer(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

if CommandLine.arguments.contains("--list") {
  for subject in Subjects.all { print(subject.name) }
  exit(0)
}
let threads = CommandLine.arguments.last.flatMap { Int($0) } ?? 1
KernelThreads.count = threads
var subjects = Subjects.all
if CommandLine.arguments.contains("--openblas") {
  openblas_set_num_threads(Int32(threads))
  subjects = MatrixProduct.all.map(\.byOpenBLAS)
}
while let line = readLine() {
  let words = line.split(separator: "\t").map(String.init)
  guard words.count == 3, let subject = subjects.first(where: { $0.name == words[0] }),
    let duration = Double(words[2])
  else {
    answer("unknown")
    continue
  }
  var generator = RandomGenerator(seed: 1)
  let work = try subject.prepare(&generator)
  let time = try seconds(of: words[1] == "forward" ? work.forward : work.training, for: duration)
  answer("\(time)")
}
