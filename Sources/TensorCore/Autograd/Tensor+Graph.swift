extension Tensor {
  /// The graph that this tensor was computed by, as an indented list: each operation with its shape,
  /// its inputs below it. What was used before is not repeated. From level 40 on the lines move no
  /// further to the right but start with their level: a long chain would need gigabytes of spaces.
  ///
  /// ```
  /// tanh [2, 4]  #5
  ///   + [2, 4]  #4
  ///     matmul [2, 4]  #3
  ///       leaf W_xh [3, 4]  #1
  /// ```
  public func describeGraph() -> String {
    guard let root = rowMajorNode else { return "\(operandDescription): no graph" }
    let numbers = Self.numbers(from: root)
    var (lines, seen): ([String], Set<ObjectIdentifier>) = ([], [])
    // a stack of its own: the graph may be deeper than the program's
    var waiting: [(node: Node, depth: Int)] = [(root, 0)]
    while let (node, depth) = waiting.popLast() {
      let id = ObjectIdentifier(node)
      let indent =
        depth < 40
        ? String(repeating: "  ", count: depth) : String(repeating: " ", count: 80) + "[\(depth)] "
      let isNew = seen.insert(id).inserted
      let isRepeated = !isNew && node.inputs.contains { $0 != nil }
      lines.append(
        "\(indent)\(node.title)  #\(numbers[id] ?? 0)" + (isRepeated ? " (see above)" : ""))
      guard isNew else { continue }
      for case let input? in node.inputs.reversed() { waiting.append((input, depth + 1)) }
    }
    return lines.joined(separator: "\n")
  }

  /// The graph that this tensor was computed by, in Graphviz's language: `dot -Tsvg` draws it.
  /// Parameters are boxes, operations ellipses; arrows go from inputs to results.
  public func graphInDOT() -> String {
    guard let root = rowMajorNode else { return "digraph {\n}" }
    let numbers = Self.numbers(from: root)
    var (lines, seen): ([String], Set<ObjectIdentifier>) = (["digraph {"], [])
    var waiting = [root]
    while let node = waiting.popLast() {
      let id = ObjectIdentifier(node)
      guard seen.insert(id).inserted else { continue }
      // scalars, not characters: a combining mark after a quote would hide it
      let title = node.title.unicodeScalars.map {
        $0 == "\"" || $0 == "\\" ? "\\\($0)" : $0.value < 0x20 ? " " : String($0)
      }.joined()
      lines.append(
        "  n\(numbers[id] ?? 0) [label=\"\(title)\"\(node.isLeaf ? ", shape=box" : "")]")
      for case let input? in node.inputs {
        lines.append("  n\(numbers[ObjectIdentifier(input)] ?? 0) -> n\(numbers[id] ?? 0)")
        waiting.append(input)
      }
    }
    return (lines + ["}"]).joined(separator: "\n")
  }

  /// Numbers from 1 in the order of computation.
  private static func numbers(from root: Node) -> [ObjectIdentifier: Int] {
    var (found, seen): ([Node], Set<ObjectIdentifier>) = ([root], [ObjectIdentifier(root)])
    var next = 0
    while next < found.count {
      for case let input? in found[next].inputs
      where seen.insert(ObjectIdentifier(input)).inserted {
        found.append(input)
      }
      next += 1
    }
    let ordered = found.sorted { $0.number < $1.number }
    return Dictionary(
      uniqueKeysWithValues: ordered.enumerated().map { (ObjectIdentifier($1), $0 + 1) })
  }
}

extension Node {
  fileprivate var title: String {
    "\(operation) \(label.map { "\($0) " } ?? "")\(shape)"
  }
}
