import Coursework
import TensorCore

/// A beat that begins as one and ends as another (section 7.4, task 7.4a).
///
///     y_n = a_n for n < s,  b_n from n = s on
///
///     graft([0, 1, 2, 3, 4, 5, 6, 7], [10, 11, 12, 13, 14, 15, 16, 17], at: 3)      0 1 2 13 14 15 16 17
///
/// - Parameters:
///   - a: the beat that it begins as.
///   - b: the beat that it ends as, as long as `a`.
///   - s: how many values are a's, from 0 (none) to all.
public func graft(_ a: [Float], _ b: [Float], at s: Int) throws -> [Float] {
  // BEGIN SOLUTION 7.4a: the first s values of a, then b from s on
  return Array(a[..<s] + b[s...])
  // END SOLUTION
}

/// A beat that comes earlier or later (section 7.4, task 7.4a).
///
///     y_n = x_{n−d}
///
/// Before the first value of x, and behind its last one, stands that one again:
///
///     shifted([0, 1, 2, 3, 4, 5, 6, 7], by: 2)       0 0 0 1 2 3 4 5
///     shifted([0, 1, 2, 3, 4, 5, 6, 7], by: -2)      2 3 4 5 6 7 7 7
///
/// - Parameters:
///   - x: the beat, of at least one value.
///   - d: how many places later; below 0 earlier. It may be more than the beat is long.
/// - Returns: as many values as `x` has.
public func shifted(_ x: [Float], by d: Int) throws -> [Float] {
  // BEGIN SOLUTION 7.4a: the value d places before, kept within the beat
  return x.indices.map { n in x[min(max(n - d, 0), x.count - 1)] }
  // END SOLUTION
}

/// As many beats of each class as one wants, made from pairs of its beats (section 7.4, task 7.4a).
///
/// For each class that occurs, `perClass` times: draw two beats i and j of the class, each among all of its beats, so that i
/// may be j; draw the split s from 0 to L − 1, each as likely, so that a made beat is never the whole of the first; draw
/// the shift d from −10 to 10, each as likely; make
///
///     shifted(graft(x_i, x_j, at: s), by: d)
///
/// Only made beats come back, in any order, each with its class. All is drawn from the generator that is given:
/// `generator.index(below: n)` is a whole number from 0 to n − 1.
///
/// - Parameters:
///   - beats: beats of one length.
///   - labels: the class of each.
///   - perClass: how many are made of each class.
///   - generator: where the draws come from.
public func balancedByGrafting(
  _ beats: [[Float]], _ labels: [Int], perClass: Int, using generator: inout RandomGenerator
) throws -> (beats: [[Float]], labels: [Int]) {
  // BEGIN SOLUTION 7.4a: class by class, perClass grafts that are shifted
  var made: [[Float]] = []
  var classes: [Int] = []
  for c in Set(labels).sorted() {
    let own = beats.indices.filter { labels[$0] == c }
    for _ in 0..<perClass {
      let (i, j) = (own[generator.index(below: own.count)], own[generator.index(below: own.count)])
      let s = generator.index(below: beats[i].count)
      let d = generator.index(below: 21) - 10
      made.append(try shifted(graft(beats[i], beats[j], at: s), by: d))
      classes.append(c)
    }
  }
  return (made, classes)
  // END SOLUTION
}
