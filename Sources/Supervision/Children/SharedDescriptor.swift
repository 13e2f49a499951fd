import Foundation
import Synchronization

/// A descriptor of this process of which children are given copies. It stays open until it is closed or nobody has it
/// any more; the copies of the children are theirs.
public final class SharedDescriptor: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Children get theirs under the numbers from 3 up, so this one makes room for them.
    private static let lowest: Int32 = 64

    /// Takes the descriptor over; it has another number afterwards.
    init(taking descriptor: Int32) throws(SpawnError) {
        let own = fcntl(descriptor, F_DUPFD_CLOEXEC, Self.lowest)
        let error = errno
        Foundation.close(descriptor)
        guard own >= 0 else { throw SpawnError(what: "descriptor", errorNumber: error) }
        self.descriptor = Mutex(own)
    }

    deinit {
        close()
    }

    public func close() {
        descriptor.withLock { descriptor in
            if let descriptor { Foundation.close(descriptor) }
            descriptor = nil
        }
    }

    /// A copy for a child about to start, to be closed by the caller.
    func duplicate() throws(SpawnError) -> Int32 {
        let (copy, error) = descriptor.withLock { descriptor in
            let copy = descriptor.map { fcntl($0, F_DUPFD_CLOEXEC, Self.lowest) } ?? -1
            return (copy, descriptor == nil ? EBADF : errno)
        }
        guard copy >= 0 else { throw SpawnError(what: "descriptor", errorNumber: error) }
        return copy
    }
}
