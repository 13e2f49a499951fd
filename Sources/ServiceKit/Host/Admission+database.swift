import RPC
import Storage

extension Admission {
    /// Learns of every commit how long its writes have waited.
    func watch(_ storage: inout DatabaseConfiguration) {
        storage.onCommit = { [onCommit = storage.onCommit] report in
            onCommit(report)
            self.note(report.wait, in: .database)
        }
    }
}
