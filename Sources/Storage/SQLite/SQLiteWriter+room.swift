import GRDBSQLite
import Logging
import Synchronization

/// What the writer does about a full disk.
extension SQLiteWriter {
    /// On a full disk the reserve makes way, so that what is there can be read.
    func openMakingRoom() throws -> SQLiteConnection {
        do {
            return try settings.openWriter()
        } catch StorageError.full {
            guard reserve.release() else { throw StorageError.full }
            return try settings.openWriter()
        }
    }

    /// Writes something that changes nothing, and says whether that could be stored.
    func probe(_ connection: SQLiteConnection) throws -> StorageCondition {
        do {
            for statement in ["BEGIN IMMEDIATE", roomProbe, "COMMIT"] { try connection.runScript(statement) }
            return .sound
        } catch StorageError.full {
            if sqlite3_get_autocommit(connection.handle) == 0 { try connection.runScript("ROLLBACK") }
            return .full
        }
    }

    /// A write that was told that there is no room is told once to the log; that there is some again is found by ``tryRoom()``.
    func noteRoom(after batch: [PendingWrite]) {
        if batch.contains(where: { $0.failure as? StorageError == .full }) { note(.full) }
    }

    /// Tries whether there is room again, where there was none.
    func tryRoom() async throws {
        guard !room.isShortNow(), reserve.fill(), reserve.hasRoomForMore() else { return }
        try await write { _ = try $0.execute(roomProbe) }
        note(.sound)
    }

    func note(_ condition: StorageCondition) {
        let before = StorageCondition(rawValue: lastCondition.exchange(condition.rawValue, ordering: .relaxed))
        switch condition {
        case .sound where before == .full:
            logger.notice("there is room again, and everything can be stored", metadata: ["file": "\(settings.path)"])
        case .full where before != .full:
            logger.error("the disk is full: nothing can be stored, what is there can be read", metadata: ["file": "\(settings.path)"])
        case .damaged where before != .damaged:
            logger.critical("\(StorageError.damaged(path: settings.path))", metadata: ["file": "\(settings.path)"])
        case .sound, .full, .damaged:
            break
        }
    }
}

/// Writes a page and changes nothing.
let roomProbe = "UPDATE hms_migrations SET applied_at = applied_at WHERE component = 'storage' AND version = 1"
