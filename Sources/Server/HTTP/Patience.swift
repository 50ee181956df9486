internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Ends a connection whose other side takes too long: with the rest of a request, or with reading the answer.
///
/// Idle connections and slow headers are ended by Hummingbird's own handler, which sees nothing of a request that
/// trickles in byte by byte, nor of a reader who stops reading.
final class Patience: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart

  private let request: TimeAmount
  private let stall: TimeAmount
  private var receiving: Scheduled<Void>?
  private var sending: Scheduled<Void>?
  /// - Parameters:
  ///   - request: how long a request may take to arrive, from its header to its end.
  ///   - stall: how long the other side may take nothing of an answer that waits for it.
  init(request: TimeAmount, stall: TimeAmount) {
    self.request = request
    self.stall = stall
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      receiving?.cancel()
      receiving = context.eventLoop.assumeIsolated().scheduleTask(in: request) { context.close(promise: nil) }
    case .body: break
    case .end:
      receiving?.cancel()
      receiving = nil
    }
    context.fireChannelRead(data)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    sending?.cancel()
    sending = nil
    if !context.channel.isWritable {
      sending = context.eventLoop.assumeIsolated().scheduleTask(in: stall) { context.close(promise: nil) }
    }
    context.fireChannelWritabilityChanged()
  }

  func channelInactive(context: ChannelHandlerContext) {
    cancel()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { cancel() }

  private func cancel() {
    receiving?.cancel()
    sending?.cancel()
    receiving = nil
    sending = nil
  }
}
