import NIOCore

@testable import RPC

/// The server's side of a connection without a socket or a clock: a test says what comes when.
struct ConnectedServer {
    var core: ConnectionCore
    var calls: ServerCalls
    var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    let load: ServerLoad
    private var decoder = FrameDecoder(limits: ConnectionLimits())
    private var isGreeted = false

    /// Patient with everything for an hour, unless a test says otherwise.
    static var patience: HealthRules {
        HealthRules(
            frameTimeout: .hours(1), slowReaderTimeout: .hours(1), keepaliveInterval: .hours(1), keepaliveTimeout: .hours(1),
            idleTimeout: .hours(1), maximumAge: nil)
    }

    init(limits: ConnectionLimits = ConnectionLimits(), rules: HealthRules = patience, maximumHeldBytes: Int = 1 << 30) {
        load = ServerLoad(maximumCalls: 1000, maximumBytes: maximumHeldBytes)
        core = ConnectionCore(role: .server, limits: limits, rules: rules, load: load)
        let callRules = ServerCallRules(overloadPushback: .milliseconds(200), maximumTimeout: .hours(2), ageGrace: .seconds(30))
        calls = ServerCalls(
            table: ServiceTable(services: [TestService.echo, .stream(count: 0)], interceptors: [], logger: quietLogger), rules: callRules,
            load: load)
        core.opened(at: now)
    }

    /// One that has been greeted.
    static func greeted(
        limits: ConnectionLimits = ConnectionLimits(), rules: HealthRules = patience, maximumHeldBytes: Int = 1 << 30
    ) -> ConnectedServer {
        var server = ConnectedServer(limits: limits, rules: rules, maximumHeldBytes: maximumHeldBytes)
        _ = server.receive(RawConnection.greeting)
        _ = server.written()
        return server
    }

    /// Lets bytes arrive, and answers what is to be done.
    mutating func receive(_ bytes: ByteBuffer) -> [ServerCalls.Event] {
        core.receive(bytes, at: now)
        return events()
    }

    mutating func events() -> [ServerCalls.Event] {
        var events: [ServerCalls.Event] = []
        while let event = calls.nextEvent(on: &core, at: now) { events.append(event) }
        return events
    }

    /// Lets time pass.
    mutating func wait(_ amount: TimeAmount) -> [ServerCalls.Event] {
        now = now + amount
        calls.advance(to: now, on: &core)
        return events()
    }

    /// The frames that were written since this was last asked.
    mutating func written() -> [Frame] {
        decoder.append(core.takeOutbound())
        if !isGreeted, case .preface = decoder.nextPreface() { isGreeted = true }
        var frames: [Frame] = []
        while let frame = try? decoder.nextFrame() { frames.append(frame) }
        return frames
    }

    var isOpen: Bool { core.phase == .open }

    /// A REQUEST for the echo.
    static func request(_ streamID: UInt32, byteCount: Int) -> ByteBuffer {
        let request = Request(
            methodID: MethodDescriptor.echo.id, timeoutMilliseconds: 0, trace: nil, metadata: Metadata(),
            message: ByteBuffer(repeating: 1, count: byteCount))
        var bytes = ByteBuffer()
        request.write(to: &bytes, streamID: streamID)
        return bytes
    }
}

extension ServerCalls.Event {
    var call: ServerCall? {
        if case .begun(let call, _) = self { call } else { nil }
    }

    var fault: ConnectionFault? {
        if case .failed(let fault) = self { fault } else { nil }
    }
}

extension ByteBuffer {
    /// Cut in two after `count` bytes.
    func cut(at count: Int) -> (ByteBuffer, ByteBuffer) {
        var rest = self
        let beginning = rest.readSlice(length: count) ?? ByteBuffer()
        return (beginning, rest)
    }
}
