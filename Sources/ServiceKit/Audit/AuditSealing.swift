import Logging
import Storage
import Synchronization

/// Chains what was recorded, every second, and writes down outside of the database how far the chain has come: every minute, and
/// every thousand entries.
struct AuditSealing: BackgroundWorker {
    let name = "audit"
    private let database: Database
    private let anchors: AuditAnchors
    private let logger: Logger
    private let last = LastAnchor()

    private static let interval: Duration = .seconds(1)

    init(_ resources: ServiceResources) {
        database = resources.database
        anchors = AuditAnchors(service: resources.name, dataFolder: resources.settings.dataFolder)
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
        let head = try await database.sealAudit()
        guard last.isDue(head.place) || anchoring && last.isNews(head.place) else { return }
        try anchors.append(head, at: SystemTime.millisecondsSinceEpoch())
        last.set(head.place)
    }
}

/// How far the chain was when it was written down outside.
private final class LastAnchor: Sendable {
    private struct State {
        var place: Int64 = 0
        var instant: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    func isNews(_ place: Int64) -> Bool { state.withLock { $0.place != place } }

    func isDue(_ place: Int64) -> Bool {
        state.withLock { state in
            guard state.place != place else { return false }
            guard let instant = state.instant else { return true }
            return place - state.place >= 1_000 || .now - instant >= .seconds(60)
        }
    }

    func set(_ place: Int64) {
        state.withLock { $0 = State(place: place, instant: .now) }
    }
}
