import FieldChecks
import NIOCore
import RPC

extension RPCError {
    /// The error as a google.rpc.Status, encoded, with what programs act on: ErrorInfo, and where there is anything for them, BadRequest
    /// and RetryInfo.
    var statusDetails: ByteBuffer {
        var status = ByteBuffer()
        status.writeField(1, UInt64(code.rawValue))
        status.writeField(2, message.isEmpty ? reason : message)
        status.writeMessage(3) { any in
            any.writeDetail("ErrorInfo") { info in
                info.writeField(1, reason)
                info.writeField(2, Self.domain)
            }
        }
        if !violations.isEmpty {
            status.writeMessage(3) { any in
                any.writeDetail("BadRequest") { request in
                    for violation in violations {
                        request.writeMessage(1) { field in
                            field.writeField(1, violation.field)
                            field.writeField(2, violation.message)
                        }
                    }
                }
            }
        }
        if let retryAfter {
            status.writeMessage(3) { any in
                any.writeDetail("RetryInfo") { info in
                    info.writeMessage(1) { delay in
                        delay.writeField(1, UInt64(max(0, retryAfter.components.seconds)))
                        delay.writeField(2, UInt64(max(0, retryAfter.components.attoseconds / 1_000_000_000)))
                    }
                }
            }
        }
        return status
    }

    /// Whose reasons these are.
    private static let domain = "hms"
}

extension ByteBuffer {
    fileprivate mutating func writeDetail(_ name: String, _ fill: (inout ByteBuffer) -> Void) {
        writeField(1, "type.googleapis.com/google.rpc.\(name)")
        writeMessage(2, fill)
    }
}
