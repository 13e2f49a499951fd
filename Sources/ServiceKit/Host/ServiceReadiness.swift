import Synchronization

/// Whether a service wants calls now: from the moment when all of it runs until it begins to stop.
public final class ServiceReadiness: Sendable {
    private let ready = Atomic(false)

    public init() {}

    public var isReady: Bool {
        ready.load(ordering: .acquiring)
    }

    func set(_ isReady: Bool) {
        ready.store(isReady, ordering: .releasing)
    }
}
