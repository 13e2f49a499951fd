import Crypto
import Foundation
import NotificationRules
import ServiceKit
import Testing

@testable import NotificationService

/// Letters posted to a real web service: signed, and tried again only where that can help.
@Suite(.timeLimit(.minutes(10))) struct WebhookTests {
    private struct Request: Decodable {
        let path: String
        let headers: [String: String]
        let body: String
    }

    @Test func `a letter is posted as JSON, signed with its time`() async throws {
        let server = try ServerProcess("web_server.py")
        #expect(await post(.sample("Hi\u{1F600}"), to: "http://127.0.0.1:\(server.port)/answer/200") == .accepted)
        let request = try #require(try server.takings(Request.self).first)
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["idempotency-key"] == "ntf_01jq0000000000000000000000")
        #expect(request.headers["x-correlation-id"] == "visit-1")
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("1772422200.\(request.body)".utf8), using: SymmetricKey(data: Data("hush".utf8)))
        #expect(request.headers["x-hms-signature"] == "t=1772422200,v1=\(code.map { String(format: "%02x", $0) }.joined())")
        let body = try #require(try JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: Any])
        #expect(body["recipient"] as? String == "asha@example.org" && body["channel"] as? String == "EMAIL")
        #expect(body["message"] as? String == "Hi\u{1F600}" && body["subject"] as? String == "Appointment booked")
        #expect((body["metadata"] as? [String: String]) == ["reference": "apt_7"])
    }

    @Test(arguments: [200, 204, 401, 408, 429, 500, 502, 503, 504, 599, 307, 400, 402, 403, 404, 407, 409, 410, 413, 422, 428, 430, 499])
    func `a service that fails, is busy or does not know us is asked again; one that says no is not`(status: Int) async throws {
        let server = try ServerProcess("web_server.py")
        let handover = await post(.sample(), to: "http://127.0.0.1:\(server.port)/answer/\(status)")
        let sentence = "The web service answered \(status)."
        switch status {
        case 200, 204: #expect(handover == .accepted)
        case 401, 408, 429, 500...599: #expect(handover == .failed(sentence))
        default: #expect(handover == .refused(sentence))
        }
        #expect(try server.takings(Request.self).count == 1, "it follows no redirect")
    }

    @Test(
        arguments: [
            ("0", 0), ("120", 120), ("99999999999", 99_999_999_999), ("Mon,%2002%20Mar%202026%2003:31:40%20GMT", 100),
            ("Mon,%2002%20Mar%202026%2003:29:00%20GMT", 0), ("-1", nil), ("soon", nil), ("1.5", nil), ("%20", nil),
        ] as [(String, Int64?)])
    func `a service that asks to be left alone for a while is heard, in seconds or until a date`(text: String, seconds: Int64?) async throws
    {
        let server = try ServerProcess("web_server.py")
        let handover = await post(.sample(), to: "http://127.0.0.1:\(server.port)/later/\(text)/503")
        #expect(handover == .failed("The web service answered 503.", retryAfter: seconds.map { .seconds($0) }))
    }

    @Test func `a service that is silent or not there is asked again`() async throws {
        let server = try ServerProcess("web_server.py")
        let silent = "http://127.0.0.1:\(server.port)/silent"
        #expect(await post(.sample(), to: silent, timeout: .milliseconds(200)) == .failed("The web service does not answer."))
        #expect(await post(.sample(), to: "http://127.0.0.1:1/") == .failed("The web service does not answer."))
    }

    private func post(_ letter: Letter, to url: String, timeout: Duration = .seconds(10)) async -> Handover {
        let configuration = WebhookConfiguration(url: url, secret: "hush")
        return await WebhookTransport(configuration, timeout: timeout, unixTime: { 1_772_422_200 }).handOver(letter)
    }
}
