public import Logging
public import Storage

/// Work that is done in rounds: looks for what is due, does it, waits, and looks again.
///
/// A round that fails is logged and comes again after the pause, so it must be harmless to begin it anew. The pause is of
/// the real clock; what is due is for the round to say. Of all processes of a service one makes the rounds, under a lease of
/// the sweep's name; where it is gone another one goes on.
public struct Sweep: BackgroundWorker {
    public let name: String
    private let pause: Duration
    private let lease: Lease
    private let logger: Logger
    private let round: @Sendable () async throws -> Void

    public init(
        _ name: String, every pause: Duration = .seconds(1), on database: Database, logger: Logger,
        _ round: @escaping @Sendable () async throws -> Void
    ) {
        self.name = name
        self.pause = pause
        lease = Lease(name, in: database)
        self.logger = logger
        self.round = round
    }

    public func run() async {
        await makeRounds()
        do {
            try await lease.giveUp()
        } catch {
            logger.notice("A lease was not given up and expires", metadata: ["worker": "\(name)", "error": "\(error)"])
        }
    }

    private func makeRounds() async {
        while !Task.isCancelled {
            do {
                _ = try await lease.whileHeld(round)
                try await Task.sleep(for: pause)
            } catch  where Task.isCancelled {
                return
            } catch {
                logger.warning("A round failed and is repeated", metadata: ["worker": "\(name)", "error": "\(error)"])
                // Fails only when it is cancelled, which the loop asks next.
                try? await Task.sleep(for: pause)
            }
        }
    }
}
