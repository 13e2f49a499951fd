import ServiceKit

/// A real mail server with a login, and a certificate of its own authority.
final class MailServer: Sendable {
    enum Mode: String {
        case starttls
        case smtps
        case plain
        /// Turns everybody away.
        case closed
    }

    /// A mail as the server took it.
    struct Mail: Decodable {
        let from: String
        let to: [String]
        /// As the server understands them, encoded words decoded.
        let headers: [[String]]
        let body: String
        let raw: String
        let encrypted: Bool
        let login: String?

        func header(_ name: String) -> [String] {
            headers.filter { $0[0] == name }.map { $0[1] }
        }
    }

    private let mode: Mode
    private let process: ServerProcess
    private let certificate: TestCertificate

    init(_ mode: Mode) throws {
        self.mode = mode
        certificate = try TestCertificate()
        process = try ServerProcess("mail_server.py", [mode.rawValue, certificate.certificate, certificate.key, "hospital", "s3cret"])
    }

    var mails: [Mail] {
        get throws { try process.takings() }
    }

    var port: Int { process.port }

    private var isPlain: Bool { mode == .plain || mode == .closed }

    /// What the notification service must know to send through this server.
    var configuration: SMTPConfiguration {
        SMTPConfiguration(
            url: "\(mode == .smtps ? "smtps" : "smtp")://127.0.0.1:\(process.port)", isPlain: isPlain,
            user: isPlain ? "" : "hospital", password: isPlain ? "" : "s3cret", from: "desk@clinic.example",
            authoritiesFile: certificate.authority)
    }
}
