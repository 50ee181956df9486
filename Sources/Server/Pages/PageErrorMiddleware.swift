internal import HTTPTypes
public import Hummingbird

/// Shows a page instead of a problem document to who came with a browser and found nothing.
///
/// Programs get their problem document from what lies around this.
public struct PageErrorMiddleware<Context: RequestContext>: RouterMiddleware {
  private let pages: Pages

  init(_ pages: Pages) { self.pages = pages }

  /// Passes a request on, and turns an error into a page where the reader wants one.
  public func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as any HTTPResponseError where ErrorForm(for: request) == .page {
      return pages.errorPage(error.status, for: request)
    }
  }
}

extension Pages {
  /// What shows errors as pages; to be added inside whatever turns errors into problem documents.
  public func errors<Context: RequestContext>(_ context: Context.Type) -> PageErrorMiddleware<Context> {
    PageErrorMiddleware(self)
  }
}
