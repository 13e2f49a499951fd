import RPC
import Synchronization

/// The requests that the shim works on at once, from where they are whole to their answers. How many those may be is found by how long
/// they wait: what finds no room is refused before anything is decoded.
final class RequestRoom: Sendable {
    let admission: Admission
    private let taken = Atomic(0)

    init(_ admission: Admission) {
        self.admission = admission
    }

    var inFlight: Int { taken.load(ordering: .relaxed) }

    /// Takes on a request; false where there is no room for it.
    ///
    /// - Parameter priority: asked for where there is none for an ordinary one.
    func enter(_ priority: () -> CallPriority) -> Bool {
        let count = taken.add(1, ordering: .relaxed).newValue
        if count <= admission.room(for: .ordinary) || count <= admission.room(for: priority()) { return true }
        leave()
        return false
    }

    func leave() {
        taken.subtract(1, ordering: .relaxed)
    }
}
