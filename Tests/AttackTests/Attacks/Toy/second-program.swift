// Attack: a second program
// Tries: to start processes as the runtime starts the backtracer, which become the worker itself or stay when the first has ended
// Must: nothing more is reached, and nothing is left
import Glibc

@_silgen_name("clone") func cloneAProgram(
  _ body: @convention(c) (UnsafeMutableRawPointer?) -> Int32, _ stack: UnsafeMutableRawPointer,
  _ flags: Int32, _ argument: UnsafeMutableRawPointer?
) -> Int32

nonisolated(unsafe) private let program = strdup(CommandLine.arguments[0])
nonisolated(unsafe) private let words =
  UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: 3)

func becomeTheWorker(_ argument: UnsafeMutableRawPointer?) -> Int32 {
  if let program { execve(program, words, words + 2) }
  return 1
}

func stay(_ argument: UnsafeMutableRawPointer?) -> Int32 {
  while true { usleep(100_000) }
}

func attack(_ X: Tensor) throws {
  (words[0], words[1], words[2]) = (program, nil, nil)
  for number in 0..<6 {
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        let stack = UnsafeMutableRawPointer.allocate(byteCount: 1 << 16, alignment: 16)
        if argument == nil {
          _ = cloneAProgram(stay, stack + (1 << 16), 0x4100, nil)
        } else {
          _ = cloneAProgram(becomeTheWorker, stack + (1 << 16), 0x4100, nil)
        }
        return nil
      }, UnsafeMutableRawPointer(bitPattern: number % 2))
  }
  usleep(200_000)
}
