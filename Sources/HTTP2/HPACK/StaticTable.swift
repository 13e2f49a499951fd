/// The fields that every table begins with (RFC 7541, appendix A).
enum StaticTable {
    static let count = 61

    /// - Parameter index: from 1.
    static subscript(index: Int) -> HeaderField { fields[index - 1] }

    /// Where a field stands; with its name alone where its value stands nowhere.
    static func index(of field: HeaderField) -> (whole: Int?, name: Int?) {
        guard let first = firstOfName[field.name] else { return (nil, nil) }
        var index = first
        while index <= count, fields[index - 1].name == field.name {
            if fields[index - 1].value == field.value { return (index, first) }
            index += 1
        }
        return (nil, first)
    }

    /// Fields of one name stand together.
    private static let firstOfName: [String: Int] = {
        var first: [String: Int] = [:]
        for (offset, field) in fields.enumerated() where first[field.name] == nil { first[field.name] = offset + 1 }
        return first
    }()

    private static let fields: [HeaderField] = [
        HeaderField(":authority", ""), HeaderField(":method", "GET"), HeaderField(":method", "POST"), HeaderField(":path", "/"),
        HeaderField(":path", "/index.html"), HeaderField(":scheme", "http"), HeaderField(":scheme", "https"),
        HeaderField(":status", "200"), HeaderField(":status", "204"), HeaderField(":status", "206"), HeaderField(":status", "304"),
        HeaderField(":status", "400"), HeaderField(":status", "404"), HeaderField(":status", "500"), HeaderField("accept-charset", ""),
        HeaderField("accept-encoding", "gzip, deflate"), HeaderField("accept-language", ""), HeaderField("accept-ranges", ""),
        HeaderField("accept", ""), HeaderField("access-control-allow-origin", ""), HeaderField("age", ""), HeaderField("allow", ""),
        HeaderField("authorization", ""), HeaderField("cache-control", ""), HeaderField("content-disposition", ""),
        HeaderField("content-encoding", ""), HeaderField("content-language", ""), HeaderField("content-length", ""),
        HeaderField("content-location", ""), HeaderField("content-range", ""), HeaderField("content-type", ""), HeaderField("cookie", ""),
        HeaderField("date", ""), HeaderField("etag", ""), HeaderField("expect", ""), HeaderField("expires", ""), HeaderField("from", ""),
        HeaderField("host", ""), HeaderField("if-match", ""), HeaderField("if-modified-since", ""), HeaderField("if-none-match", ""),
        HeaderField("if-range", ""), HeaderField("if-unmodified-since", ""), HeaderField("last-modified", ""), HeaderField("link", ""),
        HeaderField("location", ""), HeaderField("max-forwards", ""), HeaderField("proxy-authenticate", ""),
        HeaderField("proxy-authorization", ""), HeaderField("range", ""), HeaderField("referer", ""), HeaderField("refresh", ""),
        HeaderField("retry-after", ""), HeaderField("server", ""), HeaderField("set-cookie", ""),
        HeaderField("strict-transport-security", ""), HeaderField("transfer-encoding", ""), HeaderField("user-agent", ""),
        HeaderField("vary", ""), HeaderField("via", ""), HeaderField("www-authenticate", ""),
    ]
}
