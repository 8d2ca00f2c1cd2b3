// swift-tools-version: 6.2
import Foundation
import PackageDescription

// MARK: - Settings

/// Ours: warnings are errors, and a file imports whatever it takes members from. A module is compiled
/// at once, which takes a fifth of the processor's time less than its files one by one; the system's modules
/// are in no index of ours. An expression of which the compiler finds the types in seconds is to be two: the
/// bound is far above what a slow machine needs for the others.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error), .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags([
    "-wmo", "-num-threads", "2", "-disable-batch-mode", "-index-ignore-system-modules",
    "-Xfrontend", "-warn-long-function-bodies=8000",
  ]),
]
/// Loops over elements stay fast in `swift test`'s debug build, which would otherwise be fifty
/// times slower. Of what debuggers read there are lines, which crashes name; to describe variables that
/// are optimised away takes the compiler up to a tenth of its time.
let optimised: [SwiftSetting] =
  strict + [.unsafeFlags(["-O", "-Xfrontend", "-gline-tables-only"])]
/// What watches running programs: fast where whole classes are graded. A self-check asks so little of it that
/// compiling it so would take longer.
let watching: [SwiftSetting] =
  strict
  // BEGIN INSTRUCTOR: grading
  + [.unsafeFlags(["-O", "-Xfrontend", "-gline-tables-only"])]
// END INSTRUCTOR
/// The same for C; `-fno-math-errno` and contraction let the compiler vectorise, and unlike
/// `-ffast-math` they keep NaN, infinity and the order of sums.
let kernels: [CSetting] = [
  .unsafeFlags(["-O3", "-fno-math-errno", "-ffp-contract=fast", "-Wall", "-Wextra", "-Werror"])
]

// MARK: - Units

/// The units of the course. A student's copy keeps the line of its own.
let units = [
  "AttentionMaps",  // UNIT AttentionMaps
  "ContrastiveECG",  // UNIT ContrastiveECG
  "HeartbeatTransformer",  // UNIT HeartbeatTransformer
  "ModelSelection",  // UNIT ModelSelection
  "RecurrentNetworks",  // UNIT RecurrentNetworks
]

/// What a student's module may import, and the parts of the core that only some of its files may.
let student: [Target.Dependency] = [
  "Coursework", "Examples", "NeuralNetworks", "TensorCore", "RecurrentLayers",
]
/// What a unit's checks are written with.
let judge: [Target.Dependency] = [
  "Assignment", "Recordings", "Examples", "Judge", "Metrics", "NeuralNetworks", "RecurrentLayers",
  "Signals", "TensorCore",
  "WorkerPipe", "Workers",
]

/// The units' checks.
let checks: [Target.Dependency] = units.map { .target(name: "\($0)Checks") }

// BEGIN INSTRUCTOR: what tests compare with
/// The units' reference workers.
let references: [Target.Dependency] = units.map { .target(name: "\($0)Reference") }
// END INSTRUCTOR

/// Those of the paths that are there: a unit need not have all.
func present(_ paths: [String], in folder: String) -> [String] {
  paths.filter {
    FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(folder)/\($0)")
  }
}

/// The units whose stubs are built. `./rhythm test UNIT` names one, so that a stub that does not compile
/// stops the tests of its own unit and no other's.
let studied = Context.environment["RHYTHMLAB_UNIT"].map { [$0] } ?? units

/// The targets of a unit.
func targets(ofUnit unit: String) -> [Target] {
  // the worker that the judge compares with; a student's copy has recorded answers instead
  let reference: [Target] = [
    // BEGIN INSTRUCTOR: a student's copy has no Solutions
    .executableTarget(
      name: "\(unit)Reference", dependencies: student, path: "Solutions/\(unit)",
      swiftSettings: strict)
    // END INSTRUCTOR
  ]
  let documents = [
    "assignment.yml", "Instructions.md", "ANSWERS.md", "Swift.md", "Pictures",
  ]
  let checks = Target.target(
    name: "\(unit)Checks", dependencies: judge, path: "Grader/Units/\(unit)",
    // BEGIN INSTRUCTOR: the proof of the checks
    exclude: present(["StandIns", "Mistakes", "class.yml"], in: "Grader/Units/\(unit)"),
    // END INSTRUCTOR
    swiftSettings: strict)
  guard !units.contains(unit) || studied.contains(unit) else { return reference + [checks] }
  return reference + [
    checks,
    // the students' worker
    .executableTarget(
      name: unit, dependencies: student, path: "Assignments/\(unit)",
      exclude: present(documents, in: "Assignments/\(unit)")),
    // links to the checks, since XCTest finds tests only in test targets
    .testTarget(
      name: "\(unit)SelfCheck",
      dependencies: judge + [.target(name: unit)] + reference.map { .target(name: $0.name) },
      path: "Tests/SelfCheck/\(unit)", swiftSettings: strict),
  ]
}

