internal import Crypto
public import Foundation
public import Logging
internal import NIOCore
internal import NIOSSL
internal import SwiftASN1
internal import Synchronization
internal import X509

/// The server's certificate, made anew by the local authority before it ends, also while the server runs.
public final class RenewingCertificate: Sendable {
  /// A certificate with its key, also in the form that is shown at each greeting.
  private struct Shown {
    let identity: LocalAuthority.Identity
    let certificate: NIOSSLCertificateSource
    let key: NIOSSLPrivateKeySource

    init(_ identity: LocalAuthority.Identity) throws {
      self.identity = identity
      let pem = Array(try identity.certificate.serializeAsPEM().pemString.utf8)
      certificate = .certificate(try NIOSSLCertificate(bytes: pem, format: .pem))
      key = .privateKey(try NIOSSLPrivateKey(bytes: Array(identity.key.pemRepresentation.utf8), format: .pem))
    }
  }

  private struct State {
    var shown: Shown
    var checkedAt: Date
  }

  /// Seconds between two looks at the certificate's end.
  private static let pause = 3600.0

  private let authority: LocalAuthority
  private let names: [String]
  private let clock: @Sendable () -> Date
  private let logger: Logger
  private let state: Mutex<State>

  /// - Parameters:
  ///   - names: further host names and IP addresses of the server.
  ///   - clock: what time it is.
  /// - Throws: as ``LocalAuthority``.
  public init(
    _ authority: LocalAuthority, names: [String], logger: Logger, clock: @escaping @Sendable () -> Date = { Date() }
  ) throws {
    self.authority = authority
    self.names = names
    self.clock = clock
    self.logger = logger
    let now = clock()
    state = Mutex(State(shown: try Shown(authority.identity(names: names, now: now)), checkedAt: now))
  }

  /// The present certificate, renewed where that is due.
  var current: LocalAuthority.Identity { shown.identity }

  private var shown: Shown {
    let now = clock()
    return state.withLock { state in
      guard now.timeIntervalSince(state.checkedAt) > RenewingCertificate.pause else { return state.shown }
      state.checkedAt = now
      do {
        state.shown = try Shown(authority.identity(names: names, now: now))
      } catch {
        // The old one holds for weeks yet, and the next hour brings another try.
        logger.error("certificate not renewed", metadata: ["error": "\(error)"])
      }
      return state.shown
    }
  }

  /// What a server needs to speak TLS: version 1.2 or later, and at each greeting the certificate of that moment.
  func configuration() throws -> TLSConfiguration {
    let first = shown
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: [first.certificate], privateKey: first.key)
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    configuration.sslContextCallback = { [self] _, promise in
      let now = shown
      var override = NIOSSLContextConfigurationOverride()
      override.certificateChain = [now.certificate]
      override.privateKey = now.key
      promise.succeed(override)
    }
    return configuration
  }
}
