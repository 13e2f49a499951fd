import Logging
import NIOCore
import SeededRandom

/// The replicas of a service that one slot knows: which there are, which of them take calls, and which gets the next one.
///
/// What takes time, a look-up or an attempt to connect, is begun when calls come, so that a client which nobody uses does
/// nothing.
///
/// `@unchecked Sendable`: touched on its slot's event loop only.
final class ReplicaSet: @unchecked Sendable {
    /// Names that stand for more instances than this are used in part.
    static let maximumReplicas = 64

    private unowned let slot: ConnectionSlot
    private var replicas: [Replica] = []
    /// The connections that calls may go to.
    private var open: [ClientConnectionHandler] = []
    private var choices: TwoChoices
    private var lookUp: AddressLookUp
    private var isClosed = false
    /// From when on there is something to be done before the next call is placed.
    private var attentionDue = NIODeadline.distantPast

    init(of slot: ConnectionSlot, addresses: [ServerAddress], seed: UInt64) {
        self.slot = slot
        choices = TwoChoices(seed: seed)
        lookUp = AddressLookUp(of: addresses, pace: slot.environment.options.lookUpPace.timeAmount)
        replicas = lookUp.addresses(atMost: Self.maximumReplicas).map { Replica(at: $0, of: slot) }
    }

    // MARK: Choosing

    /// The connection for the next attempt of a call; nil where there is none.
    func connection(for call: ClientCall, at now: NIODeadline) -> ClientConnectionHandler? {
        if attentionDue <= now { attend(at: now) }
        return open.count <= 1 ? open.first : connectionOfTwo(for: call)
    }

    /// A replica that has failed this very call is not asked again while there is another; nor one without room.
    private func connectionOfTwo(for call: ClientCall) -> ClientConnectionHandler {
        let (first, second) = choices.draw(of: open.count)
        let (one, other) = (open[first], open[second])
        let isOtherBetter = other.burden(for: call) < one.burden(for: call)
        return isOtherBetter ? other : one
    }

    var hasOpen: Bool { !open.isEmpty }

    func hasOpen(otherThan connection: ClientConnectionHandler) -> Bool {
        open.contains { $0 !== connection }
    }

    func takesCalls(_ connection: ClientConnectionHandler) -> Bool {
        open.contains { $0 === connection }
    }

    /// Open connections that have room again may take what waits.
    func settleAllSoon() {
        for connection in open { connection.settleSoon() }
    }

    /// How soon there may be a connection, where there is none.
    var prospect: Prospect {
        if lookUp.isUnderWay || !open.isEmpty { return .soon }
        return replicas.map(\.prospect).reduce(lookUp.prospect, Prospect.nearer)
    }

    // MARK: What calls came to

    /// A call ended in UNAVAILABLE. Half of the replicas that are there stay in any case.
    func callFailed(on replica: Replica, at now: NIODeadline) {
        replica.record.callFailed()
        guard replica.record.deservesEjection, !replica.record.isEjected(at: now) else { return }
        let there = replicas.filter { $0.connection != nil }
        let ejected = there.count { $0.record.isEjected(at: now) }
        guard (ejected + 1) * 2 <= there.count else { return }
        replica.record.eject(at: now)
        slot.environment.counts.replicaEjected()
        slot.environment.logger.notice(
            "a server is given no calls for a while: too many were refused", metadata: ["server": "\(replica.address.hostAndPort)"])
        changed()
    }

    // MARK: Keeping up

    /// Has another look at who takes calls before the next is placed.
    func changed() {
        open = []
        let now = NIODeadline.now()
        let there = replicas.filter { $0.connection != nil }
        let good = there.filter { !$0.record.isEjected(at: now) }
        open = (good.isEmpty ? there : good).compactMap(\.connection)
        attentionDue = .distantPast
    }

    /// Connects where that is due, looks names up again, and lets back those whose ejection is over.
    func attend(at now: NIODeadline) {
        guard !isClosed else { return }
        beginLookUp(at: now)
        var isAnyoneBack = false
        for replica in replicas {
            if let end = replica.record.ejectedUntil, end <= now {
                replica.record.tryAgain()
                isAnyoneBack = true
            }
            replica.connectIfDue(at: now)
        }
        if isAnyoneBack { changed() }
        attentionDue = replicas.map(\.nextAttention).reduce(lookUp.nextAttention, min)
    }

    private func beginLookUp(at now: NIODeadline) {
        guard let names = lookUp.begin(at: now) else { return }
        let resolver = slot.environment.options.resolver
        for name in names {
            resolver.addresses(of: name, on: slot.resources.eventLoop).whenComplete { [slot] result in
                self.found(result, for: name)
                slot.replicasChanged()
            }
        }
    }

    private func found(_ result: Result<[SocketAddress], any Error>, for name: ServerAddress) {
        let now = NIODeadline.now()
        switch result {
        case .success(let addresses): lookUp.found(addresses, for: name, at: now)
        case .failure(let error):
            slot.environment.logger.info("a name can't be looked up", metadata: ["name": "\(name)", "reason": "\(error)"])
            lookUp.failed("\(name) can't be looked up: \(error)", for: name, at: now)
        }
        guard !isClosed else { return }
        adopt(lookUp.addresses(atMost: Self.maximumReplicas))
    }

    /// Those that are new are connected to when the next call comes; those that have gone may end what they are at.
    private func adopt(_ addresses: [SocketAddress]) {
        let known = Dictionary(replicas.map { ($0.address, $0) }) { first, _ in first }
        for replica in replicas where !addresses.contains(replica.address) { replica.drop() }
        replicas = addresses.map { known[$0] ?? Replica(at: $0, of: slot) }
        changed()
    }

    /// A server couldn't be reached, or takes no more calls: perhaps its name stands for another by now.
    func hastenLookUp(at now: NIODeadline) {
        lookUp.hasten(at: now)
        changed()
    }

    func close() {
        isClosed = true
        for replica in replicas { replica.close() }
        replicas = []
        open = []
        attentionDue = .distantFuture
    }
}

extension Replica {
    /// When the set has something to do for it.
    fileprivate var nextAttention: NIODeadline {
        let restoration = record.ejectedUntil ?? .distantFuture
        guard case .later(let instant, _) = prospect else { return restoration }
        return min(instant, restoration)
    }
}
