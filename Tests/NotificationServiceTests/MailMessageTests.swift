import HMSTestKit
import Testing
import Vocabulary

@testable import NotificationService

struct MailMessageTests {
    @Test func `a mail is short lines of ASCII, ended by CRLF`() throws {
        let mail = try message(subject: String(repeating: "Äußerst wichtig ", count: 12), body: String(repeating: "long ", count: 500))
        #expect(mail.bytes.allSatisfy { $0 < 0x80 && $0 != 0 })
        let lines = String(decoding: mail.bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.utf8.count <= 100 && !$0.contains("\n") && !$0.contains("\r") })
        #expect(lines.last == "")
    }

    @Test(
        arguments: [
            ("Plain", "Subject: Plain"), ("A\r\nB", "Subject: A  B"), ("A\u{0}B", "Subject: A B"), ("=?utf-8?B?QQ==?=", "=?utf-8?B?PT91"),
            ("é", "Subject: =?utf-8?B?w6k=?="), ("", "Subject: "),
        ])
    func `a subject is one line`(subject: String, expected: String) throws {
        let text = String(decoding: try message(subject: subject).bytes, as: UTF8.self)
        #expect(text.contains(expected))
        let header = text.split(separator: "\r\n\r\n").first.map(String.init) ?? ""
        #expect(header.split(separator: "\r\n").count == 9)
    }

    @Test func `encoded words hold whole characters`() throws {
        let text = String(decoding: try message(subject: String(repeating: "पे", count: 40)).bytes, as: UTF8.self)
        let words = text.split(separator: "\r\n").filter { $0.contains("=?utf-8?B?") }
        #expect(words.count > 1 && words.allSatisfy { $0.utf8.count <= 84 })
    }

    private func message(subject: String, body: String = "Hello") throws -> MailMessage {
        MailMessage(
            sender: try #require(MailAddress("desk@clinic.example")), recipient: try #require(MailAddress("asha@example.org")),
            subject: subject, body: body, id: "ntf_1", date: TestHospital.morning)
    }
}
