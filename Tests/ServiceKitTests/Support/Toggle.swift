import Synchronization

/// Something that a test switches while a service looks at it.
final class Toggle: Sendable {
    private let state = Atomic(false)

    var isOn: Bool {
        get { state.load(ordering: .acquiring) }
        set { state.store(newValue, ordering: .releasing) }
    }
}
