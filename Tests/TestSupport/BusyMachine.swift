import Foundation

/// Keeps every processor busy with other programs while something is tested.
///
/// Each program has a session of its own: Linux shares the processors among sessions first
/// (sched(7), autogroup), so that together they would weigh no more than one.
///
/// - Parameter others: how many programs a processor has beside what is tested.
package func onABusyMachine<Result>(
  others count: Int = 3, _ body: () throws -> Result
) throws -> Result {
  let scratch = try Scratch()
  let marker = try scratch.write("", "busy")
  let others = try (0..<count * ProcessInfo.processInfo.activeProcessorCount).map { _ in
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/setsid")
    // also without the tests there must be an end
    process.arguments = [
      "--wait", "/bin/sh", "-c",
      "while [ -e '\(marker)' ] && kill -0 \(getpid()); do :; done 2> /dev/null",
    ]
    try process.run()
    return process
  }
  defer {
    unlink(marker)
    others.forEach { $0.waitUntilExit() }
  }
  return try body()
}

/// Shell commands that compute until the shell has had some hundredths of a second of a processor, by
/// fields 14 and 15 of proc(5)'s `stat`. Nothing is started meanwhile: what a short program waited for a processor is
/// gone with it before anyone has seen it.
package func processorWork(hundredths: Int) -> String {
  """
  ticks=0; enough=$((\(hundredths) * $(getconf CLK_TCK) / 100))
  while [ $ticks -lt $enough ]; do
    i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done
    read -r line < /proc/$$/stat; set -- $line; ticks=$((${14} + ${15}))
  done
  """
}
