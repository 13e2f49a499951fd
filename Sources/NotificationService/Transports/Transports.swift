import NotificationRules
import ServiceKit

/// What hands notifications over, for each channel, as the settings say.
struct Transports: Sendable {
    private let email: any Transport
    private let sms: any Transport
    /// What letters go to where no transport is set. It is there in any case: it may hold letters of before.
    let file: FileTransport

    /// - Throws: ``ConfigurationError``.
    init(_ resources: ServiceResources) throws {
        let settings = resources.settings.notification
        let file = FileTransport(
            OutgoingFile(
                path: "\(resources.settings.dataFolder)/\(resources.name)/outgoing.jsonl",
                retention: settings.outgoingRetention.components.seconds))
        self.file = file
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
