/// What a confined command sees of the system and may ask of the kernel, beside its own paths.
public enum SystemView: Sendable, Hashable {
  /// A program that a student's code is linked into.
  ///
  /// It sees the loader, the toolchain's runtime, the backtracer (in bubblewrap), and of the system
  /// the libraries that those need and that are named as `-l` names them: `openblas`. The few system
  /// calls of a computation are allowed, and nothing is writable.
  case program(libraries: [String])
  /// The compiler, from sources to objects: with headers, without what a linker needs.
  case compiler
  /// The linker, from objects to a program: without headers. Libraries are looked for as the flags
  /// say: `-lNAME`, `-LFOLDER`.
  case linker(flags: [String])
  /// What reads the symbols of objects.
  case symbols
  /// All of the system's programs and libraries; for commands of our own.
  case system

  /// The system's libraries that workers are linked with.
  public static let worker = SystemView.program(libraries: ["openblas"])

  /// Whether a student's code runs in it.
  var runsStudentCode: Bool {
    if case .program = self { true } else { false }
  }
}
