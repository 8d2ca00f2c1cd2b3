import CKernels

/// Calls `body` with ranges that together cover `0 ..< count`, on several threads where the work
/// is worth waking them.
///
/// Denormals are zero in it. `body` runs on several threads at once, so it writes only to the elements of its own range. The
/// ranges depend on `count` alone: the result is the same for any number of threads.
///
/// - Parameter cost: about how many simple operations one element takes; a row of 64 takes 64.
package func inParts(_ count: Int, cost: Int = 1, _ body: (Range<Int>) -> Void) {
  let size = max(1, 32_768 / max(cost, 1))
  let parts = (count + size - 1) / size
  guard parts > 1 else { return calculating { body(0..<count) } }
  withoutActuallyEscaping(body) { body in
    var job = PartsJob(count: count, size: size, body: body)
    withUnsafeMutablePointer(to: &job) { job in
      rk_parallel(
        Int32(clamping: parts),
        { context, part in
          guard let job = context?.assumingMemoryBound(to: PartsJob.self).pointee else { return }
          let start = Int(part) * job.size
          job.body(start..<min(start + job.size, job.count))
        }, job)
    }
  }
}

/// Calls `body` in the kernels' mode: denormals are zero, as on the threads of `inParts`, and the
/// caller's mode is back afterwards.
@inline(__always)
package func calculating<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let before = rk_begin_calculation()
  defer { rk_end_calculation(before) }
  return try called(body)
}

/// Not inlined: a compiler that knows of no modes would move arithmetic out from between them.
@inline(never)
package func called<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  try body()
}

private struct PartsJob {
  let count: Int
  let size: Int
  let body: (Range<Int>) -> Void
}
