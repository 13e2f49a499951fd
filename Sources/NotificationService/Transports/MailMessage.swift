import Foundation
import Vocabulary

/// A mail as it crosses the wire (RFC 5322). Whatever a text holds, it stays in its place: the subject is one line of
/// ASCII, the body is base 64.
struct MailMessage: Sendable {
    let sender: MailAddress
    let recipient: MailAddress
    let subject: String
    let body: String
    /// Unique for good, and the same however often the mail is sent: `ntf_…`.
    let id: String
    let date: Instant

    var bytes: [UInt8] {
        let header = [
            "From: \(sender.text)", "To: \(recipient.text)", "Subject: \(Self.headerText(subject))", "Date: \(date.mailDate)",
            "Message-ID: <\(id)@\(sender.domain)>", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64", "Auto-Submitted: auto-generated",
        ]
        return Array((header + [""] + bodyLines + [""]).joined(separator: "\r\n").utf8)
    }

    /// 76 characters of base 64 a line. Line breaks inside are CRLF, as MIME wants them in text.
    private var bodyLines: [String] {
        let text = body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).joined(separator: "\r\n")
        let encoded = Array(Data(text.utf8).base64EncodedString().utf8)
        return stride(from: 0, to: encoded.count, by: 76).map { start in
            String(decoding: encoded[start..<min(start + 76, encoded.count)], as: UTF8.self)
        }
    }

    /// One header value: as it is where that is plain and short, else as encoded words of at most 75 characters (RFC 2047).
    private static func headerText(_ text: String) -> String {
        let line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isControl ? " " : $0 }))
        if line.utf8.count <= 60, line.utf8.allSatisfy({ 0x20...0x7E ~= $0 }), !line.contains("=?") { return line }
        return chunks(of: line, bytes: 45).map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static func chunks(of text: String, bytes limit: Int) -> [String] {
        var chunks = [""]
        for scalar in text.unicodeScalars {
            if (chunks.last?.utf8.count ?? 0) + scalar.utf8.count > limit { chunks.append("") }
            chunks[chunks.count - 1].unicodeScalars.append(scalar)
        }
        return chunks
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

extension Instant {
    /// `Mon, 2 Mar 2026 04:00:00 +0000`
    fileprivate var mailDate: String {
        let day = LocalDate(of: self, secondsFromUTC: 0)
        let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = rfc3339.drop { $0 != "T" }.dropFirst().prefix(8)
        return "\(weekdays[day.weekday.rawValue - 1]), \(day.day) \(months[day.month - 1]) \(rfc3339.prefix(4)) \(time) +0000"
    }
}
