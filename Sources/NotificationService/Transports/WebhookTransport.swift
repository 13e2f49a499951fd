import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NotificationRules
import ServiceKit

/// Posts letters as JSON to a web service, signed: `X-HMS-Signature: t=<unix time>,v1=<hex>`, where the hex is the
/// HMAC-SHA-256 of `<unix time>.<body>` under the shared secret. The receiver compares both, and knows a letter that comes
/// again by its `Idempotency-Key`.
final class WebhookTransport: Transport {
    private let url: String
    private let signature: WebhookSignature
    private let client: HTTPClient
    private let timeout: Duration
    private let unixTime: @Sendable () -> Int64

    init(
        _ configuration: WebhookConfiguration, timeout: Duration = .seconds(10),
        unixTime: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
    ) {
        url = configuration.url
        signature = WebhookSignature(secret: configuration.secret)
        self.timeout = timeout
        self.unixTime = unixTime
        var options = HTTPClient.Configuration(redirectConfiguration: .disallow)
        options.timeout.connect = .seconds(5)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
    }

    deinit {
        client.shutdown { _ in }
    }

    func handOver(_ letter: Letter) async -> Handover {
        guard let body = try? letter.json() else { return .refused("The notification has no JSON form.") }
        do {
            let response = try await client.execute(request(for: letter, body), timeout: TimeAmount(timeout))
            return Handover(answeredWith: Int(response.status.code), retryAfter: RetryAfter.pause(in: response.headers, at: unixTime()))
        } catch {
            return .failed("The web service does not answer.")
        }
    }

    private func request(for letter: Letter, _ body: [UInt8]) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers = [
            "Content-Type": "application/json", "Idempotency-Key": letter.notificationID, "X-Correlation-ID": letter.correlationID,
            "X-HMS-Signature": signature.text(of: body, at: unixTime()),
        ]
        request.body = .bytes(body)
        return request
    }
}

/// How long a web service asks to be left alone (RFC 9110, 10.2.3).
enum RetryAfter {
    /// Given in seconds or as a date; nil where it does not say.
    static func pause(in headers: HTTPHeaders, at unixTime: Int64) -> Duration? {
        guard let text = headers.first(name: "Retry-After") else { return nil }
        if let seconds = Int64(text), seconds >= 0 { return .seconds(seconds) }
        return RetryAfterDate(text).map { .seconds(max(0, $0.unixTime - unixTime)) }
    }
}

/// A date as HTTP headers hold it: `Sun, 06 Nov 1994 08:49:37 GMT`.
struct RetryAfterDate {
    let unixTime: Int64

    init?(_ text: String) {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        guard let date = format.date(from: text) else { return nil }
        unixTime = Int64(date.timeIntervalSince1970)
    }
}

extension Handover {
    /// A service that fails, has too much to do, or does not know us now is asked again: its keys may be changed meanwhile.
    /// One that says no to the letter, or sends elsewhere, means it.
    init(answeredWith status: Int, retryAfter: Duration?) {
        switch status {
        case 200..<300: self = .accepted
        case 401, 408, 429, 500...: self = .failed("The web service answered \(status).", retryAfter: retryAfter)
        default: self = .refused("The web service answered \(status).")
        }
    }
}
