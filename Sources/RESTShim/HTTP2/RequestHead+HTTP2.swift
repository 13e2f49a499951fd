import HTTP2
import NIOHTTP1

extension RequestHead {
    /// The header as HTTP/1.1 would have it (RFC 9113, 8.3.1), of which only the fields are kept that the shim reads. Of a body whose
    /// length isn't announced nobody knows how long it will be, as of a chunked one.
    ///
    /// - Parameter isWhole: there is no body.
    convenience init(_ fields: HeaderFields, isWhole: Bool) {
        var line = HTTPRequestHead(version: .http1_1, method: .GET, uri: "")
        var authority: String?
        var host: String?
        for field in fields {
            let value = field.value
            switch field.name {
            case ":method": line.method = HTTPMethod(rawValue: value)
            case ":path": line.uri = value
            case ":authority": authority = value
            case "host" where host == nil: host = value
            default: if KnownHeader(field.name) != nil { line.headers.add(name: field.name, value: value) }
            }
        }
        if line.method == .CONNECT { line.uri = authority ?? "" }
        if let authority { line.headers.add(name: "host", value: authority) }
        if let host, host != authority { line.headers.add(name: "host", value: host) }
        if !isWhole, !line.headers.contains(name: "content-length") { line.headers.add(name: "transfer-encoding", value: "chunked") }
        self.init(line)
    }
}
