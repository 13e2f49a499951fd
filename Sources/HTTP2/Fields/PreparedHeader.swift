/// A header, or trailers, that are the same for many answers: once the reader's table knows the fields, sending them costs as many bytes
/// as there are fields, and no work.
public final class PreparedHeader: Sendable {
    public let fields: HeaderFields

    public init(_ fields: HeaderFields) {
        self.fields = fields
    }
}

/// A header, or trailers, on their way out.
enum SentHeader {
    case fields(HeaderFields)
    case prepared(PreparedHeader)
}
