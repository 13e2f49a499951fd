import NIOCore
import Testing

@testable import RPC

/// Who may speak with whom over TLS, and what is said to those who may not.
@Suite(.timeLimit(.minutes(1))) struct TLSTests {
    let hospital: TestAuthority
    let stranger: TestAuthority

    init() throws {
        hospital = try TestAuthority()
        stranger = try TestAuthority()
    }

    /// What a call between the two ends in: the reply's text, or the error.
    private func call(_ server: RPCServerOptions, _ client: RPCClientOptions, _ request: ByteBuffer = .text("x")) async throws -> String {
        try await withServer(TestService.echo, options: server) { _, address in
            try await withClient(address, options: client) { client in
                do { return try await client.call(.echo, request, CallOptions()).payload.text } catch { return "\(error)" }
            }
        }
    }

    @Test func `services of one hospital call each other`() async throws {
        #expect(try await call(hospital.server(), hospital.client()) == "x")
    }

    @Test func `a large message crosses as whole as a small one`() async throws {
        let text = String(repeating: "large", count: 500_000)
        #expect(try await call(hospital.server(), hospital.client(), .text(text)) == text)
    }

    @Test func `a client turns away from a server with another name`() async throws {
        let outcome = try await call(hospital.server(), hospital.client(to: "billing.hms"))
        #expect(outcome.contains("the peer's certificate is for another name"))
    }

    @Test func `a client turns away from a server for which another authority vouches`() async throws {
        let server = try hospital.server(stranger.material("patient.hms"))
        #expect(try await call(server, hospital.client()).contains("the peer's certificate is not valid here"))
    }

    @Test func `a server turns away from a client for which another authority vouches, and he hears why`() async throws {
        let client = try hospital.client(stranger.material("appointment.hms", trusting: hospital))
        #expect(try await call(hospital.server(), client).contains("the peer refuses our certificate: it does not know the authority"))
    }

    @Test func `a server turns away from a client whose certificate names nobody it knows`() async throws {
        let outcome = try await call(hospital.server(), hospital.client(hospital.material("coffee.hms", "appointment.hms.evil")))
        #expect(outcome.hasPrefix("unavailable"))
    }

    @Test func `an expired certificate is refused on either side`() async throws {
        let server = try hospital.server(hospital.material("patient.hms", validity: TestAuthority.past))
        #expect(try await call(server, hospital.client()).contains("has expired"))
        let client = try hospital.client(hospital.material("appointment.hms", validity: TestAuthority.past))
        #expect(try await call(hospital.server(), client).contains("the peer refuses our certificate: it has expired"))
    }

    @Test func `a client without TLS hears that the server may want it`() async throws {
        var plain = RPCClientOptions.patient
        plain.retry.maximumAttempts = 1
        #expect(try await call(hospital.server(), plain).contains("perhaps it wants TLS"))
    }

    @Test func `a client with TLS hears that the server may speak none`() async throws {
        #expect(try await call(.patient, hospital.client()).contains("perhaps it does not speak TLS"))
    }

    @Test func `half a handshake ends with the time that a HELLO has`() async throws {
        var options = try hospital.server()
        options.limits.helloTimeout = .milliseconds(50)
        try await withServer(TestService.echo, options: options) { server, address in
            let silent = try await RawConnection.open(address)
            let slow = try await RawConnection.open(address)
            slow.send([0x16, 0x03, 0x01, 0x02])
            try await silent.closed()
            try await slow.closed()
            #expect(silent.receivedNothing && slow.receivedNothing)
        }
    }

    @Test func `who hangs in his handshake keeps out those after him, and not for longer than he is there`() async throws {
        var options = try hospital.server()
        options.tls?.maximumHandshakes = 2
        try await withServer(TestService.echo, options: options) { server, address in
            let hanging = [try await RawConnection.open(address), try await RawConnection.open(address)]
            while server.connectionCount < 2 { await Task.yield() }
            let surplus = try await RawConnection.open(address)
            try await surplus.closed()
            for connection in hanging { connection.close() }
            while server.connectionCount > 0 { await Task.yield() }
            try await withClient(address, options: hospital.client()) { client in
                let reply = try await client.call(.echo, .text("x"), CallOptions())
                #expect(reply.payload.text == "x")
            }
        }
    }

    @Test func `connections that end in good order leave no handshake behind`() async throws {
        var options = try hospital.server()
        options.tls?.maximumHandshakes = 1
        try await withServer(TestService.echo, options: options) { _, address in
            for _ in 0..<5 {
                try await withClient(address, options: hospital.client()) { client in
                    let reply = try await client.call(.echo, .text("x"), CallOptions())
                    #expect(reply.payload.text == "x")
                }
            }
        }
    }
}
