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

    // MARK: gRPC

    @Test func `a call of gRPC finds no more room than a request of REST, and a booking has the last place`() async throws {
        try await withFourAtWork { shim async throws in
            let token = [("authorization", "Bearer \(try await shim.token())")]
            try await FrameConnection.open(port: shim.port) { client in
                for stream in [1, 3, 5] {
                    try await client.call(stream, "hms.patient.v1.PatientService/GetPatient", "", token)
                    let answer = try await client.answer(on: stream)
                    #expect(answer.grpcStatus == 14 && answer["grpc-retry-pushback-ms"] == "1000")
                }
                // What was refused holds no place.
                try await client.call(7, "hms.appointment.v1.AppointmentService/BookAppointment", "", token)
                #expect(try await client.answer(on: 7).grpcStatus == 9)
                try await client.call(9, "grpc.health.v1.Health/Check", "", [])
                #expect(try await client.answer(on: 9).grpcStatus == 0)
            }
        }
    }

    /// Bodies that are there and not worked on, by many clients: each has sent its whole message, and does not end its request.
    @Test func `messages that wait for their request's end count among the bodies of all`() async throws {
        try await Shim.run(configure: { $0.limits.bodyBudget = 200_000 }) { shim async throws in
            let token = [("authorization", "Bearer \(try await shim.token())")]
            let message = FrameConnection.message(String(repeating: "x", count: 60_000))
            try await Self.withConnections(6, to: shim.port, []) { clients in
                for client in clients { try await client.begin(1, "hms.sample.v1.SampleService/Get", token) }
                for client in clients { try await Self.send(message, by: client) }
                // Three have room.
                for client in clients.suffix(3) { #expect(try await client.answer(on: 1).grpcStatus == 14) }
                for client in clients.prefix(3) {
                    try await client.send(FrameConnection.data, flags: 1, stream: 1)
                    #expect(try await client.answer(on: 1).grpcStatus == 0)
                }
            }
            // All of it was given back.
            let body = #"{"a":"\#(String(repeating: "x", count: 190_000))"}"#
            #expect(try await shim.ask("POST", "/v1/samples", body: body).status == 201)
        }
    }

    @Test func `messages that are worked on count among the bodies of all until they are answered, by gRPC and by Connect`() async throws {
        let (started, tellStarted) = AsyncStream.makeStream(of: Void.self)
        let (end, letGo) = AsyncStream.makeStream(of: Void.self)
        let channel = FakeChannel { _ in
            tellStarted.yield()
            for await _ in end {}
            return ClientReply(payload: ByteBuffer(string: "{}"))
        }
        try await Shim.run(channel: channel, configure: { $0.limits.bodyBudget = 200_000 }) { shim async throws in
            let token = [("authorization", "Bearer \(try await shim.token())")]
            let message = FrameConnection.message(String(repeating: "x", count: 60_000))
            try await Self.withConnections(3, to: shim.port, []) { clients in
                var begun = started.makeAsyncIterator()
                for client in clients {
                    try await client.begin(1, "hms.sample.v1.SampleService/Get", token)
                    try await Self.send(message, by: client)
                    try await client.send(FrameConnection.data, flags: 1, stream: 1)
                    _ = await begun.next()
                }
                // A fourth finds no room, however it comes.
                let body = #"{"a":"\#(String(repeating: "x", count: 60_000))"}"#
                for target in ["/v1/samples", "/hms.patient.v1.PatientService/CreatePatient"] {
                    let answer = try await shim.ask("POST", target, body: body)
                    #expect(answer.status == 503 && answer.text.contains("There is no room"))
                }
                letGo.finish()
                for client in clients { #expect(try await client.answer(on: 1).grpcStatus == 0) }
                #expect(try await shim.ask("POST", "/v1/samples", body: body).status == 201)
            }
        }
    }

    /// As many frames as a message takes. The server has them when this returns.
    private static func send(_ message: ByteBuffer, by client: FrameConnection) async throws {
        var rest = message
        while let piece = rest.readSlice(length: min(16_384, rest.readableBytes)), piece.readableBytes > 0 {
            try await client.send(FrameConnection.data, stream: 1, payload: piece)
        }
        try await client.send(FrameConnection.ping, payload: ByteBuffer(integer: UInt64(1)))
        _ = try await client.next(FrameConnection.ping)
    }

    private static func withConnections(
        _ count: Int, to port: Int, _ open: [FrameConnection], _ body: ([FrameConnection]) async throws -> Void
    ) async throws {
        guard open.count < count else { return try await body(open) }
        try await FrameConnection.open(port: port) { try await withConnections(count, to: port, open + [$0], body) }
    }
}
