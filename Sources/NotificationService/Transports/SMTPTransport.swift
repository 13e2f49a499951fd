import NotificationRules
import ServiceKit
import Vocabulary

/// Sends e-mail through a mail server, each on a connection of its own.
struct SMTPTransport: Transport {
    private let server: SMTPConfiguration
    private let sender: MailAddress
    private let clock: HospitalClock
    private let threads = BlockingThreads.many("hms.notification.smtp")

    /// - Throws: ``ConfigurationError`` where the sender's address is none.
    init(_ server: SMTPConfiguration, clock: HospitalClock) throws {
        guard let sender = MailAddress(server.from) else {
            throw ConfigurationError([.init(Settings.smtpFrom.key, "must be an address where e-mail goes by smtp")])
        }
        self.server = server
        self.sender = sender
        self.clock = clock
    }

    func handOver(_ letter: Letter) async -> Handover {
        guard let recipient = MailAddress(letter.recipient) else { return .refused("The recipient's address cannot be written to.") }
        let mail = MailMessage(
            sender: sender, recipient: recipient, subject: letter.subject ?? "", body: letter.message, id: letter.notificationID,
            date: clock.now())
        let upload = MailUpload(mail)
        return await withTaskCancellationHandler {
            await threads.run { [server] in upload.send(to: server) }
        } onCancel: {
            upload.cancel()
        }
    }
}
