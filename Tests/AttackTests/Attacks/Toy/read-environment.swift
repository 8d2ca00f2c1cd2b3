// Attack: the grader's variables
// Tries: to print every variable it has
// Must: none is the grader's
import Foundation

func attack(_ X: Tensor) throws {
  for (name, value) in ProcessInfo.processInfo.environment where value.contains("@SECRET@") {
    print("LOOT \(name)=\(value)")
  }
}
