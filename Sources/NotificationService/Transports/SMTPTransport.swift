import NotificationRules
import ServiceKit
import Vocabulary

/// Sends e-mail through a mail server, each on a connection of its own.
struct SMTPTransport: Transport {
    private let server: SMTPConfiguration
    private let sender: MailAddress
    private let clock: HospitalClock
    private let library: MailLibrary
    private let threads = BlockingThreads.many("hms.notification.smtp")

    /// - Throws: ``ConfigurationError`` where the sender's address is none, or the system has nothing that sends mail.
    init(_ server: SMTPConfiguration, clock: HospitalClock) throws {
        guard let sender = MailAddress(server.from) else {
            throw ConfigurationError([.init(Settings.smtpFrom.key, "must be an address where e-mail goes by smtp")])
        }
        guard let library = MailLibrary.opened else {
            throw ConfigurationError([
                .init(Settings.notificationEmail.key, "smtp needs libcurl, which is not installed here (Debian: libcurl4)")
            ])
        }
        self.library = library
        self.server = server
        self.sender = sender
        self.clock = clock
    }

    func handOver(_ letter: Letter) async -> Handover {
        guard let recipient = MailAddress(letter.recipient) else { return .refused("The recipient's address cannot be written to.") }
        let mail = MailMessage(
            sender: sender, recipient: recipient, subject: letter.subject ?? "", body: letter.message, id: letter.notificationID,
            date: clock.now())
        let upload = MailUpload(mail, over: library)
        return await withTaskCancellationHandler {
            await threads.run { [server] in upload.send(to: server) }
        } onCancel: {
            upload.cancel()
        }
    }
}
