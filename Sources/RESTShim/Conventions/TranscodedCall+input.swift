import NIOCore
import NIOHTTP1
import RPC
import Routes

extension TranscodedCall {
    /// Gathers what the route's message is made of: path, query and body.
    func input() throws(Problem) -> RouteInput {
        var input = RouteInput()
        input.path = pathFields()
        input.query = try queryFields()
        input.body = try body()
        return input
    }

    private func pathFields() -> [(name: String, value: String)] {
        zip(route.pathFields, match.parameters).map { (name: $0, value: $1) }
    }

    /// Each name once, with all its values. Which names are known is the route's to say.
    private func queryFields() throws(Problem) -> [(name: String, values: [String])] {
        guard !match.target.query.isEmpty else { return [] }
        guard let items = match.target.queryItems(plusFields: route.route.plusFields) else { throw .invalid("The query can't be read.") }
        var fields: [(name: String, values: [String])] = []
        for item in items {
            if let index = fields.firstIndex(where: { $0.name == item.name }) {
                fields[index].values.append(item.value)
            } else {
                fields.append((name: item.name, values: [item.value]))
            }
        }
        return fields
    }

    /// A route with a body wants one, as JSON; a POST without one says nothing, as with an empty object, and the field checks
    /// tell what is missing. A route without a body takes none, lest it be thought to have an effect; the empty object that
    /// some clients always send has none.
    private func body() throws(Problem) -> ByteBuffer? {
        let body = request.body.flatMap { $0.readableBytes > 0 ? $0 : nil }
        if case .none = route.route.body {
            guard body == nil || body?.readableBytesView.elementsEqual("{}".utf8) == true else {
                throw .invalid("This request takes no body.")
            }
            return nil
        }
        if let coding = request.headers.contentEncoding, !coding.isField("identity") { throw .unsupportedMediaType }
        if let contentType = request.headers.contentType {
            guard MediaType.isJSON(contentType) else { throw .unsupportedMediaType }
        } else if body != nil {
            throw .unsupportedMediaType
        }
        if let body { return body }
        guard request.method == .POST else { throw .invalid("This request needs a JSON body.") }
        return ByteBuffer(string: "{}")
    }

    /// Versions that one request may name.
    private static let mostVersions = 10

    /// The versions that `If-Match` names, the oldest first; none where it names none or the resource has to exist only.
    /// Where it names none that could ever match, nothing has to be asked.
    func expectedVersions() throws(Problem) -> [Int64] {
        let isRead = request.method == .GET || request.method == .HEAD
        if !isRead, request.headers.ifNoneMatch != nil { throw .invalid(field: "If-None-Match", "can't be held to here") }
        guard let field = request.headers.ifMatch else { return [] }
        guard let condition = EntityTagCondition(field) else { throw .invalid(field: "If-Match", "must be * or entity tags") }
        if isRead { return [] }
        guard route.route.ifMatchField != nil else { throw .invalid(field: "If-Match", "can't be held to here") }
        guard case .tags(let tags) = condition else { return [] }
        let versions = Set(tags.compactMap(\.version))
        guard !versions.isEmpty else { throw .versionMismatch }
        guard versions.count <= Self.mostVersions else {
            throw .invalid(field: "If-Match", "must name at most \(Self.mostVersions) versions")
        }
        return versions.sorted()
    }
}
