import RecurrentLayers
import TensorCore
import TestSupport
import XCTest

/// The fast ways to compute something against slow compositions of simple operations, at random
/// sizes: multiples of the tiles' sizes, one more and one less, and none.
/// `RHYTHMLAB_POISON=1` in the environment makes elements that nobody wrote NaN.
final class FastPathTests: XCTestCase {
  private var dice = MersenneTwister(seed: 23)
  private var generator = RandomGenerator(seed: 29)

  private func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int(dice.next32()) % choices.count]
  }

  private func leaf(_ shape: Shape, scale: Float = 1) -> Tensor {
    (.randn(shape, using: &generator) * scale).requiringGrad()
  }

  /// Compares the results of two ways, and the gradients of the leaves by both.
  private func compare(
    _ name: String, _ leaves: [Tensor], line: UInt = #line, _ fast: () throws -> [Tensor],
    _ slow: () throws -> [Tensor]
  ) throws {
    let results = try (fast(), slow())
    let upstream = results.0.map { Tensor.randn($0.shape, using: &generator) }
    func gradients(_ tensors: [Tensor]) throws -> [Tensor?] {
      for leaf in leaves { leaf.zeroGrad() }
      let weighted = try zip(tensors, upstream).map { try ($0 * $1).sum() }
      let loss = try Tensor.stack(weighted).sum()
      // twice: what is put off must neither be lost nor come again
      try loss.backward(retainGraph: true)
      try loss.backward()
      return leaves.map(\.grad)
    }
    let pairs =
      zip(results.0.map(Optional.some), results.1.map(Optional.some)).map { $0 }
      + zip(try gradients(results.0), try gradients(results.1)).map { $0 }
    for (index, (got, expected)) in pairs.enumerated() {
      XCTAssertEqual(got?.shape, expected?.shape, "\(name): number \(index)", line: line)
      let expected = expected?.array ?? []
      // roundings are as large as the largest terms of the sums
      let size = expected.reduce(1) { max($0, abs($1)) }
      let text = difference(
        got?.array ?? [], expected, "\(name): number \(index)",
        Tolerance(absolute: 2e-5 * size, relative: 0))
      XCTAssertNil(text, line: line)
    }
  }

  // MARK: - LSTM

  private func unfusedLSTM(
    _ x: Tensor, _ W_x: Tensor, _ W_h: Tensor, _ b: Tensor, _ state: (H: Tensor, C: Tensor)?
  ) throws -> [Tensor] {
    let zeros = Tensor.zeros([x.shape[0], W_h.shape[0]])
    var (H, C) = state ?? (zeros, zeros)
    var outputs: [Tensor] = []
    for X in try x.unstacked(axis: 1) {
      let gates = try (X.matmul(W_x) + H.matmul(W_h) + b).split(axis: 1, parts: 4)
      C = try sigmoid(gates[1]) * C + sigmoid(gates[0]) * tanh(gates[3])
      H = try sigmoid(gates[2]) * tanh(C)
      outputs.append(H)
    }
    return [try Tensor.stack(outputs, axis: 1), H, C]
  }

  func testTheLSTM() throws {
    for hidden in [1, 3, 4, 8, 12, 15, 16, 17, 32, 36, 48, 64, 100, 128, 130] {
      let (n, t, f) = (
        pick([0, 1, 2, 13, 47, 48, 49, 97]), pick([1, 2, 3, 4, 5, 8, 9]), pick([0, 1, 5, 16, 17])
      )
      let leaves = [
        leaf([n, t, f]), leaf([f, 4 * hidden], scale: 0.3),
        leaf([hidden, 4 * hidden], scale: 0.1), leaf([4 * hidden]), leaf([n, hidden]),
        leaf([n, hidden]),
      ]
      let (x, W_x, W_h, b) = (leaves[0], leaves[1], leaves[2], leaves[3])
      let state = pick([true, false]) ? (H: leaves[4], C: leaves[5]) : nil
      // any of the three results may have no gradient
      let wanted = pick([[0], [1], [2], [0, 2], [0, 1, 2]])
      try compare("N \(n), T \(t), F \(f), H \(hidden), \(state == nil), \(wanted)", leaves) {
        let r = try x.lstm(W_x: W_x, W_h: W_h, b: b, state: state)
        return wanted.map { [r.outputs, r.H, r.C][$0] }
      } _: {
        let all = try unfusedLSTM(x, W_x, W_h, b, state)
        return wanted.map { all[$0] }
      }
    }
  }

  // MARK: - Convolution

  /// One product for each tap of the kernel.
  private func convolution(_ x: Tensor, _ weight: Tensor, _ bias: Tensor) throws -> Tensor {
    let (rows, kernel) = (try x.permuted([0, 2, 1]), weight.shape[2])
    let length = x.shape[2] - kernel + 1
    var sum = bias
    for k in 0..<kernel {
      let tap = try weight.select(axis: 2, index: k).permuted([1, 0])
      sum = try sum + rows.slice(axis: 1, k..<(k + length)).matmul(tap)
    }
    return try sum.permuted([0, 2, 1])
  }

  func testConvolution() throws {
    for _ in 0..<40 {
      let (n, c, o) = (
        pick([0, 1, 2, 11, 12, 13, 49]), pick([1, 3, 16, 32, 48]), pick([5, 16, 32, 48, 80, 112])
      )
      let kernel = pick([1, 2, 3, 4, 5])
      let length = kernel + pick([0, 1, 2, 6])
      let (x, w, b) = (leaf([n, c, length]), leaf([o, c, kernel], scale: 0.1), leaf([o]))
      let isExchanged = pick([true, false])
      try compare("N \(n), C \(c), L \(length), \(o) out, kernel \(kernel)", [x, w, b]) {
        let input = try isExchanged ? x.permuted([0, 2, 1]).transposed(1, 2) : x
        return [try input.conv1d(w, bias: b)]
      } _: {
        [try convolution(x, w, b)]
      }
      // without a gradient for the input, any number of input channels has the fast way
      try compare("the same, of a constant", [w, b]) {
        [try x.detached().conv1d(w, bias: b)]
      } _: {
        [try convolution(x.detached(), w, b)]
      }
    }
  }

  /// One filter a channel, against each channel convolved alone: lengths about those of the vectors, and
  /// padding beyond the taps.
  func testOneFilterAChannel() throws {
    for (length, kernel, padding, dilation) in [
      (1, 1, 0, 1), (64, 1, 0, 1), (63, 7, 3, 1), (70, 7, 3, 1), (65, 2, 1, 1), (131, 4, 0, 1),
      (100, 5, 200, 50), (200, 3, 64, 64), (90, 9, 0, 3), (64, 1, 2, 1),
    ] {
      let (x, w, b) = (leaf([2, 3, length]), leaf([3, 1, kernel]), leaf([3]))
      try compare("length \(length), kernel \(kernel)", [x, w, b]) {
        [
          try x.conv1d(w, bias: b, padding: .zeros(padding), dilation: dilation, groups: 3),
          try x.conv1d(w, padding: .zeros(padding), dilation: dilation, groups: 3),
        ]
      } _: {
        func alone(_ bias: Tensor?) throws -> Tensor {
          try .concatenate(
            (0..<3).map { c in
              try x.slice(axis: 1, c..<(c + 1)).conv1d(
                w.slice(axis: 0, c..<(c + 1)), bias: bias?.slice(axis: 0, c..<(c + 1)),
                padding: .zeros(padding), dilation: dilation)
            }, axis: 1)
        }
        return [try alone(b), try alone(nil)]
      }
    }
  }

  /// Windows that follow one another, against the largest along an axis of their own: lengths about those of
  /// the vectors, and elements beyond the last window.
  func testLargestOfWindowsSideBySide() throws {
    for (kernel, length) in [
      (2, 2), (2, 15), (2, 16), (2, 33), (2, 70), (4, 4), (4, 16), (4, 19), (4, 67), (4, 1000),
      (3, 50),
    ] {
      let x = leaf([3, 2, length])
      try compare("kernel \(kernel), length \(length)", [x]) {
        [try x.maxPool1d(kernelSize: kernel)]
      } _: {
        let windows = length / kernel
        return [
          try x.slice(axis: 2, 0..<(windows * kernel)).reshaped([3, 2, windows, kernel]).max(
            axis: 3)
        ]
      }
    }
  }

  /// As PyTorch's `max_pool1d`: the first of several largest, and of several NaN the last, gets the gradient.
  func testTiesAndNaNOfWindowsSideBySide() throws {
    for (window, chosen): ([Float], Int) in [
      ([1, 1, 0, 1], 0), ([0, 2, 2, 1], 1), ([-0, 0, -1, 0], 0), ([0, 1, 0, 1], 1),
      ([-.infinity, -.infinity, -.infinity, -.infinity], 0), ([1, .nan, 2, 3], 1),
      ([.nan, 1, .nan, 9], 2), ([1, 2, .infinity, .infinity], 2),
    ] {
      for place in 0..<5 {
        // others around it, so that it lies in any lanes of a vector, and in none
        var elements: [Float] = [1, 2, 3, 4, 4, 3, 2, 1, 1, 3, 2, 1, 1, 2, 4, 3, 5, 6, 7, 9]
        elements.replaceSubrange((4 * place)..<(4 * place + 4), with: window)
        let x = try Tensor(elements, shape: [1, 1, 20]).requiringGrad()
        try x.maxPool1d(kernelSize: 4).backward(
          gradient: try Tensor([1, 2, 3, 4, 5], shape: [1, 1, 5]))
        var expected = [Float](repeating: 0, count: 20)
        for (number, other) in [3, 0, 1, 2, 3].enumerated() {
          expected[4 * number + (number == place ? chosen : other)] = Float(number + 1)
        }
        XCTAssertEqual(x.grad?.array ?? [], expected, "\(window) at \(place)")
      }
    }
  }

  // MARK: - Random programs

  /// Operations on tensors [N, C, L] in a random order, with every result put into the usual order
  /// or left as it is.
  func testProgramsOnChannelsLast() throws {
    for number in 0..<150 {
      let (n, l) = (pick([0, 1, 3, 25]), pick([4, 5, 9]))
      let (x, w1, w2) = (
        leaf([n, l, 16]), leaf([16, 16, 2], scale: 0.2), leaf([48, 16, 1], scale: 0.2)
      )
      let choices = (0..<8).map { _ in Int(dice.next32() % 14) }
      func run(_ step: (Tensor) throws -> Tensor) throws -> [Tensor] {
        var y = try step(x.transposed(1, 2))
        var seen = [y]
        for choice in choices {
          let length = y.shape[2]
          switch choice {
          case 0: y = y.relu()
          case 1: y = tanh(y)
          case 2: y = y.squared() * 0.1
          case 3 where length > 1: y = try y.conv1d(w1)
          case 4: y = try step(y.conv1d(w2)).slice(axis: 1, 16..<32)
          case 5 where length > 1: y = try y.averagePool1d(kernelSize: 2, stride: 1)
          case 6: y = try y.adaptiveAveragePool1d(outputLength: 3)
          case 7: y = try y + seen[0].mean()
          case 8: y = try y.transposed(1, 2).reshaped([n, length, 16]).transposed(1, 2)
          case 9: y = try Tensor.concatenate([y, y.relu()], axis: 2)
          case 10: y = try y + y.transposed(1, 2).abs().transposed(1, 2)
          case 11: y = try -y * noGrad { sigmoid(y) }
          case 12: y = try y.maxPool1d(kernelSize: 1) - y * 0.5
          default: y = try step(y.transposed(1, 2)).sigmoid().transposed(1, 2)
          }
          y = try step(y)
          seen.append(y)
        }
        // an earlier result as well, which later operations may have put into another order
        return [y, seen[choices.count / 2]]
      }
      try compare("program \(number), \(choices)", [x, w1, w2]) {
        try run { $0 }
      } _: {
        try run { $0.moved }
      }
    }
  }

  /// Sums of products in a random order, some of them inside `noGrad`, with every result computed
  /// at once or when it is needed.
  func testProgramsOnSumsOfProducts() throws {
    for number in 0..<150 {
      let (n, m) = (pick([0, 1, 3, 20]), pick([1, 2, 7, 33]))
      let leaves = [leaf([n, m]), leaf([m, m], scale: 0.3), leaf([m, m], scale: 0.3), leaf([m])]
      let choices = (0..<10).map { _ in (Int(dice.next32() % 9), Int(dice.next32())) }
      func run(_ step: (Tensor) -> Tensor) throws -> [Tensor] {
        var all = [leaves[0]]
        for (choice, number) in choices {
          let recent = Array(all.suffix(4).reversed())
          let (a, b) = (recent[number % recent.count], recent[number / 64 % recent.count])
          let next: Tensor
          switch choice {
          case 0, 1: next = try a.matmul(leaves[1 + number % 2])
          case 2: next = try a.linear(leaves[1], leaves[3])
          case 3: next = try a + b
          case 4: next = try leaves[3] + a
          case 5: next = tanh(a)
          case 6: next = try noGrad { try a.matmul(leaves[2]) + b }
          case 7: next = try noGrad { try a.matmul(leaves[1]) }
          default: next = try a.reshaped([n, m]) * 0.5
          }
          all.append(step(next))
        }
        return all.suffix(3) + [all[0] * 2]
      }
      try compare("program \(number), \(choices.map(\.0))", leaves) {
        try run { $0 }
      } _: {
        try run {
          _ = $0.array
          return $0
        }
      }
    }
  }
}
