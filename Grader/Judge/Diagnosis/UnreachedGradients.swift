import WorkerPipe

/// The parameters and inputs that no gradient reaches though one should: bare numbers stand in their place.
/// That says more than which number is furthest off.
public struct UnreachedGradients {
  /// The parameters that none reaches, by the student's names, and all that there are.
  let parameters: [String]
  private let all: [String]
  private let inputs: [String]
  /// Whether a gradient reaches any parameter.
  let reachesAParameter: Bool
  private let part: ((String) -> String?)?

  /// Looks for them; nil where there are none.
  ///
  /// - Parameters:
  ///   - names: the names in both → the student's, for parameters that are called otherwise.
  ///   - part: the part of the model that a parameter belongs to, in words.
  public init?(
    _ actual: [PipeTensor], expected: [PipeTensor], names: [String: String] = [:],
    part: ((String) -> String?)? = nil
  ) {
    let scale = Comparison.gradientScale(expected)
    func reaches(_ tensor: PipeTensor) -> Bool { tensor.values.contains { $0 != 0 } }
    let unreached = expected.filter { expected in
      guard let own = actual.first(where: { $0.name == expected.name }) else { return false }
      // of what vanishes, nothing may be left
      let allowed = Comparison.allowed(expected, scale)
      return !reaches(own) && expected.values.contains { abs($0) > allowed }
    }
    func parameters(_ tensors: [PipeTensor]) -> [String] {
      tensors.filter { $0.name.hasPrefix("parameter:") }.map {
        let name = String($0.name.dropFirst("parameter:".count))
        return names[name] ?? name
      }
    }
    guard !unreached.isEmpty else { return nil }
    self.parameters = parameters(unreached)
    inputs = unreached.map(\.name).filter { !$0.hasPrefix("parameter:") }
    all = parameters(expected)
    reachesAParameter = actual.contains { $0.name.hasPrefix("parameter:") && reaches($0) }
    self.part = part
  }

  /// What is said of them.
  public var failure: CheckFailure {
    CheckFailure(
      message,
      diagnosis:
        "what is computed with \(parameters.count + inputs.count == 1 ? "it" : "them") is "
        + Self.cause + ". Compute with tensors all the way to the results")
  }

  /// How numbers come to be used that no gradient goes back through.
  public static let cause =
    "taken out of the graph, as `.array`, `.item`, a new `Tensor([…])` of numbers, `detached()`, `noGrad` "
    + "and `freeze()` do it"

  private var message: String {
    let inputs =
      inputs == ["input"]
      ? "the input" : (inputs.count == 1 ? "the input " : "the inputs ") + NameList.text(inputs)
    guard !parameters.isEmpty else { return "no gradient reaches \(inputs)" }
    guard reachesAParameter else {
      return "no gradient reaches "
        + (all.count == 1
          ? "the parameter \(NameList.text(all))" : "any of the \(all.count) parameters")
        + (self.inputs.isEmpty ? ", though one reaches the input" : ", nor \(inputs)")
    }
    let list = NameList.text(parameters, part: part, atMost: 12)
    if parameters.count == 1 {
      return "no gradient reaches \(list), one of \(all.count) parameters"
    }
    if let owner {
      return "no gradient reaches any of the \(parameters.count) parameters of \(owner): \(list)"
    }
    return "no gradient reaches \(parameters.count) of the \(all.count) parameters: \(list)"
  }

  /// The layer whose parameters these are, all of them and no others, as `lstm` of `lstm.W_xi`.
  private var owner: String? {
    let paths = parameters.map { $0.split(separator: ".").dropLast() }
    guard var common = paths.first else { return nil }
    for path in paths {
      while !path.starts(with: common) { common = common.dropLast() }
    }
    let name = common.joined(separator: ".")
    let isWhole = all.count { $0.hasPrefix(name + ".") } == parameters.count
    return name.isEmpty || !isWhole ? nil : NameList.text([name])
  }
}
