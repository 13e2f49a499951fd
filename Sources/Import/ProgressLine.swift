import Foundation

/// Counts that change in place, where a person watches: on standard error, only if it is a terminal.
public final class ProgressLine {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var shownAt: ContinuousClock.Instant?

    public init() {}

    public func show(_ counts: ImportCounts) {
        let now = ContinuousClock.now
        guard isTerminal, shownAt.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
        shownAt = now
        write("\r\(counts)\u{1B}[K")
    }

    public func clear() {
        if shownAt != nil { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
