import Contracts
import NIOCore
import NIOHTTP1
import ProtobufJSON
import RPC
import ServiceKit
import Vocabulary

extension OperatorEndpoint {
    /// All that an operator can ask.
    static func all(_ view: HospitalView) -> [OperatorEndpoint] {
        [traces(view), requests(view), overview(view), deadLetters(view), revival(view)]
    }

    private static let listedRequests = 200

    /// One request in all services.
    private static func traces(_ view: HospitalView) -> OperatorEndpoint {
        OperatorEndpoint("/ops/traces/{correlation_id}", page: .ops) { request in
            guard let correlationID = request.parameters.first, CorrelationID.isValid(correlationID) else { throw Problem.routeNotFound }
            let picture = await view.picture(of: correlationID, for: request)
            guard !picture.spans.isEmpty else { throw Problem.traceNotFound }
            return .ofNow(
                JSONWriter.document { object in
                    object.member("correlation_id", correlationID)
                    object.texts("trace_ids", picture.traceIDs)
                    object.texts("silent", picture.silent)
                    object.array("spans", picture.spans) { $1.members(of: $0) }
                })
        }
    }

    private static func requests(_ view: HospitalView) -> OperatorEndpoint {
        OperatorEndpoint("/ops/requests") { _ in
            let requests = view.requests(limit: listedRequests).map { SpanRecord($0, of: view.recorder.service) }
            return .ofNow(JSONWriter.document { object in object.array("requests", requests) { $1.members(of: $0) } })
        }
    }

    private static func overview(_ view: HospitalView) -> OperatorEndpoint {
        OperatorEndpoint("/ops/overview") { request in
            let (processes, silent) = await view.overview(for: request)
            return .ofNow(
                JSONWriter.document { object in
                    object.texts("silent", silent)
                    object.array("processes", processes) { $1.members(of: $0) }
                })
        }
    }

    private static func deadLetters(_ view: HospitalView) -> OperatorEndpoint {
        OperatorEndpoint("/ops/dead-letters") { request in
            let (letters, silent) = await view.deadLetters(for: request)
            return .ofNow(
                JSONWriter.document { object in
                    object.texts("silent", silent)
                    object.array("dead_letters", letters) { dead, element in
                        element.member("service", dead.service)
                        element.members(of: dead.letter)
                    }
                })
        }
    }

    /// Gives dead letters of one service all their tries again: those that the body names, or all.
    private static func revival(_ view: HospitalView) -> OperatorEndpoint {
        OperatorEndpoint("/ops/dead-letters/{service}/revive", .POST) { request in
            guard let service = request.parameters.first, let channel = view.channel(to: service) else { throw Problem.routeNotFound }
            guard request.request.headers.contentType.map(MediaType.isJSON) == true else { throw Problem.unsupportedMediaType }
            let body = request.request.body.map { Array($0.readableBytesView) } ?? []
            guard let wanted = try? ReviveDeadLettersRequest(json: body) else {
                throw Problem.invalid("The body names event_ids, or says all.")
            }
            let answer = try await DeadLetterServiceClient(channel).reviveDeadLetters(wanted, request.options(timeout: .seconds(30)))
            return .ofNow(
                JSONWriter.document { object in
                    object.member("revived", Int(answer.revived))
                    object.member("has_more", answer.hasMore)
                })
        }
    }
}

extension Problem {
    static let traceNotFound = Problem(
        .notFound, "TRACE_NOT_FOUND",
        "No process remembers such a request: it was not among those that leave spans, or newer ones have taken its place.")
}

extension JSONWriter {
    fileprivate mutating func members(of span: SpanRecord) {
        member("trace_id", span.traceID)
        member("span_id", span.spanID)
        member("parent_span_id", span.parentSpanID)
        member("service", span.service)
        member("name", span.name)
        member("kind", "\(span.kind)")
        // Microseconds fit into the numbers of every JSON reader; nanoseconds since 1970 do not.
        member("started_at_us", Int(span.startedAtNs / 1_000))
        member("duration_ns", Int(span.durationNs))
        member("code", span.code)
        member("failed", span.failed)
        member("correlation_id", span.correlationID)
        object("attributes") { object in
            for attribute in span.attributes { object.member(named: attribute.key, attribute.value) }
        }
    }

    fileprivate mutating func members(of process: OverviewResponse) {
        member("service", process.service)
        member("instance", process.instance)
        member("in_flight", Int(process.callsInFlight))
        member("waiting_writes", Int(process.waitingWrites))
        members(of: process.served)
        array("peers", process.calls) { peer, element in
            element.member("peer", peer.peer)
            element.members(of: peer.totals)
        }
        array("queues", process.queues) { queue, element in
            element.member("subscriber", queue.subscriber)
            element.member("undelivered", Int(queue.undelivered))
            element.member("oldest_ms", Int(queue.oldestSeconds * 1_000))
            element.member("dead_letters", Int(queue.deadLetters))
        }
    }

    private mutating func members(of totals: CallTotals?) {
        member("calls", Int(totals?.calls ?? 0))
        member("failed", Int(totals?.failed ?? 0))
        member("total_us", Int((totals?.seconds ?? 0) * 1_000_000))
    }

    /// Without the record that it is about, which may be a person.
    fileprivate mutating func members(of letter: DeadLetter) {
        member("event_id", letter.eventID)
        member("event_type", letter.eventType)
        member("subscriber", letter.subscriber)
        member("reason", letter.reason)
        member("attempts", Int(letter.attempts))
        member("died_at", letter.diedAt?.instant?.rfc3339 ?? "")
    }
}
