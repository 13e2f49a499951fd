import Logging
import NIOCore
import NIOPosix

/// One instance of a service, as a client's slot sees it: an address, and one connection to it at a time.
///
/// `@unchecked Sendable`: touched on its slot's event loop only.
final class Replica: @unchecked Sendable {
    private enum State {
        case idle
        case connecting
        case open(ClientConnectionHandler)
        /// The last attempt failed.
        case backingOff(until: NIODeadline, because: String)
        /// Its address stands for the service no longer, or the client is closed.
        case dropped
    }

    let address: SocketAddress
    /// What its calls have come to.
    var record = ReplicaRecord()
    private unowned let slot: ConnectionSlot
    private var state = State.idle
    private var failures = 0

    init(at address: SocketAddress, of slot: ConnectionSlot) {
        self.address = address
        self.slot = slot
    }

    /// The connection that takes calls; nil where there is none now.
    var connection: ClientConnectionHandler? {
        guard case .open(let connection) = state else { return nil }
        return connection
    }

    /// How soon there may be a connection.
    var prospect: Prospect {
        switch state {
        case .idle: .later(.distantPast, because: "no connection")
        case .connecting, .open: .soon
        case .backingOff(let end, let reason): .later(end, because: reason)
        case .dropped: .later(.distantFuture, because: "the client is closed")
        }
    }

    /// Connects, unless it rests or there is a connection.
    func connectIfDue(at now: NIODeadline) {
        guard case .later(let instant, _) = prospect, instant <= now else { return }
        connect()
    }

    private func connect() {
        state = .connecting
        let options = slot.environment.options
        ClientBootstrap(group: slot.resources.eventLoop)
            .connectTimeout(options.connectTimeout.timeAmount)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: options.limits.writeBufferWaterMark)
            .channelInitializer { [slot] channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls = options.tls { try tls.credentials.secureClient(channel, of: tls.serverName) }
                    try channel.pipeline.syncOperations.addHandler(ClientConnectionHandler(slot: slot, replica: self))
                }
            }
            .connect(to: address)
            .whenFailure { [slot] error in
                withExtendedLifetime(slot) { self.attemptFailed("\(self.address.hostAndPort) can't be reached: \(error)") }
            }
    }

    /// HELLO has come: calls can go.
    func opened(_ connection: ClientConnectionHandler) {
        guard case .connecting = state else { return connection.close() }
        state = .open(connection)
        slot.environment.counts.connectionOpened()
        failures = 0
        slot.replicasChanged()
        connection.settleSoon()
    }

    func attemptFailed(_ reason: String) {
        guard case .connecting = state else { return }
        slot.environment.logger.info("a server can't be reached", metadata: ["reason": "\(reason)"])
        failures += 1
        slot.environment.counts.connectionFailed()
        let wait = slot.environment.options.reconnect.wait(afterFailures: failures)
        state = .backingOff(until: .now() + wait.timeAmount, because: reason)
        slot.replicaFailed()
    }

    /// The connection takes no more calls. Another is opened when there are calls for it.
    func lost(_ connection: ClientConnectionHandler) {
        guard case .open(let current) = state, current === connection else { return }
        state = .idle
        slot.environment.counts.connectionEnded()
        slot.replicaLost()
    }

    /// Is used no more: calls under way may end.
    func drop() {
        let last = state
        state = .dropped
        guard case .open(let connection) = last else { return }
        slot.environment.counts.connectionEnded()
        connection.drain()
    }

    /// Closes the connection for good; calls under way fail.
    func close() {
        let last = state
        state = .dropped
        guard case .open(let connection) = last else { return }
        slot.environment.counts.connectionEnded()
        connection.close()
    }
}

/// How soon calls can go somewhere.
enum Prospect {
    /// Somebody is at it.
    case soon
    /// Not before an instant, for the reason that the last attempt gave.
    case later(NIODeadline, because: String)

    /// The better one of two.
    static func nearer(_ one: Prospect, _ other: Prospect) -> Prospect {
        switch (one, other) {
        case (.soon, _), (_, .soon): .soon
        case (.later(let instant, _), .later(let otherInstant, _)): otherInstant < instant ? other : one
        }
    }
}
