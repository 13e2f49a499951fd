import Synchronization

/// The payments and refunds that somebody works on now, so that a request and the sweep never drive the same one at once.
///
/// One process serves the database, so a table in memory is the whole truth, and dies with the process as it must.
final class UnderWay: Sendable {
    private let ids = Mutex<Set<String>>([])

    /// Runs `work`; nil, and nothing is run, while it is under way already.
    func run<Result>(_ id: String, _ work: () async throws -> Result) async throws -> Result? {
        guard ids.withLock({ $0.insert(id).inserted }) else { return nil }
        defer { ids.withLock { _ = $0.remove(id) } }
        return try await work()
    }
}
