import DequeModule
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// A place for one connection at a time: opens it when a call needs it, opens another when it is lost, and lets calls
/// wait meanwhile, but not for long.
///
/// `@unchecked Sendable`: besides the inbox, which has its lock, everything is touched on the slot's event loop only.
final class ConnectionSlot: @unchecked Sendable {
    private enum State {
        case idle
        case connecting
        case ready(ClientConnectionHandler)
        /// The last attempt failed.
        case backingOff(until: NIODeadline, because: String)
        case closed
    }

    let environment: ClientEnvironment
    let resources: LoopResources
    private let inbox = Mutex<[ClientStream]>([])
    private var state = State.idle
    private var waiting: Deque<ClientStream> = []
    private var failures = 0
    private var addressIndex = 0
    private lazy var reconnection = ConnectionTimer { [weak self] in self?.connect() }

    init(environment: ClientEnvironment, resources: LoopResources) {
        self.environment = environment
        self.resources = resources
    }

    // MARK: Calls

    /// Takes a call from any thread. From other threads many share one wake-up of the loop.
    func submit(_ stream: ClientStream) {
        if resources.eventLoop.inEventLoop { return begin(stream) }
        let isFirst = inbox.withLock { inbox in
            inbox.append(stream)
            return inbox.count == 1
        }
        if isFirst { resources.eventLoop.execute { self.emptyInbox() } }
    }

    func onLoop(_ action: @escaping @Sendable () -> Void) {
        if resources.eventLoop.inEventLoop { action() } else { resources.eventLoop.execute(action) }
    }

    private func emptyInbox() {
        let streams = inbox.withLock { inbox in
            defer { inbox = [] }
            return inbox
        }
        for stream in streams { begin(stream) }
    }

    private func begin(_ stream: ClientStream) {
        if let lapse = stream.begin() { return stream.fail(lapse, isNotProcessed: true) }
        if stream.deadline != .never { resources.timers.set(stream, at: stream.deadline.instant) }
        dispatch(stream)
    }

    private func dispatch(_ stream: ClientStream) {
        switch state {
        case .ready(let connection):
            if waiting.isEmpty, connection.hasRoom { return connection.send(stream) }
            wait(stream)
            connection.settleSoon()
        case .idle:
            wait(stream)
            connect()
        case .connecting:
            wait(stream)
        case .backingOff(let end, let reason):
            let left = end - .now()
            if left > environment.options.patience.timeAmount { return stream.fail(.unavailable(reason), isNotProcessed: true) }
            wait(stream)
            resources.timers.set(reconnection, at: end)
        case .closed:
            stream.fail(.unavailable("the client is closed"), isNotProcessed: true)
        }
    }

    private func wait(_ stream: ClientStream) {
        if waiting.count >= environment.options.maximumWaitingCalls { waiting.removeAll(where: \.isFinished) }
        guard waiting.count < environment.options.maximumWaitingCalls else {
            let pushback = environment.options.patience
            return stream.fail(.overloaded("too many calls wait for the server", retryAfter: pushback), isNotProcessed: true)
        }
        waiting.append(stream)
    }

    /// Ends a call that its caller no longer wants.
    func giveUp(_ stream: ClientStream, with error: RPCError) {
        guard !stream.isFinished else { return }
        guard let connection = stream.connection else { return stream.fail(error, isNotProcessed: true) }
        connection.giveUp(stream, with: error)
    }

    /// The server went away without having looked at this call: it goes over the next connection.
    func turnedAway(_ stream: ClientStream) {
        stream.connection = nil
        guard !stream.wasTurnedAway else { return stream.fail(.unavailable("the server is going away"), isNotProcessed: true) }
        stream.wasTurnedAway = true
        dispatch(stream)
    }

    func hasWaiting(for connection: ClientConnectionHandler) -> Bool {
        guard !waiting.isEmpty, case .ready(let current) = state else { return false }
        return current === connection
    }

    func sendWaiting(on connection: ClientConnectionHandler) {
        while connection.hasRoom, let stream = waiting.popFirst() {
            if !stream.isFinished { connection.send(stream) }
        }
    }

    // MARK: The connection

    private func connect() {
        if case .closed = state { return }
        state = .connecting
        let address = environment.addresses[addressIndex]
        ClientBootstrap(group: resources.eventLoop)
            .connectTimeout(environment.options.connectTimeout.timeAmount)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: environment.options.limits.writeBufferWaterMark)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ClientConnectionHandler(slot: self))
                }
            }
            .connect(host: address.host, port: address.port)
            .whenFailure { error in self.attemptFailed("\(address) can't be reached: \(error)") }
    }

    /// HELLO has come: calls can go.
    func opened(_ connection: ClientConnectionHandler) {
        guard case .connecting = state else { return connection.close() }
        state = .ready(connection)
        failures = 0
        connection.settleSoon()
    }

    /// Rests when every address has failed in turn. Calls outwait a short rest; a long one they are spared.
    func attemptFailed(_ reason: String) {
        guard case .connecting = state else { return }
        environment.logger.info("a server can't be reached", metadata: ["reason": "\(reason)"])
        addressIndex = (addressIndex + 1) % environment.addresses.count
        failures += 1
        waiting.removeAll(where: \.isFinished)
        let wait =
            failures % environment.addresses.count == 0
            ? environment.options.reconnect.wait(afterFailures: failures / environment.addresses.count) : .zero
        let end = NIODeadline.now() + wait.timeAmount
        state = .backingOff(until: end, because: reason)
        if wait > environment.options.patience {
            failWaiting(.unavailable(reason))
        } else if !waiting.isEmpty {
            resources.timers.set(reconnection, at: end)
        }
    }

    /// The connection takes no more calls. The next call opens another.
    func lost(_ connection: ClientConnectionHandler) {
        guard case .ready(let current) = state, current === connection else { return }
        state = .idle
        if !waiting.isEmpty { connect() }
    }

    /// Closes the connection for good; calls under way fail.
    func close() {
        let last = state
        state = .closed
        resources.timers.remove(reconnection)
        if case .ready(let connection) = last { connection.close() }
        failWaiting(.unavailable("the client is closed"))
    }

    private func failWaiting(_ error: RPCError) {
        let streams = waiting
        waiting = []
        for stream in streams { stream.fail(error, isNotProcessed: true) }
    }
}
