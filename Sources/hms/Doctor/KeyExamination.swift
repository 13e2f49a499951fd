import Foundation
import ServiceKit
import SignIn

/// The files of keys, and of who is let in.
struct KeyExamination {
    private let configuration: HospitalConfiguration
    private let isRunning: Bool

    init(_ configuration: HospitalConfiguration, isRunning: Bool) {
        self.configuration = configuration
        self.isRunning = isRunning
    }

    func findings() -> [DoctorFinding] {
        guard FileManager.default.fileExists(atPath: configuration.dataFolder) else { return [] }
        let identity = configuration.identity
        let faults =
            KeyFault.all(of: HospitalServices.names, identity, isRunning: isRunning)
            + KeyFault.secret(configuration.signIn.usersFile) { _ = try UserFile($0).read() }
        guard !faults.isEmpty else { return [.fine("keys", "and the lists of users and revoked tokens can be used")] }
        return faults.map { fault in
            let subject = fault.path == identity.signingKeyFile ? "signing key" : "keys"
            return switch fault.kind {
            case .unusable(let sentence): .wrong(subject, sentence, do: Self.remedy(for: fault.path, identity))
            case .missing: .wrong(subject, "\(fault.path) is not there any more, and what starts needs it", do: "hms keys rotate")
            case .openToOthers: openToOthers(fault.path, subject)
            case .unpublished(let set) where fault.path == identity.signingKeyFile:
                .warning(
                    subject, "\(set) does not have its public part: what hms token makes is refused",
                    do: "nothing where an identity provider issues all tokens; else hms keys rotate")
            case .unpublished(let set):
                .wrong(
                    subject, "\(set) does not have the public part of \(fault.path): what that service asks of others is refused",
                    do: "hms keys rotate, or a restart of hms up")
            }
        }
    }

    private func openToOthers(_ path: String, _ subject: String) -> DoctorFinding {
        let identity = configuration.identity
        if path == identity.signingKeyFile {
            return .wrong(subject, "others can read \(path), and so be anybody", do: "chmod 600 \(path); then hms keys rotate --keep 0s")
        }
        if path == configuration.signIn.usersFile {
            return .wrong(
                subject, "others can read \(path), and try passwords on it", do: "chmod 600 \(path); then have passwords and codes changed")
        }
        if path == identity.sealingKeyFile {
            return .wrong(
                subject, "others can read \(path), which opens the secrets of webhooks and second factors",
                do: "chmod 600 \(path); then hms keys rotate, and hms user totp for those who have a second factor")
        }
        return .wrong(
            subject, "others can read \(path), and so be that service", do: "chmod 600 \(path); then hms keys rotate --keep 0s")
    }

    /// A file of public keys, and one that says who was revoked, can be had again; what a secret has closed needs that secret.
    private static func remedy(for path: String, _ identity: IdentityConfiguration) -> String {
        switch path {
        case identity.jwksFile, identity.serviceJWKSFile:
            "put it back from a backup, or remove it and start hms up, which makes it of the keys"
        case identity.sealingKeyFile:
            "put it back from a backup: without it webhooks need new secrets, and people new second factors"
        case identity.revocationFile:
            "put it back from a backup, or remove it, revoke again who was in it (hms revoke) and restart"
        default: "put it back from a backup, or remove it and start hms up, which makes a new one"
        }
    }
}
