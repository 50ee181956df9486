internal import Foundation

/// Files and connections that this process may have open.
enum OpenFiles {
  /// Raises the limit to a number, or as far as the system allows: the usual 1,024 are fewer than a server's
  /// connections. Never lowers it.
  ///
  /// - Returns: the limit then.
  static func raiseLimit(to wanted: Int) -> Int {
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(kind, &limit) == 0 else { return 0 }
    if limit.rlim_cur < rlim_t(wanted) {
      let before = limit.rlim_cur
      limit.rlim_cur = min(rlim_t(wanted), limit.rlim_max)
      if setrlimit(kind, &limit) != 0 { limit.rlim_cur = before }
    }
    return Int(clamping: limit.rlim_cur)
  }
}
