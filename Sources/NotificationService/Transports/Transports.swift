import Foundation
import NotificationRules
import ServiceKit

/// What hands notifications over, for each channel, as the settings say.
struct Transports: Sendable {
    private let email: any Transport
    private let sms: any Transport
    /// What letters go to where no transport is set. It is there in any case: it may hold letters of before.
    let file: FileTransport

    /// - Throws: ``ConfigurationError``, and what keeps it from making the folder of the file of letters, where one is written.
    init(_ resources: ServiceResources) throws {
        let settings = resources.settings.notification
        let folder = "\(resources.settings.dataFolder)/\(resources.name)"
        let file = FileTransport(
            OutgoingFile(
                path: "\(folder)/outgoing.jsonl",
                retention: settings.outgoingRetention.components.seconds))
        self.file = file
        if settings.email == .file || settings.sms == .file {
            // A service whose data is on a server has had no need of a folder so far.
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        func transport(_ kind: NotificationConfiguration.Transport) throws -> any Transport {
            switch kind {
            case .file: file
            case .smtp: try SMTPTransport(settings.smtp, clock: resources.clock)
            case .webhook: WebhookTransport(settings.webhook)
            }
        }
        email = try transport(settings.email)
        sms = try transport(settings.sms)
    }

    subscript(channel: Channel) -> any Transport {
        switch channel {
        case .email: email
        case .sms: sms
        }
    }
}
