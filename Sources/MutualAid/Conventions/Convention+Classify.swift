extension Convention {
  /// The classes that a diagnosis may belong to, in the order of the convention: several where the codes overlap, and
  /// then the investigation finds which.
  ///
  /// - Parameters:
  ///   - code: a code of ICD-10, of a national edition too: `C50.9`, `I21.900x001`. A stem of it stands for all
  ///     its extensions.
  ///   - behaviour: the digit of ICD-O-3 after the stroke (`8140/3`: 3); `nil` where there is no morphology.
  public func classes(icd10 code: String, behaviour: UInt8? = nil) -> [DiseaseClass] {
    classes.filter { entry in
      guard entry.icd10.contains(where: { ICD10.contains(code, in: $0) }),
        !entry.except.contains(where: { ICD10.contains(code, in: $0) })
      else { return false }
      // Without a morphology only the codes speak; with one it decides.
      guard let behaviour, !entry.behaviours.isEmpty else { return true }
      return entry.behaviours.contains(behaviour)
    }
  }
}

extension ICD10 {
  /// Whether a code lies under a category, a subcategory or within a range of them.
  static func contains(_ code: String, in pattern: String) -> Bool {
    let code = Array(code.utf8)
    let parts = Array(pattern.utf8).split(separator: UInt8(ascii: "-")).map(Array.init)
    guard let first = parts.first, let last = parts.last else { return false }
    if parts.count == 1 { return isUnder(code, first) }
    let stem = Array(code.prefix(first.count))
    guard stem.count == first.count, isUnder(code, stem) else { return false }
    return !stem.lexicographicallyPrecedes(first) && !last.lexicographicallyPrecedes(stem)
  }

  /// A stem ends where the code does, at its point, or, below the point, anywhere.
  private static func isUnder(_ code: [UInt8], _ stem: [UInt8]) -> Bool {
    guard code.starts(with: stem) else { return false }
    return code.count == stem.count || stem.contains(UInt8(ascii: ".")) || code[stem.count] == UInt8(ascii: ".")
  }
}
