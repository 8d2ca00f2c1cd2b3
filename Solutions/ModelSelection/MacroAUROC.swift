import Coursework
import Foundation

/// The mean over the classes of how well each is told from the rest (section 7.7, task 7.7a).
///
/// For class c: the chance that a beat of c has a higher score than a beat of another class, where a tie counts half,
///
///     AUROC_c = Σ_{i of c} Σ_{j not of c} ([p_ic > p_jc] + ½ [p_ic = p_jc]) / (n_c (n − n_c))
///
/// The score is the *softmax probability* p_ic = e^(z_ic) / Σ_k e^(z_ik) in double precision, with the largest logit of the
/// row taken off first. Logits of different beats have no common zero, so they cannot be compared.
///
/// The result is the mean over those classes of which there is at least one beat and at least one beat of another; nil
/// where there is none. As scikit-learn's `roc_auc_score(multi_class='ovr', average='macro')`.
///
/// Labels 0 0 1 1 2 2 and probabilities (.6 .3 .1) (.2 .5 .3) (.2 .6 .2) (.5 .3 .2) (.1 .3 .6) (.3 .3 .4) give 0.6875,
/// 0.6875 and 1, so 0.791667.
///
/// - Parameters:
///   - logits: of each beat, one for each class; some may be −∞.
///   - labels: the class of each beat.
public func macroAUROC(_ logits: [[Float]], _ labels: [Int]) throws -> Double? {
  // BEGIN SOLUTION 7.7a: softmax, then class by class, then the mean
  let probabilities = logits.map { row -> [Double] in
    let top = Double(row.max() ?? 0)
    let terms = row.map { exp(Double($0) - top) }
    let sum = terms.reduce(0, +)
    return terms.map { $0 / sum }
  }
  var areas: [Double] = []
  for c in 0..<(logits.first?.count ?? 0) {
    let scores = probabilities.map { $0[c] }
    let own = labels.indices.filter { labels[$0] == c }
    let others = labels.indices.filter { labels[$0] != c }
    guard !own.isEmpty, !others.isEmpty else { continue }
    var wins = 0.0
    for i in own {
      for j in others {
        wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0
      }
    }
    areas.append(wins / Double(own.count * others.count))
  }
  guard !areas.isEmpty else { return nil }
  return areas.reduce(0, +) / Double(areas.count)
  // END SOLUTION
}
