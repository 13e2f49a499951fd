import Storage
import Synchronization

/// The payments and refunds that somebody works on now, so that a request and the sweep never drive the same one at once.
///
/// A table in memory says so to this process, and a lease to the others that share the database; both end with the process.
final class UnderWay: Sendable {
    private let database: Database
    private let ids = Mutex<Set<String>>([])

    init(_ database: Database) {
        self.database = database
    }

    /// Runs `work`; nil, and nothing is run, while it is under way already.
    func run<Result: Sendable>(_ id: String, _ work: @escaping @Sendable () async throws -> Result) async throws -> Result? {
        guard ids.withLock({ $0.insert(id).inserted }) else { return nil }
        defer { ids.withLock { _ = $0.remove(id) } }
        return try await Lease("driving \(id)", in: database).once(work)
    }
}
