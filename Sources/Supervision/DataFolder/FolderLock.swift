import Foundation

/// A file lock that lasts until this process, and every child that was given it, have ended or let go of it.
public final class FolderLock: Sendable {
    /// What children are given: the lock belongs to the open file, whoever has it open.
    let descriptor: SharedDescriptor

    /// Nil where somebody else holds it.
    init?(path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DataFolderError.unusable(path: path, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = try SharedDescriptor(taking: descriptor)
    }

    /// Gives the folder free, as far as this process is concerned.
    public func release() {
        descriptor.close()
    }
}
