import Storage
import Synchronization

/// The one hold of a service that a backup may have at a time.
final class KeptHold: Sendable {
    private struct State {
        let name: String
        /// Nil while it is waited for.
        var hold: WriteHold?
    }

    private let state = Mutex<State?>(nil)

    /// Makes place for a hold; one of the same name goes.
    ///
    /// - Returns: what has to be discarded first.
    /// - Throws: where there is another one.
    func reserve(_ name: String) throws -> WriteHold? {
        try state.withLock { state in
            if let state, state.name != name || state.hold == nil { throw HoldTaken() }
            defer { state = State(name: name) }
            return state?.hold
        }
    }

    func keep(_ hold: WriteHold, _ name: String) {
        state.withLock { $0 = State(name: name, hold: hold) }
    }

    func find(_ name: String) -> WriteHold? {
        state.withLock { $0?.name == name ? $0?.hold : nil }
    }

    /// Makes place for another one.
    func take(_ name: String) -> WriteHold? {
        state.withLock { state in
            guard state?.name == name, let hold = state?.hold else { return nil }
            state = nil
            return hold
        }
    }

    /// Makes place for another one, where it is still this one that is kept.
    func drop(_ hold: WriteHold) -> Bool {
        state.withLock { state in
            guard state?.hold === hold else { return false }
            state = nil
            return true
        }
    }

    /// Where none came to be kept.
    func forget(_ name: String) {
        state.withLock { state in
            if state?.name == name, state?.hold == nil { state = nil }
        }
    }
}

/// Another backup is under way.
struct HoldTaken: Error {}
