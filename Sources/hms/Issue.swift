import ArgumentParser
import Foundation
import Logging
import NotificationService
import ServiceKit
import Supervision
import UnixSignals

/// `hms issue`
struct Issue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes the keys and certificates of a hospital whose parts run on machines of their own.",
        discussion: """
            The data folder holds the authority and the operator's key, and is for who hands these out. Under --out every part gets \
            a folder with what it needs and nobody else's: tls.pem (its certificate, and the key to it), authority.pem, jwks.json and \
            services.json, and a service its own key, service.pem; the notification service sealing.json, too. What is there is kept; only certificates, which are good for a day, \
            are made anew each time. With --renew that is done every six hours, until it is stopped.

            Where people sign in (hms user add --data of the same folder, or HMS_OIDC_ISSUER), the shim gets users.json, signing.pem, \
            with which it vouches for them, and sealing.json, which opens their second factors; with --renew what becomes of a user, and new \
            keys, reach it within seconds.

            EXAMPLES
              hms issue --data /srv/authority --out /srv/secrets
              HMS_TLS_CERT=/srv/secrets/patient/tls.pem HMS_TLS_KEY=/srv/secrets/patient/tls.pem \
            HMS_TLS_ROOTS=/srv/secrets/patient/authority.pem hms serve patient …
            """)

    @OptionGroup var data: DataOption

    @Option(help: ArgumentHelp("Where the folders of the parts are.", valueName: "dir"))
    var out: String

    @Flag(help: "Makes new certificates every six hours, until it is stopped.")
    var renew = false

    private static let pace: Duration = .seconds(6 * 3_600)
    /// How often users and new keys are looked for.
    private static let look: Duration = .seconds(1)
    private static let paceAfterFailure: Duration = .seconds(600)

    func run() async throws {
        let configuration = try data.configuration()
        try issue(configuration)
        Output.print("issued \(out)")
        guard renew else { return }
        let logger = Logger.hospital(service: "issue", level: configuration.logLevel)
        let renewal = Task { await keepRenewing(configuration, logger) }
        defer { renewal.cancel() }
        for await _ in await UnixSignalsSequence(trapping: StopSignals.all) { return }
    }

    private func keepRenewing(_ configuration: HospitalConfiguration, _ logger: Logger) async {
        var handed = stamps(configuration)
        var due = ContinuousClock.now + Self.pace
        while (try? await Task.sleep(for: Self.look)) != nil {
            let now = stamps(configuration)
            guard now != handed || due <= .now else { continue }
            handed = now
            do {
                try issue(configuration)
                due = .now + Self.pace
            } catch {
                logger.error("What parts need can't be issued", metadata: ["error": "\(error)"])
                due = .now + Self.paceAfterFailure
            }
        }
    }

    /// Of what changes by itself: users, and keys that are rotated.
    private func stamps(_ configuration: HospitalConfiguration) -> [FileStamp?] {
        let identity = configuration.identity
        return [
            configuration.signIn.usersFile, identity.signingKeyFile, identity.jwksFile, identity.serviceJWKSFile, identity.sealingKeyFile,
        ].map(FileStamp.init(path:))
    }

    private func issue(_ configuration: HospitalConfiguration) throws {
        let parts = HospitalServices.names + HospitalName.callers
        try DataFolder(configuration.dataFolder).prepare()
        _ = try SigningKey.findOrMake(configuration.identity)
        try ServiceKeys.findOrMake(for: HospitalServices.names, configuration.identity)
        try SealingKeyFile(configuration.identity.sealingKeyFile).findOrMake()
        let certificates = ServiceCertificates(dataFolder: configuration.dataFolder, for: parts)
        try certificates.issue()
        for part in parts {
            let files = certificates.files(of: part)
            // The certificate last: who sees it sees the others too.
            var copies = [(configuration.identity.jwksFile, "jwks.json"), (configuration.identity.serviceJWKSFile, "services.json")]
            if HospitalServices.names.contains(part) { copies.append((configuration.identity.serviceKeyFile(of: part), "service.pem")) }
            if part == ServiceDefinition.notification.name { copies.append((configuration.identity.sealingKeyFile, "sealing.json")) }
            if part == HospitalName.door { copies += signIn(configuration) }
            if let roots = files.trustRoots { copies.append((roots, "authority.pem")) }
            try hand(copies + [(files.certificate, "tls.pem")], to: part)
        }
    }

    /// Who has the operator's key can be anybody, so the shim has it only where people sign in there.
    private func signIn(_ configuration: HospitalConfiguration) -> [(from: String, name: String)] {
        let key = (configuration.identity.signingKeyFile, "signing.pem")
        guard FileStamp(path: configuration.signIn.usersFile) != nil else { return configuration.signIn.provider == nil ? [] : [key] }
        return [key, (configuration.signIn.usersFile, "users.json"), (configuration.identity.sealingKeyFile, "sealing.json")]
    }

    private func hand(_ copies: [(from: String, name: String)], to part: String) throws {
        let folder = URL(fileURLWithPath: out).appendingPathComponent(part)
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for copy in copies {
            let text = try Data(contentsOf: URL(fileURLWithPath: copy.from))
            let target = folder.appendingPathComponent(copy.name)
            guard (try? Data(contentsOf: target)) != text else { continue }
            try PrivateFile.write(text, to: target.path)
        }
    }
}

/// A file for its owner's eyes only, replaced in one step.
private enum PrivateFile {
    static func write(_ text: Data, to path: String) throws {
        let draft = "\(path).new"
        _ = unlink(draft)
        guard FileManager.default.createFile(atPath: draft, contents: text, attributes: [.posixPermissions: 0o600]),
            rename(draft, path) == 0
        else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path]) }
    }
}
