import NIOCore
import ServiceKit
import Synchronization

/// Tells a connection that rests to make room for a new one.
struct MakeRoom {}

/// The open connections of the server, and the places that they have.
final class OpenConnections: Sendable {
    /// A connection's place in the server.
    struct Seat {
        let id: ConnectionTable.ID
        let place: ConnectionTable.Place
        let address: ClientAddress
        let peer: IPAddress?
    }

    private struct State {
        var table: ConnectionTable
        var channels: [ConnectionTable.ID: any Channel] = [:]
        var isClosing = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>
    private let log: AdmissionLog

    init(_ limits: HTTPLimits, log: AdmissionLog) {
        let places = ConnectionTable.Limits(
            places: limits.connectionCount, share: limits.connectionShare, reserve: limits.reservedConnectionCount)
        state = Mutex(State(table: ConnectionTable(limits: places)))
        self.log = log
    }

    /// Nil where there is no place, or the server is stopping. The place is free again when the channel is closed.
    func admit(_ channel: any Channel) -> Seat? {
        guard let (seat, leaving) = takeSeat(for: channel, from: channel.remoteAddress.flatMap(IPAddress.init)) else { return nil }
        channel.closeFuture.whenComplete { _ in self.remove(seat.id) }
        if let leaving {
            log.note(.madeRoom, on: channel.eventLoop)
            leaving.pipeline.fireUserInboundEventTriggered(MakeRoom())
        }
        if seat.place == .reserve { log.note(.letIntoReserve, on: channel.eventLoop) }
        return seat
    }

    private func takeSeat(for channel: any Channel, from peer: IPAddress?) -> (Seat, leaving: (any Channel)?)? {
        let address = ClientAddress(peer)
        let admission = state.withLock { state -> (Seat, leaving: (any Channel)?)? in
            guard !state.isClosing, case .admitted(let id, let place, let left) = state.table.admit(from: address) else { return nil }
            state.channels[id] = channel
            return (Seat(id: id, place: place, address: address, peer: peer), left.flatMap { state.channels[$0] })
        }
        if admission == nil { log.note(.refused, on: channel.eventLoop) }
        return admission
    }

    private func remove(_ id: ConnectionTable.ID) {
        let waiters = state.withLock { state in
            state.table.remove(id)
            state.channels[id] = nil
            guard state.channels.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// False where the connection has to make room: what it asks is not heard any more.
    func work(_ seat: Seat) -> Bool {
        state.withLock { $0.table.work(seat.id) }
    }

    func rest(_ seat: Seat) {
        state.withLock { $0.table.rest(seat.id) }
    }

    // MARK: The end

    /// Lets no more in, so that one accepted late is not forgotten, and answers those that are open.
    func beginClosing() -> [any Channel] {
        state.withLock { state in
            state.isClosing = true
            return Array(state.channels.values)
        }
    }

    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.channels.isEmpty { state.waiters.append(continuation) }
                return state.channels.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }
}
