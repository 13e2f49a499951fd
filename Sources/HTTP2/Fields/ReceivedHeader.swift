/// The header of a request as it came. A client that sends the same bytes again gets the same one again.
public final class ReceivedHeader {
    public let fields: HeaderFields
    /// What `content-length` says, where it says anything.
    let contentLength: Int?
    /// Why it is no request, nor anything that may follow one.
    let fault: HeaderFault?
    /// What whoever answers has made of the fields. They never change, and so it holds for all requests that begin with them.
    public var reading: AnyObject?

    init(_ fields: HeaderFields, isMalformed: Bool) {
        self.fields = fields
        contentLength = fields.first("content-length").flatMap { Int($0) }
        fault = isMalformed ? .malformedField : HeaderFault(in: fields)
    }
}
