import Foundation
import Logging

/// A thread's connection, made when there is work for it and again when it broke.
final class PostgresWorker {
    private let settings: PostgresSettings
    private let reach: PostgresReach
    private let uniqueIndexes: [String: [String]]
    private var session: PostgresSession?

    /// How often a write that met another is made again, which takes a second and a half at most, and one whose connection broke before
    /// its commit. Under SERIALIZABLE those who write on one page of an index meet, and while a table is small it has one page.
    private static let contentionTries = 40
    private static let connectionTries = 2
    private static let longestPause = Duration.milliseconds(64)

    init(_ settings: PostgresSettings, _ reach: PostgresReach, uniqueIndexes: [String: [String]]) {
        self.settings = settings
        self.reach = reach
        self.uniqueIndexes = uniqueIndexes
    }

    /// Runs `body` over one state of the database. Where it is one statement, that sees one state by itself.
    func read<T>(unless interruption: PostgresInterruption, _ body: (Reader) throws -> T) throws -> T {
        try repeating(unless: interruption) { session in
            try session.start(.singleRead, unless: interruption)
            do {
                let result = try body(Reader(session: session))
                if !session.needsSnapshot { return try end(session, with: result) }
            } catch  where session.needsSnapshot {
                // The body is run again.
            }
            return try readSnapshot(session, unless: interruption, body)
        }
    }

    /// Runs `body` over one state of the database, until `deadline` at the latest.
    func scan<T>(
        until deadline: ContinuousClock.Instant, unless interruption: PostgresInterruption, _ body: (Reader) throws -> T
    ) throws -> T {
        try repeating(unless: interruption) { session in
            try readSnapshot(session, until: deadline, unless: interruption, body)
        }
    }

    /// Runs `body` in a transaction that is as if it had run alone, and returns when it is durable. One that met another runs
    /// again from the start, after a pause that chance chooses, so that those who met don't meet again.
    ///
    /// So does, once, one that would have doubled a row: where `body` has looked for it by another index than the unique one, the
    /// server tells of the doubled key before it finds that the two have met. The second time `body` finds the row.
    func write<T>(
        unless interruption: PostgresInterruption, _ body: (Transaction) throws -> T
    ) throws -> (value: T, transaction: Transaction) {
        var tries = 0
        var hasDoubled = false
        while true {
            tries += 1
            let (result, metContention): ((value: T, transaction: Transaction)?, Bool)
            do {
                (result, metContention) = try writeOnce(unless: interruption, body)
            } catch StorageError.uniqueViolation where !hasDoubled {
                hasDoubled = true
                continue
            }
            if let result { return result }
            guard metContention, tries < Self.contentionTries else { throw StorageError.busy }
            let longest = min(.milliseconds(1) * (1 << tries), Self.longestPause)
            Thread.sleep(forTimeInterval: longest * .random(in: 0...1) / .seconds(1))
        }
    }

    /// Gives the connection back to the server.
    func disconnect() {
        session = nil
    }
}

extension PostgresWorker {
    /// Nil where it met another.
    private func writeOnce<T>(
        unless interruption: PostgresInterruption, _ body: (Transaction) throws -> T
    ) throws -> (result: (value: T, transaction: Transaction)?, metContention: Bool) {
        try repeating(unless: interruption) { session in
            try session.start(.write, unless: interruption)
            let transaction = Transaction(session: session)
            do {
                let value = try body(transaction)
                let start = ContinuousClock.now
                try session.commit()
                settings.configuration.onCommit(CommitReport(writes: 1, duration: .now - start))
                return ((value, transaction), false)
            } catch {
                try endFailed(session)
                if session.metContention { return (nil, true) }
                if error as? StorageError == .readBudgetExceeded { throw StorageError.busy }
                throw error
            }
        }
    }

    private func readSnapshot<T>(
        _ session: PostgresSession, until deadline: ContinuousClock.Instant? = nil, unless interruption: PostgresInterruption,
        _ body: (Reader) throws -> T
    ) throws -> T {
        try session.start(.snapshot, until: deadline, unless: interruption)
        do {
            return try end(session, with: try body(Reader(session: session)))
        } catch {
            try endFailed(session)
            throw error
        }
    }

    private func end<T>(_ session: PostgresSession, with result: T) throws -> T {
        // Whatever the body made of it.
        if session.exceededBudget { throw StorageError.readBudgetExceeded }
        try session.end()
        return result
    }

    private func endFailed(_ session: PostgresSession) throws {
        do {
            try session.end()
        } catch is PostgresFailure {
            // The connection broke, and with it the transaction has ended.
        }
    }

    /// Runs `use` with a connection, and once more with a new one where that broke before anything can have been kept.
    private func repeating<T>(unless interruption: PostgresInterruption, _ use: (PostgresSession) throws -> T) throws -> T {
        var tries = 0
        defer {
            interruption.detach()
            if interruption.isUncertain { disconnect() }
        }
        while true {
            tries += 1
            if interruption.isCancelled { throw CancellationError() }
            let session = try connectedSession()
            do {
                return try use(session)
            } catch {
                guard session.connection.isBroken else { throw (error as? PostgresFailure)?.error ?? error }
                self.session = nil
                if session.hasSentCommit { throw StorageError.outcomeUnknown }
                if tries >= Self.connectionTries { throw StorageError.unreachable }
            }
        }
    }

    private func connectedSession() throws -> PostgresSession {
        if let session, !session.connection.isBroken { return session }
        do {
            let new = PostgresSession(try reach.connect { try settings.connect(uniqueIndexes) })
            session = new
            return new
        } catch let error as StorageError {
            if case .cannotOpen(let reason) = error { settings.logger.warning("no connection", metadata: ["reason": "\(reason)"]) }
            throw StorageError.unreachable
        }
    }
}
