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

/// A transport that takes batches, and ends the letters of each in the given ways, in turn.
final class PlayedBatchTransport: BatchTransport {
    private let endings: [Handover]
    private let state = Mutex([[Letter]]())

    init(endings: [Handover]) {
        self.endings = endings
    }

    /// Every batch that it was handed.
    var batches: [[Letter]] { state.withLock { $0 } }

    func handOver(_ letter: Letter) async -> Handover {
        await handOver([letter])[0]
    }

    func handOver(_ letters: [Letter]) async -> [Handover] {
        state.withLock { $0.append(letters) }
        return letters.indices.map { endings[$0 % endings.count] }
    }
}
