/// Colours for a drawing that Graphviz laid out: those of the pages, light and dark.
enum WayStyle {
  /// The style sheet within the drawing. A picture knows whether its reader prefers dark.
  private static let sheet = """
    <style>
    text{fill:#2b2521;font-family:system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
    .node path,.node polygon{fill:#fffdf9;stroke:#665b52}
    .gift path,.gift polygon{stroke:#95391a;stroke-width:2}
    .good path,.good polygon{fill:#e6f2ea;stroke:#1f6446}
    .bad path,.bad polygon{fill:#fbe7e4;stroke:#9c1c1c}
    .rest path,.rest polygon{fill:#f8edd3;stroke-dasharray:4 3}
    .edge path{fill:none;stroke:#665b52}
    .edge polygon{fill:#665b52;stroke:#665b52}
    .edge text{fill:#665b52}
    @media (prefers-color-scheme:dark){
    text{fill:#efe8df}
    .node path,.node polygon{fill:#24201c;stroke:#b5a99c}
    .gift path,.gift polygon{stroke:#f0a583}
    .good path,.good polygon{fill:#1d3329;stroke:#8fd3b0}
    .bad path,.bad polygon{fill:#43211d;stroke:#ff9d92}
    .rest path,.rest polygon{fill:#3b3118}
    .edge path{fill:none;stroke:#b5a99c}
    .edge polygon{fill:#b5a99c;stroke:#b5a99c}
    .edge text{fill:#b5a99c}
    }
    </style>
    """

  /// What may not stand in a drawing: it only shows, and leads nowhere.
  private static let forbidden = ["<script", "<foreignObject", "<image", "<a ", "<use", "javascript:", " on"]

  /// A drawing without what stands before its first element, and with our colours; `nil` for what is none.
  static func dressed(_ svg: [UInt8]) -> [UInt8]? {
    let text = String(decoding: svg, as: UTF8.self)
    guard let start = text.firstRange(of: "<svg "), let end = text[start.upperBound...].firstIndex(of: ">"),
      text.hasSuffix("</svg>\n") || text.hasSuffix("</svg>")
    else { return nil }
    let body = text[start.lowerBound...]
    guard tags(of: body).allSatisfy({ tag in !forbidden.contains { tag.contains($0) } }) else { return nil }
    return Array((text[start.lowerBound...end] + "\n" + sheet + text[text.index(after: end)...]).utf8)
  }

  /// The tags of a drawing. What lies between them is text, in which a bracket is a reference.
  private static func tags(of svg: Substring) -> [String] {
    svg.split(separator: "<").map { "<" + $0.prefix { $0 != ">" } }
  }
}
