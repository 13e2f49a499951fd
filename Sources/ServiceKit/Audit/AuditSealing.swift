import Logging
import Storage
import Synchronization

/// Chains what was recorded, every second, and tells outside of the database how far the chain has come, every minute and every thousand
/// entries: a file beside the databases, and another service.
struct AuditSealing: BackgroundWorker {
    let name = "audit"
    private let database: Database
    private let anchors: AuditAnchors
    private let logger: Logger
    private let keeper: AuditKeeper?
    private let written = LastAnchor()
    private let told = LastAnchor()

    private static let interval: Duration = .seconds(1)

    init(_ resources: ServiceResources) {
        database = resources.database
        anchors = AuditAnchors(service: resources.name, dataFolder: resources.settings.dataFolder)
        keeper = AuditKeeper(of: resources.name, among: resources.peers)
        logger = resources.logger
    }

    func run() async {
        await Sweep(name, every: Self.interval, on: database, logger: logger) { try await seal(anchoring: false) }.run()
        // The last second's; where other processes have the database too, one of them does it.
        guard !database.isShared else { return }
        do {
            try await Task { try await seal(anchoring: true) }.value
        } catch {
            logger.warning("The end of the audit is not chained yet", metadata: ["error": "\(error)"])
        }
    }

    /// - Parameter anchoring: whether to write down the head at once, if it is another one.
    func seal(anchoring: Bool) async throws {
        let place = try await database.sealAudit().place
        let (writes, tells) = (written.isDue(place, atOnce: anchoring), keeper != nil && told.isDue(place, atOnce: anchoring))
        guard writes || tells else { return }
        let anchor = try await database.read { try $0.auditAnchor() }
        if writes {
            try anchors.append(anchor, at: SystemTime.millisecondsSinceEpoch())
            written.set(anchor.head.place)
        }
        if tells { await tell(anchor) }
    }

    /// Where the other service is away it is told a minute later, of all that has come by then.
    private func tell(_ anchor: AuditAnchor) async {
        do {
            try await keeper?.keep(anchor)
            told.set(anchor.head.place)
        } catch {
            told.retryLater()
            logger.notice("No other service keeps the end of the audit yet", metadata: ["error": "\(error)"])
        }
    }
}

/// How far the chain was when it was written down outside.
private final class LastAnchor: Sendable {
    private struct State {
        var place: Int64 = 0
        var instant: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// - Parameter atOnce: whether there is no time to wait until more has come.
    func isDue(_ place: Int64, atOnce: Bool) -> Bool {
        state.withLock { state in
            guard state.place != place else { return false }
            guard !atOnce, let instant = state.instant else { return true }
            return state.place > 0 && place - state.place >= 1_000 || .now - instant >= .seconds(60)
        }
    }

    func set(_ place: Int64) {
        state.withLock { $0 = State(place: place, instant: .now) }
    }

    /// It was not written down: not due again before a minute has passed.
    func retryLater() {
        state.withLock { $0.instant = .now }
    }
}
