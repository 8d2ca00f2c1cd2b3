import Examples
import Foundation
import TensorCore
import TestSupport
import XCTest

@testable import Recordings
@testable import Signals

/// From records to examples, and what is asked of them.
final class TwelveLeadExampleTests: FolderTestCase {
  private static let synthetic = SyntheticTwelveLeads.make(count: 400, seed: 5) { _, _ in }

  private func prepared(_ settings: [String: String] = [:]) throws -> PreparedData {
    try TwelveLeads().prepare(Self.synthetic, settings)
  }

  /// The labels of each example.
  private func labels(_ set: ExampleSet, _ names: [String]) throws -> [Set<String>] {
    guard case .labelSets(let flags, let count) = set.targets else {
      throw FixtureError("the targets are no sets of labels")
    }
    XCTAssertEqual(count, names.count)
    return (0..<set.count).map { index in
      Set(names.indices.filter { flags[index * count + $0] == 1 }.map { names[$0] })
    }
  }

  func testShapesNamesAndSizes() throws {
    let data = try prepared()
    XCTAssertEqual(
      data.sizes, ["leadCount": 12, "sampleCount": 1000, "textSize": 384, "classCount": 24])
    XCTAssertEqual(data.split.training.count, 200)
    XCTAssertEqual(data.split.validation.count, 100)
    XCTAssertEqual(data.questions?.other?.count, 100)
    XCTAssertEqual(data.split.training.names.first, "X00001")
    let batch = data.split.training.batch([3, 0])
    XCTAssertEqual(batch.X.shape.dimensions, [2, 12, 1000])
    XCTAssertEqual(try batch["text"].shape.dimensions, [2, 384])
    XCTAssertEqual(try batch["caption"].shape.dimensions, [2])
    XCTAssertTrue(data.isSynthetic)
  }

  // MARK: Leaks

  /// What a training set leaks of what is held out, in words: records with it, texts with it in their mean.
  private func leaks(
    _ data: PreparedData, _ plan: DiagnosisPlan, centre: [String]
  ) throws -> [String] {
    let shown = try labels(data.split.training, data.classes)
    var leaks = plan.heldOut.filter { name in shown.contains { $0.contains(name) } }
    leaks += plan.described.filter { own in
      shown.contains { $0.isSuperset(of: own.diagnoses) }
    }.map(\.name)
    leaks += plan.heldOut.filter(centre.contains).map { "\($0) in the mean" }
    let names = Set(data.split.training.names.map { $0.prefix { $0 != ":" } })
    leaks += Set(data.split.validation.names.map { $0.prefix { $0 != ":" } })
      .intersection(names).map { "\($0) in both" }
    return leaks
  }

  /// The names whose mean the texts lack: those of which the mean of the raw rows is zero after centring.
  private func centre(_ data: PreparedData) -> [String] {
    data.split.queries.filter { $0.group == "seen" }.map(\.name)
  }

  func testNoTrainingRecordHasWhatIsHeldOut() throws {
    let data = try prepared()
    XCTAssertEqual(try leaks(data, .synthetic, centre: centre(data)), [])
    // and the leaks are found where there are some
    let all = try prepared(["held-out": "none"])
    XCTAssertEqual(
      try leaks(
        PreparedData(
          SplitExamples(training: all.split.validation, validation: all.split.validation),
          sizes: [:], classes: all.classes, report: "", of: Self.synthetic), .synthetic,
        centre: ["st depression"]
      ).prefix(11),
      DiagnosisPlan.synthetic.heldOut[...] + DiagnosisPlan.synthetic.described.map(\.name)
        + ["st depression in the mean"])
  }

