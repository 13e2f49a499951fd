import FieldChecks
import NIOCore

/// Where a failed call's message would stand: reason, sentence, and the fields at fault.
extension RPCError {
    /// Details beyond this are left out, so that an answer never outgrows its limits.
    private static let maximumViolations = 256
    private static let maximumTextBytes = 4096

    func writeDetails(to bytes: inout ByteBuffer) {
        bytes.writeText(reason.prefix(whoseUTF8Fits: RPCError.maximumTextBytes))
        bytes.writeText(message.prefix(whoseUTF8Fits: RPCError.maximumTextBytes))
        let violations = violations.prefix(RPCError.maximumViolations)
        bytes.writeInteger(UInt16(violations.count))
        for violation in violations {
            bytes.writeText(violation.field.prefix(whoseUTF8Fits: RPCError.maximumTextBytes))
            bytes.writeText(violation.message.prefix(whoseUTF8Fits: RPCError.maximumTextBytes))
        }
    }

    init(code: StatusCode, readingDetails bytes: inout ByteBuffer) throws(ConnectionFault) {
        let malformed = ConnectionFault(.protocolError, "error details are malformed")
        guard let reason = bytes.readText(), let message = bytes.readText(), let count: UInt16 = bytes.readInteger() else {
            throw malformed
        }
        var violations: [FieldViolation] = []
        for _ in 0..<count {
            guard let field = bytes.readText(), let message = bytes.readText() else { throw malformed }
            violations.append(FieldViolation(field: field, message: message))
        }
        self.init(code, reason, message, violations: violations)
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, between zero and the largest that the wire holds short of its "none".
    var wireMilliseconds: UInt32 {
        guard self > .zero else { return 0 }
        let (seconds, attoseconds) = components
        guard seconds < 4_000_000 else { return 4_000_000_000 }
        return UInt32(seconds) * 1000 + UInt32((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
