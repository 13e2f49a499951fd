import DequeModule
import NIOCore
import Synchronization

/// Where the calls of one event loop wait, but not for long, for a connection to one of the service's replicas.
///
/// `@unchecked Sendable`: besides the inbox, which has its lock, everything is touched on the slot's event loop only.
final class ConnectionSlot: @unchecked Sendable {
    let environment: ClientEnvironment
    let resources: LoopResources
    private let inbox = Mutex<[ClientCall]>([])
    private var waiting: Deque<ClientCall> = []
    private var isClosed = false
    private lazy var replicas = ReplicaSet(of: self, addresses: environment.addresses, seed: .random(in: .min ... .max))
    private lazy var reconnection = Alarm { [weak self] in self?.reconnect() }
    private lazy var impatience = Alarm { [weak self] in self?.lookElsewhere() }
    private var isImpatienceSet = false

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

    /// Gives a call to a connection, or lets it wait for one.
    private func place(_ call: ClientCall, with message: FrameMessage, at now: NIODeadline) {
        if isClosed { return call.fail(.unavailable("the client is closed"), isNotProcessed: true) }
        if let connection = replicas.connection(for: call, at: now) {
            if waiting.isEmpty, connection.hasRoom { return connection.send(call, with: message, at: now) }
            wait(call, with: message)
            replicas.settleAllSoon()
        } else if case .later(let instant, let reason) = replicas.prospect {
            if instant - now > environment.options.patience.timeAmount { return call.fail(.unavailable(reason), isNotProcessed: true) }
            wait(call, with: message)
            resources.timers.set(reconnection, at: instant)
        } else {
            wait(call, with: message)
            lookElsewhereSoon(from: now)
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
        !waiting.isEmpty && replicas.takesCalls(connection)
    }

    func sendWaiting(on connection: ClientConnectionHandler) {
        let now = NIODeadline.now()
        while connection.hasRoom, let call = waiting.popFirst() {
            forget(call)
            if !call.isFinished { connection.send(call, with: call.kept, at: now) }
        }
    }

    // MARK: The replicas

    /// Another replica takes calls, or one takes none any more.
    func replicasChanged() {
        replicas.changed()
        if !waiting.isEmpty { reconnect() }
    }

    /// A replica takes no more calls.
    func replicaLost() {
        replicas.hastenLookUp(at: .now())
        if !waiting.isEmpty { reconnect() }
    }

    private func reconnect() {
        replicas.attend(at: .now())
        seeToWaiting()
    }

    /// A replica could not be connected to. Calls outwait a short rest of all of them; a long one they are spared.
    func replicaFailed() {
        replicas.hastenLookUp(at: .now())
        waiting.removeAll(where: \.isFinished)
        seeToWaiting()
    }

    private func seeToWaiting() {
        guard !waiting.isEmpty, case .later(let instant, let reason) = replicas.prospect else {
            if !waiting.isEmpty { lookElsewhereSoon(from: .now()) }
            return replicas.settleAllSoon()
        }
        if instant - .now() > environment.options.patience.timeAmount {
            failWaiting(.unavailable(reason))
        } else {
            resources.timers.set(reconnection, at: instant)
        }
    }

    /// Sees to it that an attempt to connect that takes long is not all that is done for those who wait for it.
    private func lookElsewhereSoon(from now: NIODeadline) {
        guard !isImpatienceSet else { return }
        isImpatienceSet = true
        resources.timers.set(impatience, at: now + environment.options.slowAttempt.timeAmount)
    }

    private func lookElsewhere() {
        isImpatienceSet = false
        waiting.removeAll(where: \.isFinished)
        guard !waiting.isEmpty, !replicas.hasOpen else { return }
        replicas.hastenLookUp(at: .now())
        reconnect()
    }

    /// A replica with calls in flight gives no sign of life: perhaps its name stands for another by now.
    func replicaDoubted() {
        replicas.hastenLookUp(at: .now())
        replicas.attend(at: .now())
    }

    func hasOther(than connection: ClientConnectionHandler) -> Bool {
        replicas.hasOpen(otherThan: connection)
    }

    func callFailed(on replica: Replica) {
        replicas.callFailed(on: replica, at: .now())
    }

    /// Closes the connections for good; calls under way fail.
    func close() {
        isClosed = true
        resources.timers.remove(reconnection)
        resources.timers.remove(impatience)
        replicas.close()
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
