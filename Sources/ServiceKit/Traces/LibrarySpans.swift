import RPC
import Synchronization
import Tracing

/// Takes the spans that libraries make by swift-distributed-tracing's facade, as the HTTP client does: those within a sampled
/// request, and nothing of them but their name, time and status. A library's attributes may hold what we would never write, as
/// a URL does.
///
/// Our own spans do not come this way: the facade wants a span before its work begins, as an object in a task-local, of every
/// request; ours are made when the work has ended, of those requests only that leave any.
struct LibraryTracer: Tracer {
    let recorder: SpanRecorder

    func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String, file fileID: String, line: UInt
    ) -> LibrarySpan {
        let context = context()
        guard let cause = context[SpanOrigin.Key.self] ?? SpanOrigin.ofSampledCall else { return LibrarySpan(nil, context, recorder) }
        let own = cause.nextHop()
        var inner = context
        inner[SpanOrigin.Key.self] = own
        return LibrarySpan(
            LibrarySpan.Beginning(name: operationName, kind: TraceSpan.Kind(kind), own: own.trace, cause: cause), inner, recorder)
    }

    func forceFlush() {}

    /// Names the trace to whoever is called.
    func inject<Carrier, Inject: Injector>(_ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject)
    where Carrier == Inject.Carrier {
        guard let origin = context[SpanOrigin.Key.self] else { return }
        injector.inject(origin.trace.traceparent, forKey: "traceparent", into: &carrier)
        if let state = origin.state { injector.inject(state, forKey: MetadataName.traceState, into: &carrier) }
    }

    func extract<Carrier, Extract: Extractor>(_ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract)
    where Carrier == Extract.Carrier {
        guard let trace = extractor.extract(key: "traceparent", from: carrier).flatMap(TraceContext.init(traceparent:)), trace.isSampled
        else { return }
        let state = extractor.extract(key: MetadataName.traceState, from: carrier).flatMap(TraceState.bounded)
        context[SpanOrigin.Key.self] = SpanOrigin(trace: trace, state: state, correlationID: trace.traceID)
    }
}

/// The span within which something is done, and what others have written beside its trace.
struct SpanOrigin: Sendable {
    let trace: TraceContext
    let state: String?
    let correlationID: String

    /// A span within it.
    func nextHop() -> SpanOrigin { SpanOrigin(trace: trace.nextHop(), state: state, correlationID: correlationID) }

    enum Key: InstrumentationContextKey {
        typealias Value = SpanOrigin
    }

    static var ofSampledCall: SpanOrigin? {
        SampledCall.current.map { SpanOrigin(trace: $0.answering, state: $0.traceState, correlationID: $0.correlationID) }
    }
}

/// A span of a library, which may be nobody's.
final class LibrarySpan: Tracing.Span {
    struct Beginning: Sendable {
        let name: String
        let kind: TraceSpan.Kind
        let own: TraceContext
        let cause: SpanOrigin
    }

    private struct State {
        var failed = false
        var hasEnded = false
    }

    let context: InstrumentationContext
    private let beginning: Beginning?
    private let recorder: SpanRecorder
    private let began = ContinuousClock.now
    private let state = Mutex(State())

    init(_ beginning: Beginning?, _ context: InstrumentationContext, _ recorder: SpanRecorder) {
        self.beginning = beginning
        self.context = context
        self.recorder = recorder
    }

    var isRecording: Bool { beginning != nil }

    var operationName: String {
        get { beginning?.name ?? "" }
        set {}
    }

    var attributes: SpanAttributes {
        get { [:] }
        set {}
    }

    func setStatus(_ status: SpanStatus) {
        state.withLock { $0.failed = status.code == .error }
    }

    func recordError<Instant: TracerInstant>(_ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant) {
        state.withLock { $0.failed = true }
    }

    func addEvent(_ event: SpanEvent) {}
    func addLink(_ link: SpanLink) {}

    func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let (isFirst, failed) = state.withLock { state in
            defer { state.hasEnded = true }
            return (!state.hasEnded, state.failed)
        }
        guard isFirst, let beginning else { return }
        recorder.record(
            TraceSpan(
                beginning.name, beginning.kind, beginning.own, state: beginning.cause.state, parent: beginning.cause.trace.spanID,
                correlationID: beginning.cause.correlationID, duration: (ContinuousClock.now - began).nanoseconds,
                code: failed ? "ERROR" : "OK", failed: failed))
    }
}

extension TraceSpan.Kind {
    fileprivate init(_ kind: SpanKind) {
        self =
            switch kind {
            case .server: .server
            case .client: .client
            case .producer: .producer
            case .consumer: .consumer
            default: .internal
            }
    }
}

extension SpanRecorder {
    /// Has this process's libraries report here. Only once, before any of them is used.
    public func takeSpansOfLibraries() {
        InstrumentationSystem.bootstrap(LibraryTracer(recorder: self))
    }
}
