import Logging
import NIOCore
import Synchronization
import Testing

@testable import RPC

/// Every call that reached a server is told to its observer, however it ended.
@Suite(.timeLimit(.minutes(1))) struct ObserverTests {
    private let gate = Gate()

    private var gated: TestService {
        TestService(
            (
                .echo,
                { [gate] call in
                    await gate.pass()
                    return ServerReply(payload: call.payload)
                }
            ))
    }

    private func options(_ observer: EndedCalls) -> RPCServerOptions {
        var options = RPCServerOptions.patient
        options.observer = observer
        return options
    }

    @Test func `a call to a method that nobody serves is seen`() async throws {
        let ended = EndedCalls()
        try await withServer(TestService.echo, options: options(ended)) { _, address in
            try await withClient(address) { client in
                _ = await rpcError { try await client.call(.change, ByteBuffer(), CallOptions()) }
            }
        }
        #expect(ended.codes == [.unimplemented])
    }

    @Test func `a call that is refused because there are too many is seen`() async throws {
        let ended = EndedCalls()
        var options = options(ended)
        options.maximumCallsInFlight = 1
        try await withServer(gated, options: options) { _, address in
            try await withClient(address) { client in
                async let first = client.call(.echo, ByteBuffer(), CallOptions())
                await gate.arrivals(1)
                _ = await rpcError { try await client.call(.echo, ByteBuffer(), CallOptions(retry: false)) }
                #expect(ended.codes == [.unavailable])
                gate.open()
                _ = try await first
            }
        }
        #expect(ended.codes == [.unavailable, .ok])
        #expect(ended.methods == [.echo, .echo])
    }

    @Test func `calls whose connection is lost are seen`() async throws {
        let ended = EndedCalls()
        try await withServer(gated, options: options(ended)) { server, address in
            let connection = try await RawConnection.greeted(address)
            connection.send { bytes in
                for id in [1, 3] as [UInt32] {
                    Request(
                        methodID: MethodDescriptor.echo.id, timeoutMilliseconds: 0, trace: nil, metadata: Metadata(), message: ByteBuffer()
                    ).write(to: &bytes, streamID: id)
                }
            }
            await gate.arrivals(2)
            connection.close()
            while server.connectionCount > 0 { await Task.yield() }
            #expect(ended.codes == [.cancelled, .cancelled])
            gate.open()
        }
        #expect(ended.codes.count == 2)
    }

    @Test func `calls that outlast the grace of a stop are seen`() async throws {
        let ended = EndedCalls()
        let server = RPCServer(services: [gated], options: options(ended), logger: quietLogger)
        let address = try await server.start()
        try await withClient(address) { client in
            async let error = rpcError { try await client.call(.echo, ByteBuffer(), CallOptions(retry: false)) }
            await gate.arrivals(1)
            await server.shutdownGracefully(grace: .zero)
            #expect(await error?.code == .unavailable)
        }
        #expect(ended.codes == [.unavailable])
        gate.open()
    }

    @Test func `what goes wrong in a call that its caller can't have caused stands in the log`() async throws {
        struct Broken: Error {}
        let lines = LogLines()
        let method = ServedMethod(.echo, of: TestService((.echo, { _ in throw Broken() })), behind: [], logger: lines.logger)
        let context = CallContext(method: .echo, metadata: ["x-correlation-id": "c-7"])
        let call = ServerCall(context: context, payload: ByteBuffer())
        await #expect(throws: RPCError.internal) { try await method.run(call).get() }
        #expect(lines.all.count == 1)
        #expect(lines.all.first?.contains("Broken") == true)
        #expect(lines.all.first?.contains("c-7") == true)
    }
}

/// Remembers how calls ended, in their order.
final class EndedCalls: CallObserver {
    private let calls = Mutex<[(method: MethodDescriptor, code: StatusCode)]>([])

    var codes: [StatusCode] { calls.withLock { $0.map(\.code) } }
    var methods: [MethodDescriptor] { calls.withLock { $0.map(\.method) } }

    func callEnded(_ method: MethodDescriptor, _ code: StatusCode, after duration: Duration) {
        calls.withLock { $0.append((method, code)) }
    }
}

/// Keeps what is logged, each line with its metadata.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock(\.self) }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(lines: self) }
    }

    private func add(_ line: String) {
        lines.withLock { $0.append(line) }
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.add("\(event.message) \(event.metadata ?? [:])")
        }
    }
}