let package = Package(
  name: "RhythmLab",
  products: [
    .executable(name: "rhythm", targets: ["rhythm"]),
    // What a student's module is linked with when a submission is built on its own, and the parts of
    // the core that are linked only into programs of files that may use them.
    .library(name: "RhythmCore", type: .static, targets: ["Coursework"]),
    .library(name: "RecurrentLayers", type: .static, targets: ["RecurrentLayers"]),
  ],
  dependencies: [
    // BEGIN INSTRUCTOR: the gradebook
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // END INSTRUCTOR
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/onevcat/Rainbow", from: "4.2.2"),
  ],
  targets: [
    // MARK: - System libraries
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"])]),

    .systemLibrary(
      name: "CMatio", pkgConfig: "matio", providers: [.apt(["libmatio-dev"])]),
    // what libmatio is built on: its headers come with libmatio's
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CArchive", pkgConfig: "libarchive",
      providers: [.apt(["libarchive-dev"])]),

    // MARK: - The core
    .target(name: "CKernels", dependencies: ["COpenBLAS"], cSettings: kernels),
    .target(
      name: "TensorCore", dependencies: ["CKernels"],
      exclude: present(["README.md"], in: "Sources/TensorCore"), swiftSettings: optimised),
    .target(name: "Examples", dependencies: ["TensorCore"], swiftSettings: optimised),
    .target(
      name: "NeuralNetworks", dependencies: ["Examples", "TensorCore"], swiftSettings: optimised),
    .target(
      name: "CRecurrentKernels", dependencies: ["CKernels"],
      // the tiles and the exponential function are the kernels' own, not part of their interface
      cSettings: kernels + [.headerSearchPath("../CKernels")]),
    .target(
      name: "RecurrentLayers", dependencies: ["CRecurrentKernels", "NeuralNetworks", "TensorCore"],
      swiftSettings: optimised),
    .target(
      name: "Optimisation", dependencies: ["CKernels", "TensorCore", "NeuralNetworks"],
      swiftSettings: optimised),
    .target(name: "Metrics", swiftSettings: optimised),
    .target(
      name: "Training",
      dependencies: ["Examples", "Metrics", "NeuralNetworks", "Optimisation", "TensorCore"],
      swiftSettings: optimised),
    .target(name: "WorkerPipe", dependencies: ["Examples", "Training"], swiftSettings: optimised),
    .target(
      name: "Coursework",
      dependencies: ["Examples", "NeuralNetworks", "TensorCore", "Training", "WorkerPipe"],
      swiftSettings: optimised),

    // MARK: - Files and recordings
    .target(name: "Files", swiftSettings: optimised),
    .target(name: "Archives", dependencies: ["CArchive"], swiftSettings: strict),
    // tables as text: what platforms deliver, what PhysioNet publishes
    .target(name: "CSV", swiftSettings: strict),
    // what is done with each sample, each beat and each byte of recordings: the rest is as fast without
    // optimisation
    .target(
      name: "Signals", dependencies: ["CMatio", "TensorCore"], path: "Sources/Recordings/Signals",
      swiftSettings: optimised),
    .target(
      name: "Recordings",
      dependencies: [
        "Archives", "CMatio", "CSV", "CZlib", "Examples", "Files", "Signals", "TensorCore",
      ],
      exclude: ["Signals"],
      // what an encoder made of the names of diagnoses
      resources: [.copy("TwelveLeads/Texts")], swiftSettings: strict),

    .target(
      name: "Plots", dependencies: ["Files", "Metrics", "Recordings", "Signals"],
      swiftSettings: strict),
    .target(name: "Downloads", dependencies: ["Files"], swiftSettings: strict),
    .target(
      name: "Experiments",
      dependencies: [
        "Assignment", "Examples", "Files", "Metrics", "TensorCore", "Training", "WorkerPipe",
        "Workers",
      ], swiftSettings: strict),

    // runs kept as MLflow keeps them
    .target(
      name: "Tracking", dependencies: ["Files", .product(name: "Yams", package: "Yams")],
      swiftSettings: strict),
    // searches for what a network is best trained with
    .target(
      name: "Search",
      dependencies: [
        "Assignment", "Examples", "Experiments", "Files", "Metrics", "TensorCore", "Training",
        "WorkerPipe", "Workers",
      ], swiftSettings: strict),

    // MARK: - The grader
    .target(name: "CSpawn", path: "Grader/CSpawn"),
    // BEGIN INSTRUCTOR: students run their own code only
    .executableTarget(
      name: "confine", path: "Grader/Confine",
      cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])],
      // It starts where the toolchain may not be visible: Swift's libraries are no use to it.
      linkerSettings: [.unsafeFlags(["-static-stdlib"])]),
    // END INSTRUCTOR
    // what the watcher of a running program looks at again and again
    .target(
      name: "ResourceUsage", path: "Grader/Sandbox/ResourceUsage", swiftSettings: watching),
    .target(
      name: "Sandbox", dependencies: ["CSpawn", "ResourceUsage"], path: "Grader/Sandbox",
      exclude: ["ResourceUsage"], swiftSettings: strict),
    .target(
      name: "Assignment",
      dependencies: ["Metrics", "Sandbox", .product(name: "Yams", package: "Yams")],
      path: "Grader/Assignment", swiftSettings: strict),
    .target(
      name: "Building",
      dependencies: ["Assignment", "Files", "Sandbox"],
      path: "Grader/Building", swiftSettings: strict),
    .target(
      name: "Workers",
      dependencies: ["Assignment", "Examples", "Sandbox", "TensorCore", "Training", "WorkerPipe"],
      path: "Grader/Workers", swiftSettings: optimised),
    // what the judge does with each number of a tensor: the rest of it is as fast without optimisation, and
    // compiled in a quarter of the time
    .target(
      name: "JudgedNumbers", dependencies: ["WorkerPipe"], path: "Grader/Judge/JudgedNumbers",
      swiftSettings: optimised),
    .target(
      name: "Judge",
      dependencies: [
        "Archives", "Assignment", "Building", "JudgedNumbers", "Examples", "Files", "Metrics",
        "Sandbox",
        "TensorCore", "Training", "WorkerPipe", "Workers",
      ],
      path: "Grader/Judge", exclude: ["JudgedNumbers"], swiftSettings: strict),

    .target(
      name: "Units", dependencies: ["Judge"] + checks,
      path: "Grader/Units", exclude: units, sources: ["Registry.swift"], swiftSettings: strict),

    // BEGIN INSTRUCTOR: what learning platforms deliver
    .target(
      name: "People", dependencies: ["CSV"], path: "Grader/People", swiftSettings: strict),
    .target(
      name: "Intake",
      dependencies: [
        "Archives", "Assignment", "CSV", "People", "Sandbox",
        .product(name: "Yams", package: "Yams"),
      ],
      path: "Grader/Intake", swiftSettings: strict),
    .target(
      name: "Gradebook",
      dependencies: ["Assignment", "People", .product(name: "GRDB", package: "GRDB.swift")],
      path: "Grader/Gradebook", swiftSettings: strict),
    // END INSTRUCTOR
    // BEGIN INSTRUCTOR: grading a class
    .target(
      name: "Publication",
      dependencies: ["Assignment", "CSV", "Files", "Intake", "People"],
      path: "Grader/Publication", swiftSettings: strict),
    .target(
      name: "Grading",
      dependencies: [
        "Assignment", "Building", "Files", "Gradebook", "Intake", "Judge", "Publication", "Sandbox",
        "CSV", "People", "Workers", .product(name: "Yams", package: "Yams"),
      ],
      path: "Grader/Grading", swiftSettings: strict),
    // END INSTRUCTOR
    // BEGIN INSTRUCTOR: reports, written answers and tables for learning platforms
    .target(
      name: "Reports",
      dependencies: [
        "Assignment", "Files", "Gradebook", "Publication", "Intake", "Metrics", "People", "CSV",
      ],
      path: "Grader/Reports", swiftSettings: strict),
    .target(
      name: "Exports",
      dependencies: [
        "Assignment", "Gradebook", "People", "Publication", "Intake", "Reports", "CSV",
      ],
      path: "Grader/Exports",
      swiftSettings: strict),
    // END INSTRUCTOR
    // BEGIN INSTRUCTOR: the proof of the checks
    .target(
      name: "Proof",
      dependencies: [
        "Assignment", "Files", "NeuralNetworks", "TensorCore",
        .product(name: "Yams", package: "Yams"),
      ],
      path: "Grader/Proof", swiftSettings: strict),
    // END INSTRUCTOR
    // BEGIN INSTRUCTOR: students' copies are made by the course
    .target(
      name: "Release", dependencies: ["Files"], path: "Grader/Release",
      exclude: ["Student", "NewUnit"], swiftSettings: strict),
    // END INSTRUCTOR

    // MARK: - The tool
    .executableTarget(
      name: "rhythm",
      dependencies: [
        // BEGIN INSTRUCTOR: grading
        "Exports", "Gradebook", "Grading", "Intake", "People", "Proof", "Publication", "Release",
        "Reports", "CSV",
        // END INSTRUCTOR
        "Assignment", "Building", "Downloads", "Examples", "Experiments", "Files", "Judge",
        "Metrics", "NeuralNetworks", "Plots", "Recordings", "Sandbox", "Signals",
        "Search", "TensorCore",
        "Tracking", "Training", "Units", "WorkerPipe", "Workers",
        .product(name: "ArgumentParser", package: "swift-argument-parser"), "Rainbow",
      ],
      swiftSettings: strict),

    // MARK: - Tests
    // BEGIN INSTRUCTOR: tests of the course itself
    .testTarget(
      name: "MetricsTests", dependencies: ["Metrics", "TestSupport"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "WorkerPipeTests", dependencies: ["Examples", "TensorCore", "Training", "WorkerPipe"],
      swiftSettings: strict),
    .testTarget(
      name: "CourseworkTests",
      dependencies: [
        "Coursework", "Examples", "NeuralNetworks", "TensorCore", "Training", "WorkerPipe",
      ],
      swiftSettings: strict),
    // calls of the core that nobody in his senses makes, each of which must end in a sentence
    .executableTarget(
      name: "AbsurdCalls",
      dependencies: [
        "Examples", "Metrics", "NeuralNetworks", "Optimisation", "RecurrentLayers", "TensorCore",
        "Training",
      ],
      path: "Tests/AbsurdCalls", swiftSettings: strict),
    .testTarget(
      name: "AbsurdCallTests", dependencies: ["AbsurdCalls", "TestSupport"], swiftSettings: strict),
    // what must hold of each reader of others' bytes, for the fuzzer and the test of its corpus
    .target(
      name: "ReaderProbes",
      dependencies: [
        "Archives", "Assignment", "CSV", "CZlib", "Intake", "People", "Recordings", "Reports",
        "Signals", "TensorCore", "WorkerPipe",
      ],
      path: "Tests/ReaderProbes", swiftSettings: strict),
    .testTarget(
      name: "FuzzCorpusTests", dependencies: ["ReaderProbes", "TensorCore", "TestSupport"],
      swiftSettings: strict),
    // functions that draw, for tests of what holds for every unit
    .executableTarget(
      name: "SamplerWorker", dependencies: ["Coursework", "NeuralNetworks", "TensorCore"],
      path: "Tests/SamplerWorker", swiftSettings: strict),
    // a course of one small unit, which stands in for every unit where a test is about the system
    .executableTarget(
      name: "ToyReference", dependencies: ["Coursework", "NeuralNetworks", "TensorCore"],
      path: "Tests/ToyCourse/Solutions/Toy", swiftSettings: strict),
    .target(
      name: "ToyChecks", dependencies: ["Examples", "Judge", "TensorCore", "WorkerPipe"],
      path: "Tests/ToyCourse/Grader/Units/Toy", exclude: ["Mistakes", "class.yml"],
      swiftSettings: strict),
    .executableTarget(
      name: "ToyJudge", dependencies: ["Judge", "ToyChecks"], path: "Tests/ToyJudge",
      swiftSettings: strict),
    // a course of one unit that is searched in: its network, steps of a preparation, a proposal
    .executableTarget(
      name: "StudyReference", dependencies: ["Coursework", "NeuralNetworks", "TensorCore"],
      path: "Tests/StudyCourse/Solutions/Study", swiftSettings: strict),
    .testTarget(
      name: "SearchTests",
      dependencies: [
        "Assignment", "Examples", "Experiments", "Files", "Judge", "Metrics", "Recordings",
        "Sandbox", "Search", "rhythm", "StudyReference", "Tracking", "TensorCore", "TestSupport",
        "Training",
        "WorkerPipe",
        "Workers",
      ],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "TrackingTests", dependencies: ["TestSupport", "Tracking"], swiftSettings: strict),
    .testTarget(
      name: "SubjectTests",
      dependencies: [
        "Assignment", "Building", "Examples", "Judge", "SamplerWorker", "Sandbox", "TensorCore",
        "TestSupport", "ToyChecks", "ToyReference", "WorkerPipe", "Workers", "rhythm",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "JudgeTests",
      dependencies: [
        "Archives", "Assignment", "JudgedNumbers", "Recordings", "Examples", "Files", "Judge",
        "Sandbox", "TensorCore", "TestSupport", "Training", "WorkerPipe", "Workers",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SandboxTests", dependencies: ["ResourceUsage", "Sandbox", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "CourseTests",
      dependencies: [
        "Assignment", "Building", "Examples", "Experiments", "Grading", "Judge", "JudgedNumbers",
        "Metrics",
        "NeuralNetworks",
        "Proof",
        "Recordings",
        "Release",
        "Sandbox", "Search", "TensorCore", "TestSupport", "ToyChecks", "Training",
        "Units",
        "WorkerPipe", "Workers", "rhythm",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ] + checks + references,
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "GradingTests",
      dependencies: [
        "Assignment", "Building", "Files", "Gradebook", "Grading", "Intake", "People",
        "Publication",
        "Judge", "Reports",
        "Sandbox", "TestSupport", "rhythm",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CSVTests", dependencies: ["CSV", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "PeopleTests", dependencies: ["CSV", "People"], swiftSettings: strict),
    .testTarget(
      name: "MistakesTests",
      dependencies: [
        "Assignment", "Workers",
        "Judge", "Proof", "Sandbox",
        "TestSupport", "Units", "rhythm", .product(name: "Yams", package: "Yams"),
      ] + checks + references,
      swiftSettings: strict),
    .testTarget(
      name: "GradebookTests",
      dependencies: [
        "Assignment", "Gradebook", "Judge", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "IntakeTests",
      dependencies: [
        "Archives", "Assignment", "CArchive", "Intake", "People", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Assignment", "Gradebook", "Grading", "Intake", "People", "Publication", "Metrics",
        "Reports",
        "CSV", "TestSupport", "WorkerPipe",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ExportsTests",
      dependencies: [
        "Assignment", "Exports", "Gradebook", "Grading", "Intake", "People", "Publication",
        "Reports",
        "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "AttackTests",
      dependencies: [
        "Assignment", "Building", "Recordings", "Examples", "Gradebook", "Grading", "Intake",
        "Judge", "ToyChecks",
        "ToyReference", "People", "Publication", "Reports", "rhythm", "Sandbox", "TensorCore",
        "TestSupport",
        "WorkerPipe",
        "Workers",
      ] + checks + references,
      exclude: ["Attacks"], swiftSettings: strict),
    .testTarget(
      name: "DownloadsTests", dependencies: ["Downloads", "Recordings", "TestSupport", "rhythm"],
      swiftSettings: strict),
    // the entry script, with a Swift that builds nothing
    .testTarget(name: "SetupTests", dependencies: ["TestSupport"], swiftSettings: strict),
    .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "ArchivesTests", dependencies: ["Archives", "CArchive"], swiftSettings: strict),
    .testTarget(
      name: "ExamplesTests", dependencies: ["Examples", "TensorCore"], swiftSettings: strict),
    .testTarget(
      name: "RecordingsTests",
      dependencies: [
        "Archives", "Examples", "Recordings", "Signals", "TensorCore", "TestSupport", "rhythm",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),

    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Assignment", "Examples", "Experiments", "Files", "Metrics", "Sandbox", "TensorCore",
        "TestSupport", "ToyReference", "Training", "WorkerPipe", "Workers",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PlotsTests",
      dependencies: [
        "Examples", "Experiments", "Files", "Metrics", "Plots", "Recordings", "rhythm", "Signals",
        "TensorCore",
        "TestSupport", "WorkerPipe",
      ],
      swiftSettings: strict),

    // speed beside other libraries; see Benchmarks/compare-operations
    .executableTarget(
      name: "OperationBench",
      dependencies: [
        "COpenBLAS", "NeuralNetworks", "Optimisation", "RecurrentLayers", "TensorCore",
      ],
      path: "Benchmarks/Operations", swiftSettings: optimised),

    // MARK: - Tests of the core; fixtures are read from the source tree, so they are no resources
    .target(
      name: "TestSupport", dependencies: ["TensorCore"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(
      name: "TensorCoreTests",
      dependencies: ["CKernels", "RecurrentLayers", "TensorCore", "TestSupport"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "NeuralNetworksTests",
      dependencies: [
        "NeuralNetworks", "Optimisation", "RecurrentLayers", "TensorCore", "TestSupport",
      ],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "OptimisationTests",
      dependencies: ["CKernels", "NeuralNetworks", "Optimisation", "TensorCore", "TestSupport"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Examples", "Metrics", "NeuralNetworks", "Optimisation",
        "TensorCore", "TestSupport", "Training", "WorkerPipe",
      ] + references,
      swiftSettings: strict),
    // END INSTRUCTOR
  ],
  swiftLanguageModes: [.v6]
)

package.targets += units.flatMap(targets(ofUnit:))

// BEGIN INSTRUCTOR: tests of the core alone
/// The core and its tests: what the sanitizer looks at. (The packages that the rest is built on
/// stay declared: without any, SwiftPM forgets which versions were chosen.)
let core: Set<String> = [
  "COpenBLAS", "CKernels", "TensorCore", "Examples", "NeuralNetworks", "CRecurrentKernels",
  "RecurrentLayers", "Optimisation", "Metrics", "Training", "WorkerPipe", "Coursework",
  "TestSupport", "OperationBench",
  "TensorCoreTests", "ExamplesTests", "NeuralNetworksTests", "OptimisationTests", "MetricsTests",
  "TrainingTests", "WorkerPipeTests", "CourseworkTests",
]
if Context.environment["RHYTHMLAB_PART"] == "core" {
  package.targets.removeAll { !core.contains($0.name) && !$0.name.hasSuffix("Reference") }
  package.products = []
}

/// The readers and their fuzzer, which links with `--sanitize fuzzer` alone: see Tests/Fuzz/run.
if Context.environment["RHYTHMLAB_PART"] == "fuzz" {
  package.targets.append(
    .executableTarget(
      name: "ReaderFuzzer", dependencies: ["ReaderProbes"], path: "Tests/Fuzz",
      exclude: ["Corpus", "corpus.py", "run"],
      // its main is libFuzzer's
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
  let readers: Set<String> = [
    "COpenBLAS", "CMatio", "CZlib", "CArchive", "CKernels", "TensorCore", "Examples",
    "NeuralNetworks", "Optimisation", "Metrics", "Training", "WorkerPipe", "Archives", "Files",
    "Signals", "Recordings",
    "CSpawn", "ResourceUsage", "Sandbox", "Assignment", "CSV", "People", "Intake", "Reports",
    "ReaderProbes",
    "ReaderFuzzer",
  ]
  package.targets.removeAll { !readers.contains($0.name) }
  // of the reports what reads: the others write, and take a database along
  for reports in package.targets where reports.name == "Reports" {
    reports.dependencies = ["CSV"]
    reports.sources = [
      "AnswerMarker.swift", "AnswerSheet.swift", "PictureLinks.swift", "SheetReader.swift",
    ]
  }
  package.products = []
}
// END INSTRUCTOR
