import Synchronization

/// That somebody wants an end: by Ctrl-C, by SIGTERM, or because the work is done.
public final class StopRequest: Sendable {
    private struct State {
        var isRequested = false
        var waiting: [AsyncStream<Void>.Continuation] = []
    }

    private let state = Mutex(State())

    public init() {}

    public var isRequested: Bool { state.withLock { $0.isRequested } }

    public func request() {
        let waiting = state.withLock { state in
            state.isRequested = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { Self.tell(continuation) }
    }

    /// One element, when it is requested; at once for those who come later.
    public var moments: AsyncStream<Void> {
        AsyncStream { continuation in
            let isRequested = state.withLock { state in
                if !state.isRequested { state.waiting.append(continuation) }
                return state.isRequested
            }
            if isRequested { Self.tell(continuation) }
        }
    }

    /// What `work` returns, unless an end is requested before: then it is cancelled, and what it throws is thrown.
    public func cancelling<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let task = Task { try await work() }
        let watch = Task { [moments] in for await _ in moments { task.cancel() } }
        defer { watch.cancel() }
        return try await task.value
    }

    private static func tell(_ continuation: AsyncStream<Void>.Continuation) {
        continuation.yield()
        continuation.finish()
    }
}
