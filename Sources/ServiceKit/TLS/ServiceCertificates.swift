import CertificateAuthority
public import Logging
import Vocabulary

/// The certificates of a hospital whose processes run on one machine, under `tls` in its data folder: an authority of its own, and
/// for each part a certificate that it vouches for. Those of the parts are good for a day and made anew while the hospital runs.
///
/// Whoever can read `authority-key.pem` can be any part of this hospital; like the other private keys, it is for its owner's eyes.
public struct ServiceCertificates: Sendable {
    private static let lifetime: Duration = .seconds(86_400)
    private static let pace: Duration = .seconds(6 * 3_600)
    private static let paceAfterFailure: Duration = .seconds(600)
    private static let lifetimeOfAuthority: Duration = .days(3_650)
    /// How far clocks may differ.
    private static let leeway: Duration = .seconds(300)
    private static let name = "HMS authority of one machine"

    private let folder: String
    private let parts: [String]

    /// - Parameter parts: the short names of who gets a certificate: `patient`.
    public init(dataFolder: String, for parts: [String]) {
        folder = "\(dataFolder)/tls"
        self.parts = parts
    }

    /// Where the certificates of a part lie.
    public func files(of part: String) -> TLSFileConfiguration {
        // Certificate and key in one file are replaced in one step.
        TLSFileConfiguration(
            certificate: "\(folder)/\(part).pem", privateKey: "\(folder)/\(part).pem", trustRoots: "\(folder)/authority.pem")
    }

    /// The settings that tell a part where its certificates lie, by the names of their variables.
    public func variables(of part: String) -> [String: String] {
        let files = files(of: part)
        return [
            Settings.tlsCertificate.environmentName: files.certificate, Settings.tlsKey.environmentName: files.privateKey,
            Settings.tlsRoots.environmentName: files.trustRoots ?? "",
        ]
    }

    /// Makes the authority where there is none, and a new certificate for each part.
    ///
    /// - Throws: where a file can't be read or written.
    public func issue() throws {
        let now = Instant(millisecondsSinceEpoch: SystemTime.millisecondsSinceEpoch())
        let authority = try authority(at: now)
        for part in parts {
            let issued = try authority.issue(to: [HospitalName.of(part)], validity: now - Self.leeway..<now + Self.lifetime)
            try LocalFile.write(Array((issued.privateKey + "\n" + issued.certificate).utf8), to: files(of: part).certificate, mode: 0o600)
        }
    }

    /// Makes new certificates long before the old ones expire, until the task is cancelled.
    public func renew(logger: Logger) async {
        var pause = Self.pace
        while (try? await Task.sleep(for: pause)) != nil {
            do {
                try issue()
                pause = Self.pace
            } catch {
                logger.error("The services' certificates can't be renewed", metadata: ["error": "\(error)"])
                pause = Self.paceAfterFailure
            }
        }
    }

    private func authority(at now: Instant) throws -> CertificateAuthority {
        let (certificate, key) = ("\(folder)/authority.pem", "\(folder)/authority-key.pem")
        if FileStamp(path: certificate) != nil, FileStamp(path: key) != nil {
            return try CertificateAuthority(named: Self.name, certificate: try Self.text(certificate), privateKey: try Self.text(key))
        }
        let authority = try CertificateAuthority(named: Self.name, validity: now - Self.leeway..<now + Self.lifetimeOfAuthority)
        try LocalFile.makeFolder(folder, mode: 0o700)
        try LocalFile.write(Array(authority.privateKey.utf8), to: key, mode: 0o600)
        try LocalFile.write(Array(authority.certificate.utf8), to: certificate, mode: 0o644)
        return authority
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try LocalFile.read(path, atMost: 1 << 16), as: UTF8.self)
    }
}
