import Foundation
import Synchronization

enum Descriptors {
    /// The descriptor table is the whole process's: no child may start between the making of a pipe and its marking.
    static let tableLock = Mutex(())

    /// A pipe that no child inherits unless it is given to it.
    static func makePipe() throws(SpawnError) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        let made = tableLock.withLock { _ in
            pipe(&ends) == 0 && ends.allSatisfy { fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }
        }
        guard made else { throw SpawnError(what: "pipe", errorNumber: errno) }
        return (ends[0], ends[1])
    }
}
