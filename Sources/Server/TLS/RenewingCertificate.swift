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
  private struct State {
    var identity: LocalAuthority.Identity
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
    state = Mutex(State(identity: try authority.identity(names: names, now: now), checkedAt: now))
  }

  /// The present certificate, renewed where that is due.
  var current: LocalAuthority.Identity {
    let now = clock()
    return state.withLock { state in
      guard now.timeIntervalSince(state.checkedAt) > RenewingCertificate.pause else { return state.identity }
      state.checkedAt = now
      do {
        state.identity = try authority.identity(names: names, now: now)
      } catch {
        // The old one holds for weeks yet, and the next hour brings another try.
        logger.error("certificate not renewed", metadata: ["error": "\(error)"])
      }
      return state.identity
    }
  }

  /// What a server needs to speak TLS: version 1.2 or later, and at each greeting the certificate of that moment.
  func configuration() throws -> TLSConfiguration {
    let first = try RenewingCertificate.sources(current)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: [first.certificate], privateKey: first.key)
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    configuration.sslContextCallback = { [self] _, promise in
      promise.completeWith(
        Result {
          let now = try RenewingCertificate.sources(current)
          var override = NIOSSLContextConfigurationOverride()
          override.certificateChain = [now.certificate]
          override.privateKey = now.key
          return override
        })
    }
    return configuration
  }

  private static func sources(
    _ identity: LocalAuthority.Identity
  ) throws -> (certificate: NIOSSLCertificateSource, key: NIOSSLPrivateKeySource) {
    let pem = Array(try identity.certificate.serializeAsPEM().pemString.utf8)
    let key = Array(identity.key.pemRepresentation.utf8)
    return (
      .certificate(try NIOSSLCertificate(bytes: pem, format: .pem)),
      .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
    )
  }
}
