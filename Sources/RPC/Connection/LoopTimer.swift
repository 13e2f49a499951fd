/// A timer among ``LoopTimers``. Used on one event loop only.
class LoopTimer: HeapTimer {
    /// Called on the loop once the instant has come.
    func expire() {}
}
