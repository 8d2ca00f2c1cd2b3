import Glibc
import TensorCore

/// Calls whose sizes can be counted, and for which the system has no memory: `AbsurdCalls limit BYTES`
/// limits its own addresses to so many bytes, as `ulimit -v` does. Writes a line of each call's end; the last
/// call has no way to throw.
func callWithout(memoryAbove bytes: UInt) {
  var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
  guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
    return announce("no limit")
  }
  let (column, row) = (Tensor.ones([40000, 1]), Tensor.ones([1, 40000]))
  let calls: [() throws -> Tensor] = [
    { try column + row }, { try column.matmul(row) }, { try row.expanded(to: [40000, 40000]) },
    { try column.padded(axis: 1, before: 20000, after: 19999) },
    { try Tensor.stack([Tensor](repeating: row, count: 40000)) },
    { try Tensor.oneHot([Int32](repeating: 1, count: 40000), classes: 40000) },
  ]
  for call in calls {
    do {
      announce("returned \(try call().shape)")
    } catch {
      announce("threw \(error)")
    }
  }
  // what fits is still to be had
  announce("\(column.sum().array)")
  announce("\(Tensor.zeros([40000, 40000]).shape)")
}
