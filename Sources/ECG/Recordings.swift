/// Which version of the Challenge 2017 labels a set carries.
public enum LabelRevision: String, Sendable {
  /// The labels of the challenge's start.
  case original
  /// Revision 2, whose counts the course prints.
  case revision2 = "revision 2"
  /// Revision 3, the last.
  case revision3 = "revision 3"
  /// Any other set.
  case unknown
}

/// A set of recordings in a fixed order, and where it came from.
public struct Recordings: RandomAccessCollection, Sendable {
  /// The recordings in the order of the label file.
  public let all: [Recording]
  /// Where the recordings came from, for people: a path, or that they are synthetic.
  public let source: String

  /// A set of recordings; `source` says to people where they came from.
  public init(_ all: [Recording], source: String) {
    self.all = all
    self.source = source
  }

  /// The first index.
  public var startIndex: Int { all.startIndex }
  /// The index after the last.
  public var endIndex: Int { all.endIndex }
  /// The recording at an index.
  public subscript(position: Int) -> Recording { all[position] }

  /// The course's choice: normal and fibrillating, of at least `minimumLength` samples.
  public func courseSelection(minimumLength: Int = 4000) -> [Recording] {
    all.filter { $0.label.courseClass != nil && $0.samples.count >= minimumLength }
  }

  /// The revision of the labels, told by the number of N and A recordings of at least 4000 samples
  /// (5622, 5669 or 5726 for the whole public set of 8528).
  public var labelRevision: LabelRevision {
    guard all.count == 8528 else { return .unknown }
    switch courseSelection().count {
    case 5622: return .revision2
    case 5669: return .revision3
    case 5726: return .original
    default: return .unknown
    }
  }
}
