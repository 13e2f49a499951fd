import HMSTestKit
import PlainText
import Testing

extension Answer {
    /// Where the answer to a request is not what the API's description says.
    func faults(to method: String, _ target: String) throws -> [String] {
        let json = body.isEmpty ? nil : try? JSONValue(parsing: body)
        return try APIDocument.current.get().faults(
            of: APIDocument.Answer(to: method, target, status: status, headers: fields, body: json))
    }
}
