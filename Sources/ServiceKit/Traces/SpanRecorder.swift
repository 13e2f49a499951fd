public import RPC
import Synchronization

/// Remembers what this process did for requests lately.
///
/// A span is kept where its trace is sampled, and always where it failed or took long: that is decided when it ends, so that
/// of all others nothing is ever made. What is kept for its failure has room of its own, so that a flood of failures does not
/// take away what was sampled.
public final class SpanRecorder: Sendable {
    /// The process: `appointment`.
    public let service: String
    private let slow: Int64
    private let sampled: SpanRing
    private let notable: SpanRing
    private let recorded = Atomic(0)
    /// Where spans go beside the rings.
    private let forward: @Sendable (TraceSpan) -> Void
    let followUps = FollowUps()

    /// Spans of one call at most, in this process.
    static let mostOfCall = 128
    private static let sampledCapacity = 2_048
    private static let notableCapacity = 512

    public init(
        service: String, _ configuration: TraceConfiguration = TraceConfiguration(),
        forward: @escaping @Sendable (TraceSpan) -> Void = { _ in }
    ) {
        self.service = service
        self.forward = forward
        slow = configuration.slowNanoseconds
        sampled = SpanRing(capacity: Self.sampledCapacity)
        notable = SpanRing(capacity: Self.notableCapacity)
    }

    /// Whether a span is kept that ends so.
    ///
    /// - Parameter duration: nanoseconds.
    @inline(__always)
    public func keeps(_ trace: TraceContext?, failed: Bool, after duration: Int64) -> Bool {
        failed || duration >= slow || trace?.isSampled == true
    }

    public func record(_ span: TraceSpan) {
        recorded.wrappingAdd(1, ordering: .relaxed)
        (span.trace.isSampled ? sampled : notable).add(span)
        forward(span)
    }

    /// Spans that were kept since the start.
    public var recordedCount: Int { recorded.load(ordering: .relaxed) }

    /// The newest, by when they began.
    public func newest(_ limit: Int) -> [TraceSpan] {
        Array((sampled.all + notable.all).sorted { $0.startedAt > $1.startedAt }.prefix(limit))
    }

    /// All that is remembered of a request: what has its correlation id, and what belongs to the same traces.
    public func spans(of correlationID: String, _ traceIDs: Set<String>, _ limit: Int) -> [TraceSpan] {
        let all = sampled.all + notable.all
        var traces = Set(all.lazy.filter { $0.correlationID == correlationID }.map { TraceID($0.trace) })
        traces.formUnion((traceIDs.union([correlationID])).compactMap(TraceID.init(text:)))
        return Array(
            all.filter { traces.contains(TraceID($0.trace)) }.sorted { $0.startedAt > $1.startedAt }.prefix(limit))
    }
}

/// Which trace it is.
private struct TraceID: Hashable {
    let high: UInt64
    let low: UInt64

    init(_ trace: TraceContext) {
        high = trace.traceIDHigh
        low = trace.traceIDLow
    }

    init?(text: String) {
        guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16), let low = UInt64(text.suffix(16), radix: 16) else {
            return nil
        }
        self.high = high
        self.low = low
    }
}
