public import HTTP2
public import RPC

/// What the header of a call says.
public final class GRPCHeader: Sendable {
    /// `hms.patient.v1.PatientService/GetPatient`
    public let method: String
    /// What the caller sent beside the message. Binary values stay in the letters in which they travel.
    public let metadata: Metadata
    /// How long he waits.
    public let timeout: Duration?
    public let trace: TraceContext?
    /// The header as it came.
    public let fields: HeaderFields
    /// Whether messages may come packed.
    let isGzip: Bool

    /// Whether a request is a call of gRPC, and not of what merely resembles it.
    public static func announces(_ fields: HeaderFields) -> Bool {
        guard let type = fields.first("content-type"), type.hasPrefix("application/grpc") else { return false }
        let rest = type.dropFirst("application/grpc".count)
        return rest.isEmpty || rest == "+proto" || rest.first == ";" || rest.hasPrefix("+proto;")
    }

    /// - Throws: what is wrong with it, as the call's end.
    public init(_ fields: HeaderFields, metadataLimit: Int) throws(RPCError) {
        self.fields = fields
        var path = ""
        var timeout: Duration?
        var isGzip = false
        var metadata = Metadata(reservingByteCount: 512)
        var trace: TraceContext?
        var traceState: String?
        for field in fields {
            let (name, value) = (field.name, field.value)
            switch name {
            case ":path": path = value
            case ":method": guard value == "POST" else { throw RPCError(.unimplemented, "UNIMPLEMENTED", "calls are POSTs") }
            case "grpc-timeout":
                guard let sent = Self.timeout(value) else { throw .invalidArgument("grpc-timeout can't be read") }
                timeout = sent
            case "grpc-encoding": isGzip = try Self.isGzip(value)
            case "traceparent": trace = TraceContext(traceparent: value)
            case "tracestate": traceState = traceState.map { "\($0),\(value)" } ?? value
            case "te", "content-type", "user-agent", "host", "content-length", "accept-encoding": break
            default: if !name.hasPrefix(":"), !name.hasPrefix("grpc-") { metadata[name] = value }
            }
            guard metadata.byteCount <= metadataLimit else {
                throw RPCError(.resourceExhausted, "METADATA_TOO_LARGE", "metadata has at most \(metadataLimit) bytes")
            }
        }
        guard path.first == "/" else { throw .unimplemented("this path") }
        method = String(path.dropFirst())
        if trace != nil { metadata[MetadataName.traceState] = traceState.flatMap(TraceState.bounded) }
        self.metadata = metadata
        self.timeout = timeout
        self.trace = trace
        self.isGzip = isGzip
    }

    /// `1500m`: up to eight digits and a unit.
    public static func timeout(_ text: String) -> Duration? {
        guard let unit = text.last, (2...9).contains(text.utf8.count), text.dropLast().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int64(text.dropLast())
        else { return nil }
        switch unit {
        case "H": return .seconds(count * 3600)
        case "M": return .seconds(count * 60)
        case "S": return .seconds(count)
        case "m": return .milliseconds(count)
        case "u": return .microseconds(count)
        case "n": return .nanoseconds(count)
        default: return nil
        }
    }

    private static func isGzip(_ encoding: String) throws(RPCError) -> Bool {
        switch encoding {
        case "gzip": return true
        case "identity": return false
        default: throw RPCError(.unimplemented, "UNSUPPORTED_ENCODING", "messages are taken plain, or packed by gzip")
        }
    }
}
