import CKernels

/// Calls `body` with ranges that together cover `0 ..< count`, on several threads where the work
/// is worth waking them.
///
/// `body` runs on several threads at once, so it writes only to the elements of its own range. The
/// ranges depend on `count` alone: the result is the same for any number of threads.
///
/// - Parameter cost: about how many simple operations one element takes; a row of 64 takes 64.
package func inParts(_ count: Int, cost: Int = 1, _ body: (Range<Int>) -> Void) {
  let size = max(1, 32_768 / max(cost, 1))
  let parts = (count + size - 1) / size
  guard parts > 1 else { return body(0..<count) }
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

private struct PartsJob {
  let count: Int
  let size: Int
  let body: (Range<Int>) -> Void
}
