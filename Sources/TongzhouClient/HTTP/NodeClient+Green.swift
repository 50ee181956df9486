extension NodeClient {
  /// Credentials as an issuer gave them; whoever holds them checks each before it is kept.
  public struct IssuedCredentials: Decodable, Sendable {
    /// Who issued, by its own word.
    public let issuer: String
    /// Each with all its disclosures.
    public let credentials: [String]
  }

  /// Asks the issuer for credentials that a giver has signed for.
  ///
  /// Sent once: the issuer takes each one-time key once, so whoever did not get the answer makes new keys.
  ///
  /// - Throws: ``ClientError`` with the issuer's code.
  public func credentials(_ request: CredentialRequest) async throws -> IssuedCredentials {
    let path = "/v1/hearts/credentials"
    let bytes = try await transport.post(
      path, request.json(), type: "application/json", limit: 20 * 16_384 + 4096)
    let issued = try NodeClient.decode(IssuedCredentials.self, bytes, path)
    guard issued.credentials.count == request.holders.count else {
      throw ClientError(.badAnswer, "\(path): another number of credentials than was asked for")
    }
    return issued
  }

  /// A badge as an issuer gave it; whoever holds it checks it before it is kept.
  public struct IssuedBadge: Decodable, Sendable {
    /// Who issued, by its own word.
    public let issuer: String
    /// The badge, a JWT.
    public let badge: String
  }

  /// Asks the issuer for a badge that a giver has signed for.
  ///
  /// - Throws: ``ClientError`` with the issuer's code.
  public func badge(_ request: BadgeRequest) async throws -> IssuedBadge {
    let path = "/v1/hearts/badges"
    let bytes = try await transport.post(path, request.json(), type: "application/json", limit: 32_768)
    return try NodeClient.decode(IssuedBadge.self, bytes, path)
  }

  /// The issuer's keys as a file to pin. Nothing of it is checked: that is what pinning is for.
  public func issuerKeys() async throws -> [UInt8] { try await get("/v1/hearts/issuer-keys.json", limit: 65_536) }

  /// A signed status list, to be checked against the pinned keys.
  public func statusList(_ number: Int) async throws -> [UInt8] {
    try await get("/v1/hearts/status/\(number)", limit: 2 << 20)
  }
}
