import Dispatch

/// Threads for calls that block, so that they hold up nobody else's.
struct BlockingThreads: Sendable {
    private let queue: DispatchQueue

    private init(_ queue: DispatchQueue) {
        self.queue = queue
    }

    /// One call after the other.
    static func one(_ label: String) -> BlockingThreads {
        BlockingThreads(DispatchQueue(label: label))
    }

    /// As many at the same time as are asked for.
    static func many(_ label: String) -> BlockingThreads {
        BlockingThreads(DispatchQueue(label: label, attributes: .concurrent))
    }

    func start(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }

    func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }
}
