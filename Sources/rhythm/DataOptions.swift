import ArgumentParser
import Assignment
import Recordings

/// Which recordings, and what is chosen in the steps from them to examples.
struct DataOptions: ParsableArguments {
  @Option(help: "A store, an archive or a folder; by default the local store, else synthetic data.")
  var data: String?

  @OptionGroup var settings: SettingOptions

  /// What `--set` chooses of the data, and the manifest with what it chooses of the training of a network.
  ///
  /// - Throws: a sentence with all names where neither has such a name, or a value is none.
  func parted(
    _ manifest: AssignmentManifest, for network: String
  ) throws -> (data: [String: String], manifest: AssignmentManifest) {
    let names = try DataKinds.named(manifest.dataSelection().kind).settings.map(\.name)
    let data = settings.chosen.filter { names.contains($0.key) }
    let training = settings.chosen.filter { data[$0.key] == nil }
    do {
      return (data, try manifest.choosing(training, for: network))
    } catch {
      throw ManifestError(
        description: "--set: \(error); and of the steps from recordings to examples "
          + names.joined(separator: ", "))
    }
  }
}

/// `--set option=value`.
struct SettingOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A choice in the steps from recordings to examples, such as window=64 (repeatable; "
        + "./rhythm data kinds lists them), or of a training, such as optimiser=sgd, momentum=0.9 or a "
        + "size of the network.", valueName: "option=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp(
      "A .npy table of texts by another encoder, in place of the course's: short for --set texts=FILE.",
      valueName: "file"))
  var texts: String?

  func validate() throws {
    for choice in set where choice.firstIndex(of: "=") ?? choice.startIndex == choice.startIndex {
      throw ValidationError("--set is \(choice); give a name and a value, such as window=64.")
    }
  }

  /// The values by name; of two for one name the last.
  var chosen: [String: String] {
    Dictionary(
      set.map { choice in
        let name = choice.prefix { $0 != "=" }
        return (String(name), String(choice.dropFirst(name.count + 1)))
      } + (texts.map { [("texts", $0)] } ?? []), uniquingKeysWith: { $1 })
  }
}

/// `--kind`, for commands that are about data and may be about no unit.
struct KindOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The kind of data (default: the first unit's); ./rhythm data kinds lists them.",
      valueName: "name"))
  var kind: String?

  @Option(
    help: ArgumentHelp("The unit whose kind it is, in place of --kind.", valueName: "unit"))
  var unit: String?

  /// The kind.
  ///
  /// - Throws: `DataSettingError` with the names of all; a sentence where there is no such unit, or it has no data.
  func chosen() throws -> any DataKind {
    guard kind == nil, let unit else {
      return try DataKinds.named(kind ?? Self.usual(in: try? WorkingCopy.find()))
    }
    var option = UnitOption()
    option.name = unit
    try option.validate()
    return try DataKinds.named(WorkingCopy.find().unit(option).manifest.dataSelection().kind)
  }

  /// That of the first unit in the working copy: in a student's, of the only one.
  static func usual(in copy: WorkingCopy?) -> String {
    let units = (try? copy?.taughtUnits(named: nil)) ?? []
    return units.lazy.compactMap { $0.manifest.data?.kind }.first ?? DataKinds.all[0].name
  }
}

/// A kind of data with the settings of a unit and of a command.
struct UnitData {
  let kind: any DataKind
  private let unit: [String: String]
  private let chosen: [String: String]

  /// The unit's settings, and a command's in place of some.
  var settings: [String: String] { unit.merging(chosen) { $1 } }

  /// The data of a unit.
  ///
  /// - Parameter chosen: settings in place of the unit's.
  /// - Throws: a sentence where its networks learn from nothing; `DataSettingError` where there is no
  ///   such kind, or a setting cannot be.
  init(of manifest: AssignmentManifest, chosen: [String: String] = [:]) throws {
    let selection = try manifest.dataSelection()
    kind = try DataKinds.named(selection.kind)
    unit = selection.settings ?? [:]
    self.chosen = chosen
    try kind.check(settings)
  }

  /// The source that a path names.
  func find(_ path: String?) throws -> RecordingSource {
    try kind.find(path, localStore: RecordingStore.folderName)
  }

  /// Reads and prepares, with a progress line, and names what was left out.
  func prepared(from source: RecordingSource) throws -> PreparedData { try reading(source)([:]) }

  /// Reads once, with a progress line, and names what was left out.
  ///
  /// - Returns: what makes examples, with settings in place of the unit's; those of the command are kept.
  func reading(
    _ source: RecordingSource
  ) throws -> (_ settings: [String: String]) throws -> PreparedData {
    try reading(source, kind)
  }

  private func reading(
    _ source: RecordingSource, _ kind: some DataKind
  ) throws -> (_ settings: [String: String]) throws -> PreparedData {
    let line = ProgressLine("reading")
    defer { line.clear() }
    let recordings = try kind.load(source, strict: false, progress: line.show)
    line.clear()
    printSkipped(recordings.skipped, of: recordings.count)
    return { [unit, chosen] other in
      try kind.prepare(recordings, unit.merging(other) { $1 }.merging(chosen) { $1 })
    }
  }
}
