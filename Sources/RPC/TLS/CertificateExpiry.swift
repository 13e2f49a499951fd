import NIOSSL

/// Until when certificates are good.
public enum CertificateExpiry {
    /// When the first of the certificates in a PEM file expires, in seconds since 1970.
    ///
    /// - Throws: ``TLSMaterialError`` where there is none in it.
    public static func earliest(inFile path: String) throws -> Int64 {
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(path)
        } catch {
            throw TLSMaterialError("\(path): \(error)")
        }
        guard let earliest = certificates.map(\.notValidAfter).min() else { throw TLSMaterialError("\(path): holds no certificate") }
        return Int64(earliest)
    }
}
