import NIOHTTP1
import RPC
import ServiceKit

extension SpanRecorder {
    /// Keeps the span of a request, where it is one of those that leave some.
    ///
    /// - Parameter age: nanoseconds since the request was whole.
    func record(_ context: RequestContext, _ method: HTTPMethod?, _ status: HTTPResponseStatus, after age: Int64) {
        let failed = RequestLog.isOurFault(status)
        guard keeps(context.trace, failed: failed, after: age), context.leavesSpan else { return }
        record(
            TraceSpan(
                context.pattern.isEmpty ? "no route" : "\(method?.rawValue ?? "") \(context.pattern)", .server, context.span,
                state: context.traceState, parent: context.parentSpanID, correlationID: context.correlationID, duration: age,
                code: "\(status.code)", failed: failed,
                attributes: context.code.map { [.init("problem", $0)] } ?? []))
    }
}
