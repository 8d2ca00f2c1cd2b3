/// A part of a page, under a heading of its own.
struct PageSection {
  /// The heading, which is ours.
  let title: String
  /// What is below it, as HTML.
  let body: String

  /// Where links lead: the heading's letters.
  private var anchor: String {
    title.lowercased().split { !$0.isLetter }.joined(separator: "-")
  }

  /// The sections with their headings.
  static func html(_ sections: [PageSection]) -> String {
    sections.map { section in
      "<section aria-labelledby=\"\(section.anchor)\">\n"
        + "<h2 id=\"\(section.anchor)\">\(HTML.escape(section.title))</h2>\n\(section.body)</section>\n"
    }.joined()
  }

  /// Links to the sections.
  static func contents(_ sections: [PageSection]) -> String {
    let links = sections.map { "<li><a href=\"#\($0.anchor)\">\(HTML.escape($0.title))</a></li>" }
    return "<nav aria-label=\"Sections\"><ul class=\"contents\">\(links.joined())</ul></nav>\n"
  }
}
