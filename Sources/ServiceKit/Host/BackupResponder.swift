import Contracts
import Foundation
import Logging
import RPC
import Storage

/// Copies the service's database while it runs.
struct BackupResponder: BackupServiceProtocol {
    private let database: Database
    private let copies: BackupFolder
    private let holds = KeptHold()
    private let logger: Logger

    init(database: Database, copies: BackupFolder, logger: Logger) {
        self.database = database
        self.copies = copies
        self.logger = logger
    }

    func backUp(_ request: BackUpRequest, _ context: CallContext) async throws -> BackUpResponse {
        let path = try copies.place(of: request.name)
        if request.held {
            guard let hold = holds.take(request.name) else { throw RPCError.notFound("HOLD_NOT_FOUND") }
            hold.release()
            try await hold.copy(to: path)
        } else {
            try await database.backup(to: path)
        }
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        return BackUpResponse(path: path, bytes: size?.int64Value ?? 0)
    }

    func holdWrites(_ request: HoldWritesRequest, _ context: CallContext) async throws -> HoldWritesResponse {
        do {
            try holds.reserve(request.name)?.discard()
            let hold = try await database.hold(for: .milliseconds(Int64(request.limitMs)))
            holds.keep(hold, request.name)
            expire(hold)
            return HoldWritesResponse()
        } catch is HoldTaken {
            throw RPCError(.aborted, "HOLD_TAKEN", "Another backup is under way.")
        } catch {
            holds.forget(request.name)
            throw error
        }
    }

    func releaseWrites(_ request: ReleaseWritesRequest, _ context: CallContext) async throws -> ReleaseWritesResponse {
        guard let hold = holds.find(request.name) else { throw RPCError.notFound("HOLD_NOT_FOUND") }
        return ReleaseWritesResponse(heldUntilNow: hold.release())
    }

    /// How long a state is kept that nobody comes for: as long as it is, the log of the database only grows.
    private static let patience: Duration = .seconds(60)

    private func expire(_ hold: WriteHold) {
        Task { [holds, logger] in
            // Nobody cancels it.
            try? await Task.sleep(for: Self.patience)
            guard holds.drop(hold) else { return }
            do {
                try hold.discard()
            } catch {
                logger.error("a state that was kept for a backup could not be given up", metadata: ["error": "\(error)"])
            }
        }
    }
}
