import NIOCore
import Testing

@testable import RPC

/// What goes first where a server has no room for everybody.
@Suite(.timeLimit(.minutes(10))) struct PriorityTests {
    private func load(_ maximum: Int) -> ServerLoad {
        ServerLoad(maximumCalls: maximum, maximumBytes: 1 << 30)
    }

    private func taken(_ load: ServerLoad, _ priority: CallPriority) -> Int {
        (0..<1_000).prefix { _ in load.admit(bytes: 0, priority) }.count
    }

    @Test(arguments: [(100, 80), (10, 8), (4, 4), (1, 1)])
    func `a fifth of the room is kept for what is critical`(maximum: Int, ordinary: Int) {
        let load = load(maximum)
        #expect(taken(load, .ordinary) == ordinary)
        #expect(taken(load, .critical) == maximum - ordinary)
        #expect(taken(load, .ordinary) == 0)
        #expect(taken(load, .always) == 1_000)
    }

    @Test func `what is critical takes the room of others as well, where there is any`() {
        let load = load(100)
        #expect(taken(load, .critical) == 100)
        #expect(taken(load, .ordinary) == 0)
    }

    private func request(_ streamID: UInt32, _ priority: CallPriority) -> ByteBuffer {
        let request = Request(
            methodID: MethodDescriptor.echo.id, timeoutMilliseconds: 0, trace: nil, priority: priority, metadata: Metadata(),
            message: .payload(ByteBuffer(string: "x")))
        var bytes = ByteBuffer()
        request.write(to: &bytes, streamID: streamID)
        return bytes
    }

    /// A server of a thousand places, on which so many calls are in flight.
    private func server(inFlight: Int) -> ConnectedServer {
        var limits = ConnectionLimits()
        limits.maximumCallsInFlight = 2_000
        let server = ConnectedServer.greeted(limits: limits)
        for _ in 0..<inFlight { _ = server.load.admit(bytes: 0, .always) }
        return server
    }

    @Test func `a call that is made for a critical one says so, and is taken on where others are refused`() throws {
        var server = server(inFlight: 800)
        #expect(server.receive(request(1, .ordinary)).first?.call == nil)
        let call = try #require(server.receive(request(3, .critical)).first?.call)
        #expect(call.context.priority == .critical)
        #expect(CallOptions(from: call.context).priority == .critical)
    }

    @Test func `nobody can ask to be never refused`() {
        var server = server(inFlight: 1_000)
        #expect(server.receive(request(1, .always)).first?.call == nil)
    }

    @Test func `a refused call has not been begun, and is told when to come again`() throws {
        var server = server(inFlight: 800)
        _ = server.receive(request(1, .ordinary))
        let response = try Response(reading: try #require(server.written().last))
        guard case .error(let error) = response.outcome else { return #expect(Bool(false), "it was answered") }
        #expect(error.reason == "OVERLOADED" && error.retryAfter == .milliseconds(200) && response.isNotProcessed)
        #expect(server.load.callsShed == 1)
    }

    @Test func `a method that the contract calls critical needs no word of its caller`() {
        let context = CallContext(method: MethodDescriptor(name: "test.Desk/Book", priority: .critical))
        #expect(context.priority == .critical)
    }
}
