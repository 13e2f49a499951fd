import Foundation
import HMSTestKit
import HospitalClient
import PlainText
import ServiceKit
import Testing

extension Stories {
    /// Every operation is asked for what it can't give, with what its own examples say. What it answers must be described.
    @Suite struct EveryRefusal {
        @Test func `a stranger, a wrong role, an unknown parameter and a record that is not there are refused as described`() async throws {
            let clinic = try Clinic.ofThisStory
            let document = try APIDocument.current.get()
            let stranger = try clinic.caller(token: "eyJhbGciOiJub25lIn0.e30.")
            let roles = [try await clinic.reception, try await clinic.billing, try await clinic.caller(.doctor), try await clinic.admin]
            for operation in document.operations where operation.path.hasPrefix("/v1/") {
                let example = Example(operation, document)
                try await stranger.send(example.request).expect(401, "UNAUTHENTICATED")
                try await clinic.admin.send(example.request.asking("no_such_parameter", "1")).expect(400, "INVALID_ARGUMENT")
                for caller in roles { _ = try await caller.send(example.request) }
            }
            let seen = DescribedAnswers.all.names
            for operation in document.operations where operation.path.contains("{") {
                #expect(seen.contains("\(operation) 404"), "\(operation)")
            }
        }

        /// An operation asked for as its examples say: of records that are not there.
        private struct Example {
            let request: APIRequest

            init(_ operation: APIDocument.Operation, _ document: APIDocument) {
                let parameters = (operation.tree["parameters"]?.elements ?? []).compactMap { document.resolved($0) }
                var path = operation.path
                var query: [(name: String, value: String)] = []
                var headers: [(name: String, value: String)] = []
                for parameter in parameters where parameter["required"] == true {
                    let name = parameter["name"]?.text ?? ""
                    let value = parameter["example"]?.text ?? document.resolved(parameter["schema"])?["enum"]?.elements.first?.text ?? ""
                    if parameter["in"] == "path" {
                        path = path.split(separator: "{\(name)}", omittingEmptySubsequences: false).joined(separator: value)
                    }
                    if parameter["in"] == "query" { query.append((name: name, value: value)) }
                    if name == "Idempotency-Key" { headers.append((name: name, value: UUID().uuidString)) }
                }
                let schema = operation.tree["requestBody"]?["content"]?["application/json"]?["schema"]
                let body = document.resolved(schema)?["examples"]?.elements.first
                request = APIRequest(
                    APIRequest.Method(rawValue: operation.method) ?? .get, path, query: query, body: body, headers: headers)
            }
        }
    }
}

extension APIRequest {
    fileprivate func asking(_ name: String, _ value: String) -> APIRequest {
        var request = self
        request.query.append((name: name, value: value))
        return request
    }
}
