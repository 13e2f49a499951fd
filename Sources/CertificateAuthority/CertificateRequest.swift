import Crypto
import Vocabulary

/// What a certificate is to say (RFC 5280): whose key it is, and for how long.
struct CertificateRequest {
    enum Holder {
        /// Vouches for others.
        case authority
        /// Is reached, and reaches others, under these DNS names.
        case service(names: [String])
    }

    var subject: String
    var issuer: String
    var key: P256.Signing.PublicKey
    var issuerKey: P256.Signing.PublicKey
    var holder: Holder
    var validity: Range<Instant>

    private static let ecdsaWithSHA256 = DER.sequence(DER.objectIdentifier(1, 2, 840, 10045, 4, 3, 2))

    /// The certificate, vouched for with a key.
    func signed(by issuer: P256.Signing.PrivateKey) throws -> [UInt8] {
        let statement = self.statement
        let signature = try issuer.signature(for: statement)
        return DER.sequence(statement, Self.ecdsaWithSHA256, DER.bitString(Array(signature.derRepresentation)))
    }

    private var statement: [UInt8] {
        let thirdVersion = DER.value(DER.Tag.wrapped(0), DER.integer([2]))
        return DER.sequence(
            thirdVersion, serialNumber, Self.ecdsaWithSHA256, name(issuer),
            DER.sequence(time(validity.lowerBound), time(validity.upperBound)),
            name(subject), Array(key.derRepresentation), DER.value(DER.Tag.wrapped(3), DER.value(DER.Tag.sequence, extensions)))
    }

    /// Sixteen bytes of chance: no two certificates of an authority may share one.
    private var serialNumber: [UInt8] {
        var random = SystemRandomNumberGenerator()
        return DER.integer(
            [0x40 | UInt8.random(in: 0..<0x40, using: &random)] + (1..<16).map { _ in .random(in: 0...0xFF, using: &random) })
    }

    private func name(_ text: String) -> [UInt8] {
        DER.sequence(DER.value(DER.Tag.set, DER.sequence(DER.objectIdentifier(2, 5, 4, 3), DER.text(text))))
    }

    /// Until 2049 with two digits of the year, as RFC 5280, 4.1.2.5 wants it.
    private func time(_ instant: Instant) -> [UInt8] {
        let digits = instant.rfc3339.utf8.prefix(19).filter { (0x30...0x39).contains($0) }
        let zulu = UInt8(ascii: "Z")
        if instant.rfc3339 < "2050" { return DER.value(DER.Tag.utcTime, digits.dropFirst(2) + [zulu]) }
        return DER.value(DER.Tag.generalizedTime, digits + [zulu])
    }

    // MARK: Extensions

    private var extensions: [UInt8] {
        identifiers
            + {
                switch holder {
                case .authority: Self.rightsOfAuthority
                case .service(let names): Self.rightsOfService + alternatives(names)
                }
            }()
    }

    private var identifiers: [UInt8] {
        let own = DER.value(DER.Tag.octetString, Self.identifier(of: key))
        let issuers = DER.sequence(DER.value(DER.Tag.bare(0), Self.identifier(of: issuerKey)))
        return Self.extension(14, own) + Self.extension(35, issuers)
    }

    /// May sign certificates of services, and of no further authority.
    private static let rightsOfAuthority: [UInt8] = {
        let mayIssue = DER.sequence(DER.value(DER.Tag.boolean, [0xFF]), DER.integer([0]))
        return `extension`(19, mayIssue, isCritical: true) + `extension`(15, DER.bitString([0b0000_0110], unused: 1), isCritical: true)
    }()

    /// May sign handshakes, as a server and as a client.
    private static let rightsOfService: [UInt8] = {
        let server = DER.objectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 1)
        let client = DER.objectIdentifier(1, 3, 6, 1, 5, 5, 7, 3, 2)
        return `extension`(19, DER.sequence(), isCritical: true)
            + `extension`(15, DER.bitString([0b1000_0000], unused: 7), isCritical: true)
            + `extension`(37, DER.sequence(server, client))
    }()

    private func alternatives(_ names: [String]) -> [UInt8] {
        Self.extension(17, DER.value(DER.Tag.sequence, names.flatMap { DER.value(DER.Tag.bare(2), Array($0.utf8)) }))
    }

    /// One of those whose identifiers begin with 2.5.29.
    private static func `extension`(_ number: UInt32, _ content: [UInt8], isCritical: Bool = false) -> [UInt8] {
        let mark = isCritical ? DER.value(DER.Tag.boolean, [0xFF]) : []
        return DER.sequence(DER.objectIdentifier(2, 5, 29, number), mark, DER.value(DER.Tag.octetString, content))
    }

    /// Tells keys apart (RFC 7093, 2, the first way).
    private static func identifier(of key: P256.Signing.PublicKey) -> [UInt8] {
        Array(SHA256.hash(data: key.x963Representation).prefix(20))
    }
}
