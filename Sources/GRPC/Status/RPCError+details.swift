import FieldChecks
public import NIOCore
public import RPC

extension RPCError {
    /// What programs act on, each a message of google.rpc, encoded: ErrorInfo, and where there is anything for them, BadRequest and
    /// RetryInfo.
    public var errorDetails: [(type: String, value: ByteBuffer)] {
        var details = [("google.rpc.ErrorInfo", errorInfo)]
        if !violations.isEmpty { details.append(("google.rpc.BadRequest", badRequest)) }
        if let retryAfter { details.append(("google.rpc.RetryInfo", Self.retryInfo(retryAfter))) }
        return details
    }

    /// The error as a google.rpc.Status, encoded, with its details.
    var statusDetails: ByteBuffer {
        var status = ByteBuffer()
        status.writeField(1, UInt64(code.rawValue))
        status.writeField(2, message.isEmpty ? reason : message)
        for detail in errorDetails {
            status.writeMessage(3) { any in
                any.writeField(1, "type.googleapis.com/\(detail.type)")
                any.writeField(2, detail.value)
            }
        }
        return status
    }

    /// Whose reasons these are.
    private static let domain = "hms"

    private var errorInfo: ByteBuffer {
        var info = ByteBuffer()
        info.writeField(1, reason)
        info.writeField(2, Self.domain)
        return info
    }

    private var badRequest: ByteBuffer {
        var request = ByteBuffer()
        for violation in violations {
            request.writeMessage(1) { field in
                field.writeField(1, violation.field)
                field.writeField(2, violation.message)
            }
        }
        return request
    }

    private static func retryInfo(_ wait: Duration) -> ByteBuffer {
        var info = ByteBuffer()
        info.writeMessage(1) { delay in
            delay.writeField(1, UInt64(max(0, wait.components.seconds)))
            delay.writeField(2, UInt64(max(0, wait.components.attoseconds / 1_000_000_000)))
        }
        return info
    }
}
