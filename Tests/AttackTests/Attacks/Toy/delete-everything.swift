// Attack: everything removed
// Tries: to delete what it can see
// Must: nothing it can see is writable
import Foundation

func attack(_ X: Tensor) throws {
  for path in ["@CLASS@", "@ASSIGNMENT@", "@REFERENCE@", "/usr/bin/env", "@CANARY@"]
  where (try? FileManager.default.removeItem(atPath: path)) != nil {
    print("LOOT removed \(path)")
  }
}
