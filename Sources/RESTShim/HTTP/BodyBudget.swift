import Synchronization

/// What the bodies of all requests together may take, and those of one address. Taken when a header announces a body, or
/// while a chunked one grows; given back when the request is answered.
final class BodyBudget: Sendable {
    private struct State {
        var taken = 0
        var takenByAddress: [ClientAddress: Int] = [:]
    }

    private let total: Int
    private let share: Int
    private let state = Mutex(State())

    /// Both in bytes.
    init(total: Int, share: Int) {
        self.total = total
        self.share = share
    }

    /// False where there is no room; nothing is taken then.
    func take(_ byteCount: Int, for address: ClientAddress) -> Bool {
        guard byteCount > 0 else { return true }
        return state.withLock { state in
            let ofAddress = state.takenByAddress[address, default: 0]
            guard state.taken + byteCount <= total, ofAddress + byteCount <= share else { return false }
            state.taken += byteCount
            state.takenByAddress[address] = ofAddress + byteCount
            return true
        }
    }

    /// Takes what is there already. False where there was no room for it.
    func takeAnyway(_ byteCount: Int, for address: ClientAddress) -> Bool {
        state.withLock { state in
            state.taken += byteCount
            state.takenByAddress[address, default: 0] += byteCount
            return state.taken <= total && state.takenByAddress[address, default: 0] <= share
        }
    }

    func giveBack(_ byteCount: Int, of address: ClientAddress) {
        guard byteCount > 0 else { return }
        state.withLock { state in
            state.taken -= byteCount
            let ofAddress = state.takenByAddress[address, default: 0] - byteCount
            state.takenByAddress[address] = ofAddress > 0 ? ofAddress : nil
        }
    }

    /// Bytes that are taken now.
    var taken: Int { state.withLock { $0.taken } }
}
