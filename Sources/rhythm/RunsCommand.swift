import ArgumentParser
import Assignment
import Experiments
import Foundation

/// `rhythm runs`: what was trained so far.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "Compare the trainings so far.",
    discussion: """
      Every ./rhythm train is remembered, also one that was stopped after its first epoch: \
      .rhythmlab/UNIT/runs/RUN has its figures (run.json) and its best parameters \
      (parameters.safetensors). Only runs of one network on the same data can be compared; the best of \
      them has a star.
      """)

  @Argument(help: "Only runs of this network.")
  var network: String?

  @OptionGroup var unit: UnitOption

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      let unit = try copy.unit(unit)
      let chosen = try network.map { name in
        guard let network = unit.manifest.network(named: name) else {
          throw ValidationError(
            "there is no network \(name); choose from "
              + (unit.manifest.networks ?? []).map(\.name).joined(separator: ", ") + ".")
        }
        return network.name
      }
      let runs = KeptRun.all(in: copy.runs(unit.name)).filter {
        chosen == nil || $0.network == chosen
      }
      guard !runs.isEmpty else {
        return printLine(
          "no training of \(chosen ?? unit.name) is remembered yet; "
            + "./rhythm train \(chosen ?? "NETWORK") makes one")
      }
      printTable(KeptRun.table(runs))
      printLine("./rhythm plot training RUN draws the learning curves of one of them")
    }
  }
}

extension WorkingCopy {
  /// Where a unit's trainings are remembered.
  func runs(_ unit: String) -> String { state(unit) + "/runs" }
}
