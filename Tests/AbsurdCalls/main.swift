import Glibc
import TensorCore

// Calls of the core that nobody in his senses makes, one after another: `AbsurdCalls SEED FIRST COUNT
// [MEMORY]`. Writes a line before each call, one with what is called and the arguments, and one after it. A
// call that does not come back is the last one that was announced; the next is for whoever runs this again
// from there on.

/// Writes a line at once: nothing may be lost when the next call ends the program.
func announce(_ line: String) {
  let bytes = Array((line.replacing("\n", with: " ") + "\n").utf8)
  _ = write(STDOUT_FILENO, bytes, bytes.count)
}

if CommandLine.arguments.dropFirst() == ["assert"] {
  // what no caller can ask for, and an assertion of the core refuses where assertions are
  _ = Tensor(Storage(count: 3), [2])
  announce("the core has no assertions")
  exit(0)
}
let words = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
if CommandLine.arguments.dropFirst().first == "limit", let bytes = words.first {
  callWithout(memoryAbove: UInt(bytes))
  exit(0)
}
guard words.count >= 3 else {
  announce(
    "usage: AbsurdCalls SEED FIRST COUNT [MEMORY], AbsurdCalls limit BYTES, or AbsurdCalls assert")
  exit(2)
}
// an operation that takes more than it may is seen here, not by the machine's other programs
var limit = rlimit(rlim_cur: 3 << 30, rlim_max: 3 << 30)
setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
KernelThreads.count = 2

let memory = words.count > 3 ? Int(words[3]) : nil
for call in Int(words[1])..<Int(words[1] + words[2]) {
  let subject = subjects[call % subjects.count]
  var draw = Draw(subject.operation, seed: words[0], call: call, memory: memory)
  announce("call \(call) \(subject.mayStop ? "may stop" : "throws") \(subject.name)")
  alarm(20)
  do {
    let results = try subject.body(&draw)
    // a product is computed, and elements are put in order, when somebody looks, who cannot be told
    if !results.isEmpty { announce("looks") }
    for result in results where result.count < 1 << 22 { _ = result.array }
    TensorMemory.pretendAvailable(bytes: nil)
    if memory == nil {
      for result in results where result.requiresGrad && result.count < 1 << 20 {
        try result.sum().backward(retainGraph: true)
      }
    }
    announce("returned \(results.shapes)")
  } catch let error as TensorError {
    TensorMemory.pretendAvailable(bytes: nil)
    announce("threw \(error)")
  } catch {
    TensorMemory.pretendAvailable(bytes: nil)
    announce("threw something else: \(error)")
  }
}
exit(0)
