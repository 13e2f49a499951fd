public import NIOCore
public import RPC
import Synchronization

/// Leads to a service, and lets calls of chosen methods wait at a gate: so a test decides who comes first.
public final class GatedChannel: RPCChannel {
    private let target: any RPCChannel
    private let gates = Mutex<[String: CallGate]>([:])

    public init(_ target: any RPCChannel) {
        self.target = target
    }

    /// Closes a gate for calls of a method, in the place of the one that there was: `HoldBookings`.
    public func close(_ method: String, _ place: CallGate.Place) -> CallGate {
        let gate = CallGate(place)
        gates.withLock { $0[method] = gate }
        return gate
    }

    public func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        let name = method.name.split(separator: "/").last.map(String.init) ?? method.name
        let gate = gates.withLock { $0[name] }
        if gate?.place == .beforeCall { await gate?.pass() }
        let reply = try await target.call(method, payload, options)
        if gate?.place == .afterAnswer { await gate?.pass() }
        return reply
    }
}

/// Where calls wait until a test opens it; afterwards everybody passes.
public final class CallGate: Sendable {
    public enum Place: Sendable {
        /// The service has not heard of the call yet.
        case beforeCall
        /// The service has done it, and the caller does not know.
        case afterAnswer
    }

    private struct State {
        var isOpen = false
        var isReached = false
        var callers: [CheckedContinuation<Void, Never>] = []
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    public let place: Place
    private let state = Mutex(State())

    init(_ place: Place) {
        self.place = place
    }

    /// Returns once a call stands at the gate.
    public func isReached() async {
        await wait(in: \.watchers) { $0.isReached }
    }

    public func open() {
        let callers = state.withLock { state in
            state.isOpen = true
            defer { state.callers = [] }
            return state.callers
        }
        for caller in callers { caller.resume() }
    }

    fileprivate func pass() async {
        let watchers = state.withLock { state in
            state.isReached = true
            defer { state.watchers = [] }
            return state.watchers
        }
        for watcher in watchers { watcher.resume() }
        await wait(in: \.callers) { $0.isOpen }
    }

    private func wait(
        in queue: sending WritableKeyPath<State, [CheckedContinuation<Void, Never>]>, until isDone: (State) -> Bool
    ) async {
        await withCheckedContinuation { continuation in
            let mayGo = state.withLock { state in
                if !isDone(state) { state[keyPath: queue].append(continuation) }
                return isDone(state)
            }
            if mayGo { continuation.resume() }
        }
    }
}
