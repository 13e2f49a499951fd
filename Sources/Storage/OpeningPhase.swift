/// What the opening of a database is about, where that takes time.
public enum OpeningPhase: Hashable, Sendable {
    /// Another process has it; `holder` is its process id where known.
    case waitingForLock(holder: Int32?)
    /// The schema is brought up to date; `step` counts from 1.
    case migrating(step: Int, of: Int)
}
