// Attack: a thousand threads
// Tries: to slow the machine down
// Must: the limit counts threads too
import Foundation

func attack(_ X: Tensor) throws {
  for _ in 0..<1000 {
    Thread { while true {} }.start()
  }
  sleep(1000)
}
