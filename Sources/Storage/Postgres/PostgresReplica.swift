import Logging
import Synchronization

/// A server that follows the one of the database, and so takes long reads off it. What it shows is as late as it is behind.
final class PostgresReplica: Sendable {
    let threads: PostgresThreads
    private let settings: PostgresSettings
    private let isAway = Atomic(false)

    init(at location: PostgresLocation, _ longReads: PostgresSettings, _ uniqueIndexes: [String: [String]]) {
        var settings = longReads
        settings.location = location
        settings.isReplica = true
        self.settings = settings
        let reach = PostgresReach()
        threads = PostgresThreads(
            "hms-replica", most: settings.configuration.scanThreads, bound: settings.configuration.waitingScansBound
        ) { [settings] in PostgresWorker(settings, reach, uniqueIndexes: uniqueIndexes) }
    }

    /// Nil where it can't be read now: it is away, or what is read there was being replaced by what follows.
    func read<T: Sendable>(
        _ body: @escaping @Sendable (Reader) throws -> T, until deadline: ContinuousClock.Instant
    ) async throws -> T? {
        do {
            let value = try await threads.ask { PostgresScan(body, until: deadline, $0) }
            note(isAway: false)
            return value
        } catch StorageError.unreachable {
            note(isAway: true)
            return nil
        } catch StorageError.busy {
            return nil
        }
    }

    private func note(isAway: Bool) {
        guard self.isAway.exchange(isAway, ordering: .relaxed) != isAway else { return }
        settings.logger.notice(
            isAway ? "The replica for reports can't be reached: they are read from the database itself" : "The replica for reports is back",
            metadata: ["replica": "\(settings.location)"])
    }
}
