import Contracts
import HMSTestKit
import NotificationRules
import ServiceKit
import Testing
import Vocabulary

@testable import NotificationService

/// E-mail through a real mail server: TLS, login, and what goes wrong with them.
@Suite(.serialized, .timeLimit(.minutes(10))) struct MailTests {
    @Test(arguments: [MailServer.Mode.starttls, .smtps])
    func `a mail arrives over TLS and with a login`(mode: MailServer.Mode) async throws {
        let server = try MailServer(mode)
        let body = "Dear Asha Rao,\n\n.hidden dot\nÄußerst wichtig: पेनिसिलिन\n"
        #expect(try await send(.sample(body), through: server) == .accepted)
        let mail = try #require(try server.mails.first)
        #expect(mail.from == "desk@clinic.example" && mail.to == ["asha@example.org"])
        #expect(mail.encrypted && mail.login == "hospital")
        #expect(mail.header("From") == ["desk@clinic.example"] && mail.header("To") == ["asha@example.org"])
        #expect(mail.header("Subject") == ["Appointment booked"])
        #expect(mail.header("Message-ID") == ["<ntf_01jq0000000000000000000000@clinic.example>"])
        #expect(mail.header("Date") == ["Mon, 02 Mar 2026 03:30:00 +0000"])
        #expect(mail.body == body)
        #expect(try server.mails.count == 1)
    }

    @Test func `a mail server on the same machine needs neither TLS nor login`() async throws {
        let server = try MailServer(.plain)
        #expect(try await send(.sample(), through: server) == .accepted)
        #expect(try server.mails.map(\.encrypted) == [false])
    }

    @Test func `without TLS nothing is sent where TLS is asked for`() async throws {
        let server = try MailServer(.plain)
        var configuration = server.configuration
        configuration.isPlain = false
        #expect(try await send(.sample(), configuration) == .failed("The mail server offers no TLS."))
        #expect(try server.mails.isEmpty)
    }

    @Test(arguments: [MailServer.Mode.starttls, .smtps])
    func `a wrong password is told, and may be mended`(mode: MailServer.Mode) async throws {
        let server = try MailServer(mode)
        var configuration = server.configuration
        configuration.password = "wrong"
        #expect(try await send(.sample(), configuration) == .failed("The mail server denies the login."))
        #expect(try server.mails.isEmpty)
    }

    @Test(arguments: [MailServer.Mode.starttls, .smtps])
    func `a certificate that nobody vouches for is not trusted`(mode: MailServer.Mode) async throws {
        let server = try MailServer(mode)
        var configuration = server.configuration
        let stranger = try TestCertificate()
        configuration.authoritiesFile = stranger.authority
        #expect(try await send(.sample(), configuration) == .failed("The mail server's certificate is not trusted."))
        #expect(try server.mails.isEmpty)
    }

    @Test func `a certificate of another host is not trusted`() async throws {
        let server = try MailServer(.smtps)
        var configuration = server.configuration
        configuration.url = "smtps://127.0.0.2:\(server.port)"
        let handover = try await send(.sample(), configuration)
        #expect(
            [.failed("The mail server's certificate is not trusted."), .failed("The mail server cannot be reached.")].contains(handover))
        #expect(try server.mails.isEmpty)
    }

    @Test(
        arguments: [
            ("nobody@example.org", .refused("The mail server answered 550.")),
            ("full@example.org", .failed("The mail server answered 452.")),
        ] as [(String, Handover)])
    func `a mailbox that does not exist is for good, a full one is not`(recipient: String, handover: Handover) async throws {
        let server = try MailServer(.starttls)
        #expect(try await send(.sample(to: recipient), through: server) == handover)
        #expect(try server.mails.isEmpty)
    }

    @Test(
        arguments: [
            ("421", false), ("450", false), ("451", false), ("452", false), ("455", false), ("530", false), ("535", false), ("538", false),
            ("500", true), ("501", true), ("550", true), ("551", true), ("552", true), ("553", true), ("554", true), ("556", true),
            ("571", true), ("data451", false), ("data552", true), ("data554", true),
        ] as [(String, Bool)])
    func `a mail server's 5yz to a mail is for good, but for those that ask for a login`(reply: String, isForGood: Bool) async throws {
        let server = try MailServer(.plain)
        let sentence = "The mail server answered \(reply.suffix(3))."
        let handover = try await send(.sample(to: "\(reply)@example.org"), through: server)
        #expect(handover == (isForGood ? .refused(sentence) : .failed(sentence)))
    }

    @Test func `a server that turns everybody away has not refused the mail`() async throws {
        let server = try MailServer(.closed)
        #expect(try await send(.sample(), through: server) == .failed("The mail server answered 554."))
    }

    @Test func `a server that is not there may come back`() async throws {
        let configuration = SMTPConfiguration(url: "smtp://127.0.0.1:1", from: "desk@clinic.example")
        #expect(try await send(.sample(), configuration) == .failed("The mail server cannot be reached."))
    }

    @Test(
        arguments: [
            "asha@example.org\r\nBcc: evil@example.org", "asha@example.org\nRCPT TO:<evil@example.org>", "asha@example.org> SIZE=1",
            "<asha@example.org", "asha@example.org, evil@example.org", "asha example.org", "asha@", "@example.org", "", "a@b@c",
            "asha@example.org\0", "äsha@example.org",
        ])
    func `an address that could be more than one is never sent`(recipient: String) async throws {
        let configuration = SMTPConfiguration(url: "smtp://127.0.0.1:1", from: "desk@clinic.example")
        #expect(try await send(.sample(to: recipient), configuration) == .refused("The recipient's address cannot be written to."))
    }

    @Test func `no name and no subject becomes a header`() async throws {
        let server = try MailServer(.starttls)
        let evil = "Asha\r\nBcc: evil@example.org\r\n\r\nfake body\u{2028}X-Evil: 1 =?utf-8?B?WA==?="
        #expect(try await send(.sample(subject: evil, "Dear \(evil)"), through: server) == .accepted)
        let mail = try #require(try server.mails.first)
        let expected: Set = [
            "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted",
        ]
        // The server's library notes where the mail came from.
        #expect(Set(mail.headers.map { $0[0] }).subtracting(expected).isSubset(of: ["X-Peer", "X-MailFrom", "X-RcptTo"]))
        #expect(mail.to == ["asha@example.org"])
        #expect(mail.header("Subject").first?.contains("Asha  Bcc: evil@example.org") == true)
        #expect(mail.body.contains("X-Evil: 1"))
        #expect(!mail.raw.contains("evil@example.org"), "everything that people write is encoded")
    }

    @Test func `the service hands its mail over by SMTP where the settings say so`() async throws {
        let server = try MailServer(.starttls)
        let mailServer = server.configuration
        func bySMTP(_ configuration: inout HospitalConfiguration) {
            configuration.notification.email = .smtp
            configuration.notification.smtp = mailServer
        }
        try await withNotifications(configure: bySMTP) { hospital in
            try await hospital.deliver(hospital.event("bill.created", EventTests.bill))
            try await hospital.announce()
            let transports = try Transports(hospital.service.resources)
            for channel in Channel.allCases {
                try await Deliverer(hospital.service.resources, channel, by: transports[channel]).deliverDue()
            }
            #expect(try await hospital.notifications().map(\.status) == [.sent, .sent])
            #expect(try server.mails.map { $0.header("Subject") } == [["A new bill"]])
            #expect(try hospital.hospital.folder.read("notification/outgoing.jsonl").contains(#""channel":"SMS""#))
        }
    }

    private func send(_ letter: Letter, through server: MailServer) async throws -> Handover {
        try await send(letter, server.configuration)
    }

    private func send(_ letter: Letter, _ configuration: SMTPConfiguration) async throws -> Handover {
        try await SMTPTransport(configuration, clock: ManualClock(TestHospital.morning).clock).handOver(letter)
    }
}
