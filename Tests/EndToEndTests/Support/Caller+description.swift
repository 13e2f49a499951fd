import HMSTestKit
import HospitalClient
import Synchronization
import Testing

/// Every answer that a story gets is held to the API's description, and remembered.
final class DescribedAnswers: Sendable {
    private let seen = Mutex<Set<String>>([])

    static let all = DescribedAnswers()

    /// `GET /v1/patients/{patient_id} 200`
    var names: Set<String> { seen.withLock { $0 } }

    func check(_ reply: APIReply, to request: APIRequest, sourceLocation: SourceLocation) throws {
        let document = try APIDocument.current.get()
        let (method, path) = (request.method.rawValue, request.path)
        let faults = document.faults(
            of: APIDocument.Answer(to: method, path, status: reply.status, headers: reply.headers, body: reply.body))
        #expect(faults == [], sourceLocation: sourceLocation)
        guard let operation = document.operation(method, path) else { return }
        seen.withLock { _ = $0.insert("\(operation) \(reply.status)") }
    }
}
