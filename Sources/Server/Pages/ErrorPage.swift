internal import Hummingbird

/// What a reader sees where there is no page.
struct ErrorPage: Page {
  static let template = "error"
  let section: Section? = nil
  let title: String
  let fields: PageFields

  init(_ error: PageError, _ texts: Texts) {
    let (heading, text) =
      switch error {
      case .notFound: ("error_not_found", "error_not_found_text")
      case .badRequest: ("error_bad_request", "error_bad_request_text")
      case .notReady: ("error_not_ready", "error_not_ready_text")
      case .lagging: ("error_not_ready", "lag")
      case .method: ("error_method", "error_method_text")
      case .failed: ("error_internal", "error_internal_text")
      }
    var said = texts.say(text)
    if case .lagging(let height, let newest) = error {
      said = texts.say("lag", ["height": Numbers.grouped(height), "newest": Numbers.grouped(newest)])
    }
    title = texts.say(heading)
    fields = ["error_text": said]
  }
}
