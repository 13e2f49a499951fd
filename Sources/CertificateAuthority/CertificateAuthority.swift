import Crypto
import FoundationEssentials
public import Vocabulary

/// Vouches for the services of one hospital: makes a certificate for each, and its own, by which they know each other.
///
/// It is for a hospital whose processes run on one machine under one operator. Where services run on several machines, certificates
/// come from whoever runs those.
public struct CertificateAuthority: Sendable {
    /// What the certificates of this authority call it.
    private let name: String
    private let key: P256.Signing.PrivateKey
    /// Its own certificate, PEM: whoever holds this knows the services that it vouches for.
    public let certificate: String

    /// A new authority.
    public init(named name: String, validity: Range<Instant>) throws {
        self.name = name
        key = P256.Signing.PrivateKey()
        let request = CertificateRequest(
            subject: name, issuer: name, key: key.publicKey, issuerKey: key.publicKey, holder: .authority, validity: validity)
        certificate = PEM.text("CERTIFICATE", try request.signed(by: key))
    }

    /// The authority whose private key and certificate these are.
    ///
    /// - Throws: where the key can't be read.
    public init(named name: String, certificate: String, privateKey: String) throws {
        self.name = name
        self.certificate = certificate
        key = try P256.Signing.PrivateKey(pemRepresentation: privateKey)
    }

    /// Its private key, PEM. Whoever has it can be anybody in this hospital.
    public var privateKey: String { key.pemRepresentation + "\n" }

    /// A certificate, and a private key that is nobody else's, for a service that is reached under DNS names.
    public func issue(to names: [String], validity: Range<Instant>) throws -> IssuedCertificate {
        let holder = P256.Signing.PrivateKey()
        let request = CertificateRequest(
            subject: names.first ?? "", issuer: name, key: holder.publicKey, issuerKey: key.publicKey, holder: .service(names: names),
            validity: validity)
        return IssuedCertificate(
            certificate: PEM.text("CERTIFICATE", try request.signed(by: key)), privateKey: holder.pemRepresentation + "\n",
            validity: validity)
    }
}

/// What a service shows, and what proves that it may. Both are PEM.
public struct IssuedCertificate: Sendable {
    public let certificate: String
    public let privateKey: String
    public let validity: Range<Instant>
}

/// Bytes as text between two lines that say what they are (RFC 7468).
enum PEM {
    static func text(_ label: String, _ bytes: [UInt8]) -> String {
        let letters = Array(Data(bytes).base64EncodedString())
        let lines = stride(from: 0, to: letters.count, by: 64).map { String(letters[$0..<min($0 + 64, letters.count)]) }
        return (["-----BEGIN \(label)-----"] + lines + ["-----END \(label)-----"]).joined(separator: "\n") + "\n"
    }
}
