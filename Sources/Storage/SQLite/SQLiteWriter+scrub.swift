import Foundation
import Synchronization

/// How the file is written anew, so that nothing is left in it of what was deleted or written over.
extension SQLiteWriter {
    /// Asks by a write that changes nothing; the writer's thread does it behind the commit of that.
    func scrub() async throws {
        try requireRoomToScrub()
        try await withCheckedThrowingContinuation { (asked: CheckedContinuation<Void, any Error>) in
            Task {
                do {
                    try await write { transaction in
                        try transaction.execute(roomProbe)
                        transaction.onCommit { self.scrubs.withLock { $0.append(asked) } }
                    }
                } catch {
                    // Nothing was committed, so nobody else answers.
                    asked.resume(throwing: error)
                }
            }
        }
    }

    /// On the writer's thread, between two commits.
    func scrubWhereAsked(_ session: WriterSession) {
        let asked = scrubs.withLock { asked in
            defer { asked = [] }
            return asked
        }
        guard !asked.isEmpty else { return }
        let result = Result { try session.scrub(fileBytes: fileBytes ?? .max) }
        for continuation in asked { continuation.resume(with: result) }
    }

    /// The new content stands beside the old one for a while, and then in the log.
    private func requireRoomToScrub() throws {
        let folder = (settings.path as NSString).deletingLastPathComponent
        let free = try? FileManager.default.attributesOfFileSystem(forPath: folder.isEmpty ? "." : folder)[.systemFreeSize] as? Int64
        guard let free, let fileBytes, free / 2 < fileBytes else { return }
        throw StorageError.noRoom(path: settings.path)
    }

    private var fileBytes: Int64? {
        (try? FileManager.default.attributesOfItem(atPath: settings.path))?[.size] as? Int64
    }
}

extension WriterSession {
    /// What is sorted out of the way in memory at most.
    private static let bytesInMemory: Int64 = 256 << 20

    /// - Throws: ``StorageError/busy`` where somebody still reads a state of before, so that the log could not be emptied.
    func scrub(fileBytes: Int64) throws {
        if fileBytes > Self.bytesInMemory { try connection.runScript("PRAGMA temp_store = FILE") }
        let result = Result { try connection.runScript("VACUUM") }
        if fileBytes > Self.bytesInMemory { try connection.runScript("PRAGMA temp_store = MEMORY") }
        try result.get()
        guard try connection.pragma("wal_checkpoint(TRUNCATE)") == 0 else { throw StorageError.busy }
    }
}