  /// Held out by a choice: records are left out of training, and tested instead; none is relabelled.
  func testHeldOutByChoice() throws {
    let choice = "sinus rhythm;both=atrial fibrillation+t wave inversion"
    let plan = try DiagnosisPlan(choice)
    XCTAssertEqual(plan.heldOut, ["sinus rhythm"])
    XCTAssertEqual(
      plan.described, [.init(name: "both", diagnoses: ["atrial fibrillation", "t wave inversion"])])
    let (data, all) = (try prepared(["held-out": choice]), try prepared(["held-out": "none"]))
    XCTAssertEqual(try leaks(data, plan, centre: centre(data)), [])
    XCTAssertEqual(all.split.training.count, 200)
    let whole = try labels(all.split.training, all.classes)
    XCTAssertEqual(
      data.split.training.names,
      zip(all.split.training.names, whole).filter { plan.admits($0.1) }.map(\.0))
    XCTAssertEqual(data.split.training.count + data.split.validation.count, 300)
    let questions = try XCTUnwrap(data.questions)
    var groups: [String] = []
    for query in data.split.queries where !groups.contains(query.group) {
      groups.append(query.group)
    }
    XCTAssertEqual(groups.prefix(3), ["seen", "held-out", "described"])
    // those that were left out are asked for what is held out, not for what is seen
    XCTAssertEqual(questions.heldBack.count, 100)
    let seen = try XCTUnwrap(data.split.queries.first { $0.group == "seen" })
    let held = try XCTUnwrap(data.split.queries.first { $0.group == "held-out" })
    XCTAssertEqual(seen.answers(in: data.split.validation).map(\.place), questions.heldBack)
    XCTAssertEqual(
      held.answers(in: data.split.validation).count, data.split.validation.count)
    for text in ["", ";", "a;", "a=b", "=a+b", "a=b+"] {
      XCTAssertThrowsError(try TwelveLeads().check(["held-out": text]), text)
    }
  }

  /// Records with as many crops as fit are trained on with all, tested with the first; never in both sets.
  func testCropsOfOneRecordStayTogether() throws {
    let long = Self.synthetic.records.prefix(40).enumerated().map { index, record in
      TwelveLeadRecord(
        name: "A\(index + 1)", rate: 500, sampleCount: 12_500, gain: 1000, codes: record.codes,
        fold: nil, amplitude: 1, constantLeads: 0, limbError: 0,
        numbers: StoredNumbers(
          (0..<12).flatMap { lead -> [Float] in
            let own = record.values[(lead * 1000)..<((lead + 1) * 1000)]
            return own + own.map { 2 * $0 } + own.prefix(500)
          }))
    }
    let data = try TwelveLeads().prepare(
      TwelveLeadSet(long, source: "test"), ["held-out": "none", "least": "1"])
    XCTAssertEqual(data.split.training.count, 2 * 32)
    XCTAssertEqual(data.split.validation.count, 8)
    XCTAssertEqual(
      data.split.training.names.prefix(2).map { $0.replacingOccurrences(of: ":2", with: "") }.count,
      2)
    XCTAssertTrue(data.split.training.names[1].hasSuffix(":2"))
    XCTAssertEqual(try leaks(data, DiagnosisPlan(), centre: []), [])
    XCTAssertTrue(data.report.contains("training: 32 records, 64 crops"), data.report)
  }

  // MARK: Texts

