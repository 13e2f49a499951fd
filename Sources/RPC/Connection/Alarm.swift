/// A timer that wakes whoever set it.
final class Alarm: LoopTimer {
    private let action: () -> Void

    init(_ action: @escaping () -> Void) {
        self.action = action
    }

    override func expire() {
        action()
    }
}
