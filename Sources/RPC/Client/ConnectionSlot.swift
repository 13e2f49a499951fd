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
    private let inbox = Mutex<[ClientCall]>([])
    private var state = State.idle
    private var waiting: Deque<ClientCall> = []
    private var failures = 0
    private var addressIndex = 0
    private lazy var reconnection = Alarm { [weak self] in self?.connect() }

    init(environment: ClientEnvironment, resources: LoopResources) {
        self.environment = environment
        self.resources = resources
    }

    // MARK: Calls

    /// Takes a call from any thread. From other threads many share one wake-up of the loop.
    func submit(_ call: ClientCall, with message: FrameMessage, at now: NIODeadline) {
        if resources.eventLoop.inEventLoop { return arrived(call, with: message, at: now) }
        call.keep(message)
        let isFirst = inbox.withLock { inbox in
            inbox.append(call)
            return inbox.count == 1
        }
        if isFirst { resources.eventLoop.execute { self.emptyInbox() } }
    }

    func onLoop(_ action: @escaping @Sendable () -> Void) {
        if resources.eventLoop.inEventLoop { action() } else { resources.eventLoop.execute(action) }
    }

    private func emptyInbox() {
        let calls = inbox.withLock { inbox in
            defer { inbox = [] }
            return inbox
        }
        let now = NIODeadline.now()
        for call in calls { arrived(call, with: call.kept, at: now) }
    }

    private func arrived(_ call: ClientCall, with message: FrameMessage, at now: NIODeadline) {
        if let lapse = call.arrive(at: now) { return call.fail(lapse, isNotProcessed: true) }
        place(call, with: message, at: now)
    }

    /// Gives a call to the connection, or lets it wait for one.
    private func place(_ call: ClientCall, with message: FrameMessage, at now: NIODeadline) {
        switch state {
        case .ready(let connection):
            if waiting.isEmpty, connection.hasRoom { return connection.send(call, with: message, at: now) }
            wait(call, with: message)
            connection.settleSoon()
        case .idle:
            wait(call, with: message)
            connect()
        case .connecting:
            wait(call, with: message)
        case .backingOff(let end, let reason):
            if end - now > environment.options.patience.timeAmount { return call.fail(.unavailable(reason), isNotProcessed: true) }
            wait(call, with: message)
            resources.timers.set(reconnection, at: end)
        case .closed:
            call.fail(.unavailable("the client is closed"), isNotProcessed: true)
        }
    }

    private func wait(_ call: ClientCall, with message: FrameMessage) {
        if waiting.count >= environment.options.maximumWaitingCalls { waiting.removeAll(where: \.isFinished) }
        guard waiting.count < environment.options.maximumWaitingCalls else {
            let pushback = environment.options.patience
            return call.fail(.overloaded("too many calls wait for the server", retryAfter: pushback), isNotProcessed: true)
        }
        call.keep(message)
        waiting.append(call)
        if call.deadline != .never { resources.timers.set(call, at: call.deadline.instant) }
    }

    /// A waiting call's caller waits no longer.
    func forget(_ call: ClientCall) {
        resources.timers.remove(call)
    }

    func hasWaiting(for connection: ClientConnectionHandler) -> Bool {
        guard !waiting.isEmpty, case .ready(let current) = state else { return false }
        return current === connection
    }

    func sendWaiting(on connection: ClientConnectionHandler) {
        let now = NIODeadline.now()
        while connection.hasRoom, let call = waiting.popFirst() {
            forget(call)
            if !call.isFinished { connection.send(call, with: call.kept, at: now) }
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
                    if let tls = self.environment.options.tls { try tls.credentials.secureClient(channel, of: tls.serverName) }
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
        let calls = waiting
        waiting = []
        for call in calls {
            forget(call)
            call.fail(error, isNotProcessed: true)
        }
    }
}
