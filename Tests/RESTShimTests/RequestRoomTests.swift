import Contracts
import NIOCore
import PublicRoutes
import RPC
import Testing

@testable import RESTShim

/// More requests than the shim works on at once.
@Suite(.timeLimit(.minutes(10))) struct RequestRoomTests {
    private static let booking =
        #"{"patient_id":"pat_1","doctor_id":"doc_1","department":"Cardiology","slot_start":"2030-01-01T04:00:00Z"}"#

    private static let healthy = ClientReply(payload: CheckResponse(status: .serving).payload())

    /// A shim with five places, four of which are taken by requests for patients that are answered when `body` is done.
    private func withFourAtWork(_ body: (Shim) async throws -> Void) async throws {
        let (started, tellStarted) = AsyncStream.makeStream(of: Void.self)
        let (end, letGo) = AsyncStream.makeStream(of: Void.self)
        let patients = FakeChannel { call in
            if call.method == HealthServiceMethods.check { return Self.healthy }
            tellStarted.yield()
            for await _ in end {}
            throw RPCError.notFound("PATIENT_NOT_FOUND")
        }
        let appointments = FakeChannel { call in
            if call.method == HealthServiceMethods.check { return Self.healthy }
            throw RPCError(.failedPrecondition, "DOCTOR_SLOT_TAKEN", "Taken.")
        }
        let channels: [String: any RPCChannel] = ["patient": patients, "appointment": appointments]
        try await Shim.run(
            routes: Contracts.routes, channels: channels,
            configure: { ($0.admission.minimum, $0.admission.maximum) = (5, 5) }
        ) { shim async throws in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await shim.ask("GET", "/v1/patients/pat_1").status } }
                var begun = started.makeAsyncIterator()
                for _ in 0..<4 { _ = await begun.next() }
                try await body(shim)
                letGo.finish()
                for try await status in group { #expect(status == 404) }
            }
            #expect(try await shim.ask("GET", "/v1/patients/pat_1").status == 404)
        }
    }

    @Test func `a request that finds no room is told to come again, and the connection goes on`() async throws {
        try await withFourAtWork { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                for _ in 0..<3 {
                    try await connection.send(
                        "GET /v1/patients/pat_1 HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(try await shim.token())\r\n\r\n")
                    let answer = try await connection.answer()
                    #expect(answer.status == 503 && answer.code == "OVERLOADED" && answer["Retry-After"] == "1")
                    #expect(answer["Connection"] != "close")
                }
            }
        }
    }

    @Test func `the last place is for a booking`() async throws {
        try await withFourAtWork { shim async throws in
            let answer = try await shim.ask("POST", "/v1/appointments", body: Self.booking)
            #expect(answer.status == 409 && answer.code == "DOCTOR_SLOT_TAKEN")
        }
    }

    @Test func `who asks for health is answered`() async throws {
        try await withFourAtWork { shim async throws in
            for _ in 0..<3 {
                #expect(try await shim.ask("GET", "/livez", role: nil).status == 200)
                let ready = try await shim.ask("GET", "/readyz", role: nil)
                #expect(ready.status == 503 && ready.code == nil && ready.text.contains(#""patient":"SERVING""#), "\(ready.text)")
            }
        }
    }
}
