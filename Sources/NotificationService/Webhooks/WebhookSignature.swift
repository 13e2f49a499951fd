import Crypto
import Foundation

/// `X-HMS-Signature: t=<unix time>,v1=<hex>`, where the hex is the HMAC-SHA-256 of `<unix time>.<body>` under the shared secret.
struct WebhookSignature: Sendable {
    private let key: SymmetricKey

    init(secret: String) {
        key = SymmetricKey(data: Data(secret.utf8))
    }

    func text(of body: [UInt8], at unixTime: Int64) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(unixTime).".utf8) + Data(body), using: key)
        return "t=\(unixTime),v1=\(code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())"
    }
}
