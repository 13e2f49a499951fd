import Foundation
import Synchronization

/// A disk under SQLite that tells what was flushed, keeps what a power cut would leave, and can be full.
///
/// SQLite asks its VFS for every write and every flush. This one passes all on to the real one, and for files in its folder
/// keeps a copy of each as it was when it was flushed last: what was written since is what a power cut takes.
final class WatchedDisk: Sendable {
    let path: String
    private let state = Mutex(State())

    private struct State {
        /// Files that hold what was not flushed.
        var dirty: Set<String> = []
        var flushes = 0
        var isFull = false
    }

    /// Watches every file that is opened in the folder from now on.
    init(_ folder: TemporaryFolder) throws {
        path = folder.path + "/disk"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        WatchedFiles.register()
        WatchedFiles.disks.withLock { $0[path] = self }
    }

    /// To be called at the end: the VFS knows the disk until then.
    func remove() {
        WatchedFiles.disks.withLock { _ = $0.removeValue(forKey: path) }
    }

    var databasePath: String { path + "/test.sqlite" }

    /// Whether everything that was written was flushed.
    var isFlushed: Bool { state.withLock { $0.dirty.isEmpty } }

    var flushes: Int { state.withLock { $0.flushes } }

    /// Takes no byte any more, until it is told otherwise.
    func setFull(_ isFull: Bool) {
        state.withLock { $0.isFull = isFull }
    }

    /// Copies what would be left if the power were cut now, and answers where the database is.
    func cutPower(into folder: String) throws -> String {
        try state.withLock { _ in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasSuffix(Self.flushedSuffix) {
                try FileManager.default.copyItem(
                    atPath: "\(path)/\(name)", toPath: "\(folder)/\(name.dropLast(Self.flushedSuffix.count))")
            }
        }
        return folder + "/test.sqlite"
    }

    // MARK: What the VFS tells

    /// False where there is no room for it.
    func willWrite(_ file: String) -> Bool {
        state.withLock { state in
            if !state.isFull { state.dirty.insert(file) }
            return !state.isFull
        }
    }

    func wasFlushed(_ file: String) {
        state.withLock { state in
            state.flushes += 1
            state.dirty.remove(file)
            let copy = file + Self.flushedSuffix
            // Where nothing was copied before there is nothing to remove; a copy that fails loses rows, which a test sees.
            try? FileManager.default.removeItem(atPath: copy)
            try? FileManager.default.copyItem(atPath: file, toPath: copy)
        }
    }

    func wasDeleted(_ file: String) {
        state.withLock { state in
            state.dirty.remove(file)
            try? FileManager.default.removeItem(atPath: file + Self.flushedSuffix)
        }
    }

    private static let flushedSuffix = ".flushed"
}
