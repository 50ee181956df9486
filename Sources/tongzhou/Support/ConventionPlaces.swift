internal import Foundation
internal import MutualAid
internal import TongzhouClient

/// Where the project's own conventions are looked for.
enum ConventionPlaces {
  /// A convention from the directory given, else from the current one or beside the checkout the program was built in.
  static func convention(_ name: String, in directory: String?) throws -> Convention {
    try ConventionFile(path: path(name, in: directory)).convention
  }

  /// The file of a convention, found in the same way.
  static func path(_ name: String, in directory: String?) -> String {
    var places = [directory ?? "Conventions"]
    if directory == nil, let program = Bundle.main.executablePath {
      let checkout = URL(fileURLWithPath: program).resolvingSymlinksInPath().deletingLastPathComponent()
      places.append(checkout.appendingPathComponent("../../../Conventions").standardized.path)
      places.append(checkout.appendingPathComponent("../../Conventions").standardized.path)
    }
    let found = places.first { FileManager.default.fileExists(atPath: $0 + "/" + name) }
    return (found ?? places[0]) + "/" + name
  }
}
