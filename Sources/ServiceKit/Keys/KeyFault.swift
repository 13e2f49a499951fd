import FoundationEssentials
import Logging

/// What is wrong with one of a hospital's files of keys, without which it does not start, or nobody is let in.
public struct KeyFault: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// It can't be read, or is none of these; the sentence names it.
        case unusable(String)
        /// Others than its owner can read a secret.
        case openToOthers
        /// Its public part is not in the set of those that are believed.
        case unpublished(set: String)
        /// A running hospital has none any more, and no other part could start.
        case missing
    }

    public let path: String
    public let kind: Kind

    /// Looks at all of them, and at nothing that they have signed. A hospital at rest makes what is missing when it starts.
    ///
    /// - Parameter services: whose keys are expected.
    public static func all(of services: [String], _ identity: IdentityConfiguration, isRunning: Bool) -> [KeyFault] {
        let people = set(identity.jwksFile, .people, isNeeded: isRunning && identity.jwksURL == nil)
        let others = set(identity.serviceJWKSFile, .services, isNeeded: isRunning)
        return people.faults + others.faults + pair(identity.signingKeyFile, of: nil, in: people.keys, at: identity.jwksFile)
            + services.flatMap { service in
                pair(identity.serviceKeyFile(of: service), of: service, in: isRunning ? others.keys : nil, at: identity.serviceJWKSFile)
            }
            + secret(identity.sealingKeyFile) { _ = try SealingKeyFile($0).read() }
            + unusable(identity.revocationFile) { _ = try RevocationFile(path: $0) }
    }

    /// What is wrong with a file that is its owner's secret, where it is there.
    ///
    /// - Parameter read: throws where it is none of these.
    public static func secret(_ path: String, _ read: (String) throws -> Void) -> [KeyFault] {
        guard FileStamp(path: path) != nil else { return [] }
        return (LocalFile.isOpenToOthers(path) ? [KeyFault(path: path, kind: .openToOthers)] : []) + unusable(path, read)
    }

    private static func unusable(_ path: String, _ read: (String) throws -> Void) -> [KeyFault] {
        do {
            try read(path)
            return []
        } catch {
            return [KeyFault(path: path, kind: .unusable("\(error)"))]
        }
    }

    private static func set(
        _ path: String, _ content: KeySetFile.Content, isNeeded: Bool
    ) -> (faults: [KeyFault], keys: VerificationKeys?) {
        guard FileStamp(path: path) != nil else { return (isNeeded ? [KeyFault(path: path, kind: .missing)] : [], nil) }
        do {
            let silent = Logger(label: "keys") { _ in SwiftLogNoOpLogHandler() }
            return ([], try KeySetFile(path: path, content: content, isOptional: false, logger: silent).keys)
        } catch {
            return ([KeyFault(path: path, kind: .unusable("\(error)"))], nil)
        }
    }

    /// - Parameters:
    ///   - service: whose key it is; nil: the operator's.
    ///   - keys: those that are believed; nil: it is not looked for.
    private static func pair(_ path: String, of service: String?, in keys: VerificationKeys?, at set: String) -> [KeyFault] {
        var key: SigningKey?
        let faults = secret(path) { key = try SigningKey(pemFile: $0) }
        guard let key, let keys else { return faults }
        let now = Double(SystemTime.millisecondsSinceEpoch()) / 1_000
        let known = try? keys.key(id: key.id, algorithm: "EdDSA")
        guard let known, known.until > now, known.scope == service.map(KeyScope.service) ?? .people else {
            return faults + [KeyFault(path: path, kind: .unpublished(set: set))]
        }
        return faults
    }
}
