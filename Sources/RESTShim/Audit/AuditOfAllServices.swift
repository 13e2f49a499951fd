import Contracts
import NIOCore
import RPC
import ServiceKit

/// The audits of all services as one list, the latest first: what `GET /v1/audit` leads to.
///
/// Every service is asked for a page; of all that they answer the latest are taken, and the next page goes on behind what was taken of
/// each. A service answers in the order in which it has kept its calls, which is by moments not that of time: of each its first are
/// taken, for what was passed over no page would have. Where one service can't be asked there is no answer, because nobody would see
/// what is missing.
struct AuditOfAllServices: RPCChannel {
    /// The way to each service, by its short name.
    let services: [String: any RPCChannel]

    func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
        if method == HealthServiceMethods.check { return ClientReply(payload: try await health(options).payload()) }
        guard method == AuditServiceMethods.listAuditedCalls else { throw RPCError.unimplemented(method.name) }
        let request = try ListAuditedCallsRequest(payload: payload)
        return ClientReply(payload: try await page(request, options).payload())
    }

    /// The audit can be shown where every service can be asked.
    private func health(_ options: CallOptions) async throws -> CheckResponse {
        for channel in services.values {
            let answer = try await HealthServiceClient(channel).check(CheckRequest(), options)
            if answer.status != .serving { return answer }
        }
        return CheckResponse(status: .serving, service: "audit")
    }

    private func page(_ request: ListAuditedCallsRequest, _ options: CallOptions) async throws -> ListAuditedCallsResponse {
        let page = try PageRequest<AuditPlaces>(request.pageSize, after: request.pageToken, filters: request.filters)
        let places = page.position ?? AuditPlaces(tokens: services.mapValues { _ in "" })
        let answers = try await ask(request, at: places, options)
        let taken = Self.latest(page.size, of: answers.mapValues { $0.calls[...] })
        var next = AuditPlaces(tokens: [:])
        for (service, answer) in answers {
            let own = taken.filter { $0.service == service }
            if own.count == answer.calls.count {
                if !answer.nextPageToken.isEmpty { next.tokens[service] = answer.nextPageToken }
            } else if let last = own.last {
                next.tokens[service] = try PageRequest<AuditPosition>(request.pageSize, after: "", filters: request.filters).token(
                    after: AuditPosition(last))
            } else {
                next.tokens[service] = places.tokens[service]
            }
        }
        return ListAuditedCallsResponse(
            calls: taken.sorted { $0.isLater(than: $1) }, nextPageToken: next.tokens.isEmpty ? "" : page.token(after: next))
    }

    /// So many at most, of each service the first that it has answered, in that order.
    private static func latest(_ count: Int, of answers: [String: ArraySlice<AuditedCall>]) -> [AuditedCall] {
        var (rests, taken) = (answers, [] as [AuditedCall])
        while taken.count < count {
            let firsts = rests.compactMap { service, calls in calls.first.map { (service: service, call: $0) } }
            guard let latest = firsts.max(by: { $1.call.isLater(than: $0.call) }) else { break }
            taken.append(latest.call)
            rests[latest.service]?.removeFirst()
        }
        return taken
    }

    private func ask(
        _ request: ListAuditedCallsRequest, at places: AuditPlaces, _ options: CallOptions
    ) async throws -> [String: ListAuditedCallsResponse] {
        try await withThrowingTaskGroup(of: (String, ListAuditedCallsResponse).self) { group in
            for (service, token) in places.tokens {
                guard let channel = services[service] else { throw RPCError.unavailable("The \(service) service is not configured.") }
                var own = request
                own.pageToken = token
                group.addTask { [own] in (service, try await AuditServiceClient(channel).listAuditedCalls(own, options)) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }
}

/// Where the list goes on in each service: the token of its own next page. A service of which nothing is left is not among them.
struct AuditPlaces: PagePosition {
    var tokens: [String: String]

    init(tokens: [String: String]) {
        self.tokens = tokens
    }

    init?(sortKey: String) {
        tokens = [:]
        for part in sortKey.split(separator: " ") {
            let pair = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { return nil }
            tokens[String(pair[0])] = String(pair[1])
        }
    }

    var sortKey: String {
        tokens.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " ")
    }
}

extension AuditedCall {
    /// By time; of what was recorded in the same millisecond, by service and number.
    fileprivate func isLater(than other: AuditedCall) -> Bool {
        (at?.seconds ?? 0, at?.nanos ?? 0, other.service, AuditPosition(self))
            > (other.at?.seconds ?? 0, other.at?.nanos ?? 0, service, AuditPosition(other))
    }
}
