import NIOHTTP1
import RPC
import Routes

extension TranscodedCall {
    /// The answer that a reply makes: status, conditions, and what stands in the header.
    func response(_ output: RouteOutput, _ metadata: Metadata) throws(Problem) -> HTTPResponse {
        let tag = output.version.map(EntityTag.text(version:))
        if request.method == .GET || request.method == .HEAD, let answer = try conditional(tag) { return answer }
        var response = HTTPResponse(status: HTTPResponseStatus(statusCode: route.route.status))
        if response.status != .noContent {
            response.contentType = "application/json"
            response.body = .bytes(output.json)
        }
        response.set("ETag", tag)
        response.set("Location", output.location)
        response.set("Idempotent-Replayed", metadata["idempotent-replayed"])
        response.set("Cache-Control", "no-store")
        return response
    }

    /// What a condition on a read makes of it; nil where the resource is to be sent.
    private func conditional(_ tag: String?) throws(Problem) -> HTTPResponse? {
        if let condition = request.headers.ifMatch.flatMap(EntityTagCondition.init), !condition.matchesStrongly(tag) {
            throw .versionMismatch
        }
        guard let tag, let condition = request.headers.ifNoneMatch.flatMap(EntityTagCondition.init), condition.matchesWeakly(tag) else {
            return nil
        }
        var response = HTTPResponse(status: .notModified)
        response.set("ETag", tag)
        response.set("Cache-Control", "no-store")
        return response
    }
}
