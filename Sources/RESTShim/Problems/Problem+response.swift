import FieldChecks
import NIOHTTP1
import ProtobufJSON

extension Problem {
    static let contentType: StaticString = "application/problem+json"

    func response(correlationID: String) -> HTTPResponse {
        var response = HTTPResponse(status: status, contentType: Problem.contentType)
        response.set("WWW-Authenticate", challenge)
        response.set("Allow", allow)
        response.set("Retry-After", retryAfterSeconds)
        response.set("Cache-Control", "no-store")
        response.body = .bytes(json(correlationID: correlationID))
        return response
    }

    /// A second at least.
    var retryAfterSeconds: String? { retryAfter.map { String(max(1, $0.secondsRoundedUp)) } }

    private func json(correlationID: String) -> [UInt8] {
        JSONWriter.document { object in
            object.member("type", "urn:hms:problem:\(code)")
            object.member("title", title)
            object.member("status", Int(status.code))
            object.member("detail", detail)
            object.member("code", code)
            object.member("correlation_id", correlationID)
            object.array("violations", violations) { violation, element in
                element.member("field", violation.field)
                element.member("message", violation.message)
            }
        }
    }

    /// The code in words: `Patient not found`.
    private var title: String {
        let words = code.lowercased().split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}

extension Duration {
    fileprivate var secondsRoundedUp: Int64 {
        components.attoseconds > 0 ? components.seconds + 1 : components.seconds
    }
}