  private func product(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  /// The figures of the course's specification of the texts, to their digits (contrastive_ecg_reference.py, `Texts`).
  func testTextsAreThoseOfTheReference() throws {
    let data = try prepared()
    let questions = try XCTUnwrap(data.questions)
    func vector(_ name: String) throws -> [Float] { try questions.vector([name]) }
    let seen = data.split.queries.filter { $0.group == "seen" }
    XCTAssertEqual(seen.count, 19)
    for (name, nearest, cosine) in [
      ("left bundle branch block", "right bundle branch block", 0.96),
      ("right axis deviation", "left axis deviation", 0.97),
      ("st depression", "st elevation", 0.50),
      ("rapid atrial fibrillation", "atrial fibrillation", 0.81),
    ] {
      let own = try vector(name)
      XCTAssertEqual(product(own, own), 1, accuracy: 1e-5)
      let best = try XCTUnwrap(
        seen.max { product(own, $0.vector) < product(own, $1.vector) })
      XCTAssertEqual(best.name, nearest)
      XCTAssertEqual(product(own, best.vector), cosine, accuracy: 0.005, name)
    }
    let effusion = try vector("pericardial effusion")
    XCTAssertEqual(product(effusion, try vector("sinus tachycardia")), -0.01, accuracy: 0.005)
    XCTAssertEqual(product(effusion, try vector("low qrs voltages")), -0.14, accuracy: 0.005)
    func meanCosine(_ vectors: [[Float]]) -> Double {
      var sum = 0.0
      for (index, own) in vectors.enumerated() {
        for other in vectors[..<index] { sum += product(own, other) }
      }
      return sum / Double(vectors.count * (vectors.count - 1) / 2)
    }
    XCTAssertEqual(meanCosine(seen.map(\.vector)), -0.05, accuracy: 0.005)
    let raw = try XCTUnwrap(try prepared(["centre": "none"]).questions)
    XCTAssertEqual(
      meanCosine(try seen.map { try raw.vector([$0.name]) }), 0.24, accuracy: 0.005)
    XCTAssertEqual(
      meanCosine(try seen.map { try raw.vector(["ECG showing \($0.name)"]) }), 0.61, accuracy: 0.005
    )
    // a whole sentence beside the caption of its parts
    for own in data.split.queries where own.group == "described" {
      let sentence = try XCTUnwrap(
        data.split.queries.first { $0.group == "one sentence" && $0.name == own.name })
      XCTAssertTrue((0.795...0.895).contains(product(own.vector, sentence.vector)), own.name)
    }
  }

  /// A caption is the mean of the names' texts; records with the same names have the same.
  func testCaptions() throws {
    let data = try prepared()
    let questions = try XCTUnwrap(data.questions)
    let training = data.split.training
    let shown = try labels(training, data.classes)
    let batch = training.batch(Array(0..<training.count)[...])
    let (texts, captions) = (try batch["text"].array, try batch["caption"].array)
    XCTAssertEqual(Set(captions), Set((0..<questions.captionCount).map { Float($0) }))
    XCTAssertEqual(questions.captionCount, Set(shown).count)
    for index in 0..<training.count {
      let own = Array(texts[(index * 384)..<((index + 1) * 384)])
      let expected = try questions.vector(shown[index].sorted())
      XCTAssertEqual(product(own, expected), 1, accuracy: 1e-5)
      for other in 0..<index {
        XCTAssertEqual(shown[index] == shown[other], captions[index] == captions[other])
      }
    }
  }

  /// A record's names by themselves are those whose mean its text is.
  func testNamesApart() throws {
    let together = try prepared([:])
    let apart = try prepared(["names": "apart"])
    XCTAssertEqual(together.split.training.inputs.map(\.name), ["ecg", "text", "caption"])
    for (one, other) in [
      (together.split.training, apart.split.training),
      (together.split.validation, apart.split.validation),
    ] {
      XCTAssertEqual(
        other.inputs.map(\.name), ["ecg", "text", "caption", "names", "nameNumbers"])
      XCTAssertEqual(one.inputs[1].table.values, other.inputs[1].table.values)
      XCTAssertEqual(one.inputs[1].firstRows, other.inputs[1].firstRows)
    }
    let set = apart.split.training
    let batch = set.batch(Array(0..<set.count)[...])
    let counts = try XCTUnwrap(batch.lengths["names"])
    XCTAssertEqual(counts, batch.lengths["nameNumbers"])
    XCTAssertGreaterThan(counts.max() ?? 0, 1)
    let (names, texts) = (try batch["names"], try batch["text"])
    let numbers = try batch["nameNumbers"]
    guard case .labelSets(let flags, let classes) = set.targets else { return XCTFail("no labels") }
    var vectors: [Float: [Float]] = [:]
    for (record, count) in counts.enumerated() {
      XCTAssertEqual(
        flags[(record * classes)..<((record + 1) * classes)].reduce(0, +), Int32(count))
      var sum = [Double](repeating: 0, count: 384)
      for place in 0..<count {
        let vector = try names.slice(axis: 0, record..<(record + 1))
          .slice(axis: 1, place..<(place + 1)).array
        let number = try numbers.slice(axis: 0, record..<(record + 1)).array[place]
        XCTAssertEqual(vectors.updateValue(vector, forKey: number) ?? vector, vector)
        for (index, value) in vector.enumerated() { sum[index] += Double(value) }
      }
      let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let text = try texts.slice(axis: 0, record..<(record + 1)).array
      for (one, other) in zip(sum, text) {
        XCTAssertEqual(one / length, Double(other), accuracy: 1e-6)
      }
    }
    XCTAssertEqual(Set(vectors.values).count, vectors.count, "a number for each name")
  }

  func testAnotherTable() throws {
    // two numbers a text
    let table = try TextTable(nil)
    let texts = ["sinus rhythm", "atrial fibrillation"]
    let listing = try JSONSerialization.data(withJSONObject: [
      "texts": texts, "snomed": ["426783006": texts[0], "164889003": texts[1]],
    ])
    try listing.write(to: folder.appendingPathComponent("texts.json"))
    try Data(NumPyArray.encode(try Tensor([3, 4, 0, 5], shape: [2, 2])))
      .write(to: folder.appendingPathComponent("own.npy"))
    let own = try TextTable(path("own.npy"))
    XCTAssertEqual(own.width, 2)
    XCTAssertEqual(own.names.count, 2)
    XCTAssertEqual(Array(try own.row("atrial fibrillation")), [0, 5])
    XCTAssertThrowsError(try own.row("st depression")) {
      XCTAssertTrue("\($0)".contains("it has no row for \"st depression\""), "\($0)")
    }
    XCTAssertEqual(table.width, 384)
    XCTAssertEqual(table.names.count, 133)
    try Data(NumPyArray.encode(try Tensor([3, 4, 0], shape: [3, 1])))
      .write(to: folder.appendingPathComponent("own.npy"))
    for (name, sentence) in [
      ("own.npy", "there are 2 texts, a row each"), ("none.npy", "There is no file or folder"),
      ("texts.json", "this is not a whole .npy file"),
    ] {
      XCTAssertThrowsError(try TextTable(path(name))) {
        XCTAssertTrue("\($0)".contains(sentence), "\($0)")
      }
    }
  }

  /// The rows of every code that a synthetic record can have are there under the challenge's names.
  func testNamesOfCodes() throws {
    let names = try TextTable(nil).names
    for diagnosis in SyntheticDiagnosis.allCases {
      XCTAssertEqual(names[diagnosis.code], diagnosis.rawValue)
      XCTAssertEqual(DiagnosisCodes.merged([diagnosis.code]), [diagnosis.code])
    }
    for name in DiagnosisPlan.real.heldOut + DiagnosisPlan.real.described.flatMap(\.diagnoses) {
      XCTAssertTrue(names.values.contains(name), name)
    }
  }

  // MARK: Scaling

  func testScalingByTheTrainingSetAlone() throws {
    let data = try prepared()
    let values = data.split.training.inputs[0].table.values
    // each lead has a variance of 1 over the training set
    for lead in 0..<12 {
      var sum = 0.0
      for index in 0..<200 {
        let start = (index * 12 + lead) * 1000
        for value in values[start..<(start + 1000)] { sum += Double(value) * Double(value) }
      }
      XCTAssertEqual(sum / 200_000, 1, accuracy: 1e-3, "lead \(lead)")
    }
    // the other source is larger in the leads whose electrodes are nearer
    let other = try XCTUnwrap(data.questions?.other)
    func deviation(_ set: ExampleSet, _ lead: Int) -> Double {
      let values = set.inputs[0].table.values
      return (0..<set.count).reduce(0) { sum, index in
        let start = (index * 12 + lead) * 1000
        return sum + values[start..<(start + 1000)].reduce(0) { $0 + Double($1) * Double($1) }
      } / Double(set.count * 1000)
    }
    XCTAssertGreaterThan(deviation(other, 7), 1.2)
    let own = try XCTUnwrap(try prepared(["other-scaling": "own"]).questions?.other)
    XCTAssertEqual(deviation(own, 7), 1, accuracy: 1e-3)
    let byRecord = try prepared(["scaling": "record"]).split.training.inputs[0].table.values
    for row in 0..<12 {
      let own = byRecord[(row * 1000)..<((row + 1) * 1000)]
      XCTAssertEqual(
        own.reduce(0.0) { $0 + Double($1) * Double($1) } / 1000, 1, accuracy: 1e-3)
    }
  }

  /// Records of another place to test on: those of sources that are trained on are passed over.
  func testRecordsOfOtherSources() throws {
    let away = SyntheticTwelveLeads.make(count: 20, seed: 9) { _, _ in }
    let real = away.records.enumerated().map { index, record in
      TwelveLeadRecord(
        name: index < 12 ? "E\(index + 1)" : "X9\(index)", rate: 500, sampleCount: 5000, gain: 1000,
        codes: record.codes, fold: nil, amplitude: 1, constantLeads: 0, limbError: 0,
        numbers: StoredNumbers(record.values))
    }
    _ = try TwelveLeadSet(real, source: "test").save(in: folder.path)
    let data = try prepared(["other": folder.path])
    XCTAssertEqual(data.questions?.other?.names, (1...12).map { "E\($0)" })
    XCTAssertThrowsError(try prepared(["other": path("nothing")]))
  }

  func testNoise() throws {
    let noise = try TwelveLeads().noise(8, seed: 1, [:])
    XCTAssertEqual(noise.examples.batch([0, 7]).X.shape.dimensions, [2, 12, 1000])
    XCTAssertEqual(noise.sizes["textSize"], 384)
    XCTAssertEqual(noise.examples.inputs[2].firstRows, Array(0..<8))
  }

  func testRecordsThatSufficeForNothing() {
    XCTAssertThrowsError(
      try TwelveLeads().prepare(TwelveLeadSet([], source: "test"), [:])
    ) { XCTAssertTrue("\($0)".contains("none of 0 records can be trained on"), "\($0)") }
  }
}
