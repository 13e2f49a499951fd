import NIOCore
import NIOHTTP1
import RPC

extension TranscodedCall {
    /// Gathers what the route's message is made of: path, query, body and If-Match.
    func input() throws(Problem) -> RouteInput {
        var input = RouteInput()
        input.path = pathFields()
        input.query = try queryFields()
        input.body = try body()
        input.expectedVersion = try expectedVersion()
        return input
    }

    private func pathFields() -> [(name: String, value: String)] {
        let names = route.route.path.compactMap { segment -> String? in
            if case .field(let name) = segment { name } else { nil }
        }
        return zip(names, parameters).map { (name: $0, value: $1) }
    }

    /// Each name once, with all its values. Which names are known is the route's to say.
    private func queryFields() throws(Problem) -> [(name: String, values: [String])] {
        guard !target.query.isEmpty else { return [] }
        guard let items = target.queryItems() else { throw .invalid("The query can't be read.") }
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

    /// The one version that If-Match names. Where it names none that could ever match, nothing has to be asked.
    private func expectedVersion() throws(Problem) -> Int64? {
        guard let field = request.headers.ifMatch else { return nil }
        guard let condition = EntityTagCondition(field) else { throw .invalid(field: "If-Match", "must be * or entity tags") }
        if request.method == .GET || request.method == .HEAD { return nil }
        guard route.route.ifMatchField != nil else { throw .invalid(field: "If-Match", "can't be held to here") }
        guard case .tags(let tags) = condition else { return nil }
        let versions = Set(tags.compactMap(\.version))
        guard let version = versions.first else { throw .versionMismatch }
        guard versions.count == 1 else { throw .invalid(field: "If-Match", "must name one version") }
        return version
    }
}
