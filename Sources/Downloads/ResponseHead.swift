/// Status and fields of a server's answer, as curl writes them down.
struct ResponseHead: Sendable {
  let status: Int
  private var fields: [String: String] = [:]

  /// The last answer in a text of several: redirections and proxies leave theirs before it.
  init?(_ text: String) {
    var status: Int?
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("HTTP/") {
        let words = line.split(separator: " ")
        status = words.count > 1 ? Int(words[1]) : nil
        fields = [:]
      } else if let colon = line.firstIndex(of: ":") {
        let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        fields[line[..<colon].lowercased()] = String(value)
      }
    }
    guard let status else { return nil }
    self.status = status
  }

  /// The bytes of the body, where the server says.
  var length: Int? { fields["content-length"].flatMap { Int($0) } }

  /// What kind of file it is, without parameters: `text/html`.
  var type: String? {
    fields["content-type"]?.split(separator: ";").first?.lowercased()
  }

  /// What `If-Range` may be asked with (RFC 9110, section 13.1.5): a strong tag, else a date.
  var validator: String? {
    if let tag = fields["etag"], !tag.hasPrefix("W/") { return tag }
    return fields["last-modified"]
  }

  /// Where the body of a 206 begins in the file, and how long the whole file is.
  var range: (start: Int, total: Int?)? {
    // bytes 500-999/1000, or /* where the length is not known
    guard let text = fields["content-range"], text.lowercased().hasPrefix("bytes ") else {
      return nil
    }
    let parts = text.dropFirst(6).split(separator: "/")
    guard parts.count == 2, let start = parts[0].split(separator: "-").first.flatMap({ Int($0) })
    else { return nil }
    return (start, Int(parts[1]))
  }
}
