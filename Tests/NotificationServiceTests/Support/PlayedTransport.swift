import NotificationRules
import Synchronization

@testable import NotificationService

/// A transport that says what a test lets it say, and keeps what it was handed.
final class PlayedTransport: Transport {
    private let state = Mutex((letters: [Letter](), answer: Handover.accepted))

    /// Every letter that it was handed, refused ones too.
    var letters: [Letter] { state.withLock { $0.letters } }

    var answer: Handover {
        get { state.withLock { $0.answer } }
        set { state.withLock { $0.answer = newValue } }
    }

    func handOver(_ letter: Letter) async -> Handover {
        state.withLock { state in
            state.letters.append(letter)
            return state.answer
        }
    }
}
