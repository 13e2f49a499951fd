public import NIOCore
import Synchronization

/// How much a process takes on at once, for all who ask and all who measure.
///
/// The number is found by an ``AdmissionLimit``. A fifth of it is kept for what is critical; what is never refused goes beyond it.
public final class Admission: Sendable {
    private let state: Mutex<AdmissionLimit>
    private let shared: Atomic<Int>

    public init(_ rules: AdmissionRules = AdmissionRules()) {
        var rules = rules
        rules.minimum = min(rules.minimum, rules.maximum)
        state = Mutex(AdmissionLimit(rules))
        shared = Atomic(rules.maximum)
    }

    /// As much at once as that, however long it waits.
    public convenience init(always limit: Int) {
        var rules = AdmissionRules()
        (rules.minimum, rules.maximum) = (limit, limit)
        self.init(rules)
    }

    /// How much may be in flight now.
    public var limit: Int { shared.load(ordering: .relaxed) }

    /// How much may be in flight once something of this priority is taken on.
    public func room(for priority: CallPriority) -> Int {
        switch priority {
        case .ordinary: limit - limit / 5
        case .critical: limit
        case .always: .max
        }
    }

    /// Something has waited for its turn. Told once for many: for what was worked on in one go.
    ///
    /// - Parameter inFlight: how much is under way; zero where that is not known.
    public func note(_ wait: Duration, in line: WaitingLine, inFlight: Int = 0) {
        note(wait.timeAmount, in: line, inFlight: inFlight, at: .now())
    }

    func note(_ wait: TimeAmount, in line: WaitingLine, inFlight: Int, at now: NIODeadline) {
        let limit = state.withLock { state in
            state.note(wait, in: line, inFlight: inFlight, at: now)
            return state.limit
        }
        shared.store(limit, ordering: .relaxed)
    }
}

/// Measures how long what has arrived on an event loop waits for its turn.
///
/// A loop works on all that its sockets have brought, and then on what it was given meanwhile. How long it takes until then is how long
/// the last of what had arrived together with the first has waited, and what arrives now will.
///
/// `@unchecked Sendable`: touched on its event loop only.
public final class TurnWatch: @unchecked Sendable {
    private let eventLoop: any EventLoop
    private let admission: Admission
    private let inFlight: @Sendable () -> Int
    private var isUnderWay = false

    public init(on eventLoop: any EventLoop, telling admission: Admission, inFlight: @escaping @Sendable () -> Int) {
        self.eventLoop = eventLoop
        self.admission = admission
        self.inFlight = inFlight
    }

    /// Something has arrived and is worked on now. Called on the loop; one of many in the same turn is measured.
    public func workBegins() {
        guard !isUnderWay else { return }
        isUnderWay = true
        let start = NIODeadline.now()
        eventLoop.execute { [self] in
            isUnderWay = false
            let now = NIODeadline.now()
            admission.note(now - start, in: .eventLoop, inFlight: inFlight(), at: now)
        }
    }
}
