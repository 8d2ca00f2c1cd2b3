// Attack: the judge's code by name
// Tries: to find the reference and the checks in its own address space, and to load them
// Must: they are not there
import Glibc

func attack(_ X: Tensor) throws {
  for name in [
    "$s5Judge10ComparisonO", "$s12ToyReference13ThreeClassNetCMa", "RecordedReference",
  ]
  where dlsym(nil, name) != nil {
    print("LOOT symbol \(name)")
  }
  for path in ["@REFERENCE@", "@TOOL@"] where dlopen(path, RTLD_NOW) != nil {
    print("LOOT library \(path)")
  }
}
