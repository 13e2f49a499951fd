import Crypto
import CryptoExtras
import FoundationEssentials

/// An Ed25519 key that signs tokens: the operator's, for people, or a service's, for itself.
public struct SigningKey: Sendable {
    let key: Curve25519.Signing.PrivateKey
    /// The key's thumbprint (RFC 7638).
    public let id: String

    private init(_ key: Curve25519.Signing.PrivateKey) {
        self.key = key
        let publicKey = Base64URL.encode(key.publicKey.rawRepresentation)
        let canonical = #"{"crv":"Ed25519","kty":"OKP","x":"\#(publicKey)"}"#
        id = Base64URL.encode(SHA256.hash(data: Data(canonical.utf8)))
    }

    /// The key in a PEM file.
    public init(pemFile path: String) throws {
        let pem = String(decoding: try LocalFile.read(path, atMost: 16_384), as: UTF8.self)
        guard let key = try? Curve25519.Signing.PrivateKey(pemRepresentation: pem) else {
            throw FileError(path, "is not an Ed25519 private key in PEM form")
        }
        self.init(key)
    }

    /// Reads the operator's key of a data folder, or makes one there: the private key for its owner's eyes only, and the key
    /// set with its public part.
    public static func findOrMake(_ identity: IdentityConfiguration) throws -> SigningKey {
        let isNew = FileStamp(path: identity.signingKeyFile) == nil
        let key = try findOrMake(inFile: identity.signingKeyFile)
        if isNew || FileStamp(path: identity.jwksFile) == nil { try key.publish(to: identity.jwksFile) }
        return key
    }

    /// Reads the key in a PEM file, or makes one there.
    static func findOrMake(inFile path: String) throws -> SigningKey {
        if FileStamp(path: path) != nil { return try SigningKey(pemFile: path) }
        let key = SigningKey.make()
        try key.write(to: path)
        return key
    }

    /// A new key by chance.
    static func make() -> SigningKey {
        SigningKey(Curve25519.Signing.PrivateKey())
    }

    /// A key for something else than signing, which only who has this one can know (HMAC, RFC 2104).
    ///
    /// - Returns: 32 bytes.
    package func derivedKey(for purpose: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(purpose.utf8), using: SymmetricKey(data: key.rawRepresentation)))
    }

    /// Writes the private key, for its owner's eyes only.
    func write(to path: String) throws {
        try LocalFile.makeFolder(LocalFile.folder(of: path), mode: 0o700)
        // The PEM form of a private key is the private key (PKCS #8).
        try LocalFile.write(Array(key.pemRepresentation.utf8), to: path, mode: 0o600)
    }

    /// The public part, of a service or of the operator.
    func publicKey(of service: String?) -> JSONWebKey {
        JSONWebKey(
            kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig", kid: id, x: Base64URL.encode(key.publicKey.rawRepresentation), y: nil,
            n: nil, e: nil, service: service)
    }

    /// The public part as a JSON Web Key Set.
    public var jwks: String {
        #"{"keys":[\#(publicJWK())]}"# + "\n"
    }

    /// The public part as a JSON Web Key (RFC 8037, 2), with further members where they are given.
    func publicJWK(beside members: String = "") -> String {
        let publicKey = Base64URL.encode(key.publicKey.rawRepresentation)
        return #"{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig",\#(members)"kid":"\#(id)","x":"\#(publicKey)"}"#
    }

    private func publish(to path: String) throws {
        try LocalFile.makeFolder(LocalFile.folder(of: path), mode: 0o755)
        try LocalFile.write(Array(jwks.utf8), to: path, mode: 0o644)
    }
}
