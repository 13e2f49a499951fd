import ServiceKit
import Synchronization

/// What the parts of a hospital say of their start. While one of them says that it gets on, the start may take as long as
/// it takes; silence is what ends the patience.
final class StartWatch: Sendable {
    private struct Part {
        var phase: StartPhase
        /// When it was last shown to people; at first, when it was first heard of.
        var lastShown: ContinuousClock.Instant
        var shown: StartPhase?
    }

    private struct State {
        var lastWord = ContinuousClock.now
        var parts: [String: Part] = [:]
    }

    private let state = Mutex(State())

    /// What is over sooner is not worth a line.
    private static let showAfter = Duration.milliseconds(500)

    /// Takes note of a part's word.
    ///
    /// - Returns: the phase where people shall see it: it takes its time, and is another than the one shown last.
    func note(_ phase: StartPhase, of name: String, at now: ContinuousClock.Instant = .now) -> StartPhase? {
        state.withLock { state in
            state.lastWord = now
            var part = state.parts[name] ?? Part(phase: phase, lastShown: now)
            defer { state.parts[name] = part }
            part.phase = phase
            switch phase {
            case .ready, .failed: return nil
            case .waitingForDatabase, .migrating:
                guard part.shown != phase, now - part.lastShown >= Self.showAfter else { return nil }
                part.shown = phase
                part.lastShown = now
                return phase
            }
        }
    }

    /// What a part has said of why it could not start; said once, of one death.
    func takeFailure(of name: String) -> String? {
        state.withLock { state in
            guard case .failed(let reason) = state.parts[name]?.phase else { return nil }
            state.parts[name] = nil
            return reason
        }
    }

    /// How long nobody has said anything.
    var silence: Duration { state.withLock { .now - $0.lastWord } }
}
