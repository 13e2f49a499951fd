import FieldChecks
import NIOCore
import RPC
import Testing

@testable import RESTShim

@Suite(.timeLimit(.minutes(10))) struct ProblemTests {
    @Test(arguments: [
        (StatusCode.invalidArgument, 400), (.unauthenticated, 401), (.permissionDenied, 403), (.notFound, 404), (.alreadyExists, 409),
        (.failedPrecondition, 409), (.aborted, 412), (.outOfRange, 422), (.resourceExhausted, 500), (.unimplemented, 501),
        (.unavailable, 503), (.cancelled, 503), (.deadlineExceeded, 504), (.internal, 500), (.unknown, 500), (.dataLoss, 500),
    ])
    func `each status of a call has its HTTP status`(code: StatusCode, status: Int) async throws {
        try await Shim.run(channel: FakeChannel { _ in throw RPCError(code, "SOME_CODE", "Some sentence.") }) { shim async throws in
            let answer = try await shim.ask("GET", "/v1/samples/s_1")
            #expect(answer.status == status)
            #expect(answer["Content-Type"] == "application/problem+json")
            #expect(answer.json["status"] as? Int == status)
            let ours = [500: "INTERNAL", 501: "UNIMPLEMENTED"][status] ?? (code == .cancelled ? "UNAVAILABLE" : "SOME_CODE")
            #expect(answer.code == ours)
            #expect((answer.json["detail"] as? String == "Some sentence.") == ![500, 503].contains(status))
            #expect((answer["Retry-After"] == "1") == [503].contains(status))
            #expect((answer["WWW-Authenticate"] != nil) == (status == 401))
        }
    }

    @Test(arguments: [
        ("MESSAGE_TOO_LARGE", nil, 413, "BODY_TOO_LARGE"), ("METADATA_TOO_LARGE", nil, 431, "HEADER_TOO_LARGE"),
        ("QUOTA", nil, 500, "INTERNAL"), ("QUOTA", Duration.seconds(7), 503, "OVERLOADED"),
    ])
    func `what is exhausted for good is never "come back later", and what passes says when`(
        reason: String, retryAfter: Duration?, status: Int, code: String
    ) async throws {
        let error = RPCError(.resourceExhausted, reason, "Too much.", retryAfter: retryAfter)
        try await Shim.run(channel: FakeChannel { _ in throw error }) { shim async throws in
            let answer = try await shim.ask("GET", "/v1/samples/s_1")
            #expect(answer.status == status && answer.code == code)
            #expect(answer["Retry-After"] == (retryAfter == nil ? nil : "7"))
        }
    }

    @Test func `a problem carries everything that a client can act on`() async throws {
        let violations = [
            FieldViolation(field: "name", message: "is \"missing\"\n"), FieldViolation(field: "tags[2]", message: "is too long"),
        ]
        let channel = FakeChannel { _ in
            throw RPCError(.invalidArgument, "INVALID_ARGUMENT", "Two fields are wrong.", violations: violations)
        }
        try await Shim.run(channel: channel) { shim async throws in
            let answer = try await shim.ask("POST", "/v1/samples", ["X-Correlation-ID": "c-1"], body: "{}")
            #expect(answer.json["type"] as? String == "urn:hms:problem:INVALID_ARGUMENT")
            #expect(answer.json["title"] as? String == "Invalid argument")
            #expect(answer.json["correlation_id"] as? String == "c-1")
            let told = answer.json["violations"] as? [[String: String]] ?? []
            #expect(told == violations.map { ["field": $0.field, "message": $0.message] })
        }
    }

    @Test func `a client is told when to come back as the service says it, in whole seconds`() async throws {
        let error = RPCError(.failedPrecondition, "IDEMPOTENCY_IN_PROGRESS", "Wait.", retryAfter: .milliseconds(2100))
        try await Shim.run(channel: FakeChannel { _ in throw error }) { shim async throws in
            let answer = try await shim.ask("POST", "/v1/samples", body: "{}")
            #expect(answer.status == 409)
            #expect(answer["Retry-After"] == "3")
        }
    }

    @Test func `who wants something stored on a full disk is told so in words`() async throws {
        let error = RPCError(.unavailable, "STORAGE_FULL", "/var is full", retryAfter: .seconds(30))
        try await Shim.run(channel: FakeChannel { _ in throw error }) { shim async throws in
            let answer = try await shim.ask("POST", "/v1/samples", body: "{}")
            #expect(answer.status == 503 && answer.code == "UNAVAILABLE")
            #expect(answer["Retry-After"] == "30")
            let detail = try #require(answer.json["detail"] as? String)
            #expect(detail.contains("The disk is full") && !detail.contains("/var"))
        }
    }

    @Test func `a service that isn't configured is unavailable, not unknown`() async throws {
        try await Shim.run { shim async throws in
            let answer = try await shim.ask("GET", "/v1/absent")
            #expect(answer.status == 503 && answer.code == "UNAVAILABLE")
            #expect(answer["Retry-After"] == "1")
        }
    }

    struct Leak: Error {}

    @Test func `an unexpected error tells nothing of the inside`() async throws {
        try await Shim.run(channel: FakeChannel { _ in throw Leak() }) { shim async throws in
            let answer = try await shim.ask("GET", "/v1/samples/s_1")
            #expect(answer.status == 500 && answer.code == "INTERNAL")
            #expect(!answer.text.contains("Leak"))
        }
    }
}
