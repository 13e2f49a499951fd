import HTTP2
import NIOCore
public import RPC

/// How a call ended, in the fields in which gRPC says so.
public enum StatusTrailers {
    static let ok = PreparedHeader(["grpc-status": "0"])

    /// How a call failed, field by field.
    public static func texts(_ error: RPCError) -> [(name: String, value: String)] {
        let code = error.code == .ok ? StatusCode.unknown : error.code
        var texts = [
            ("grpc-status", String(code.rawValue)),
            ("grpc-message", PercentText.encode(error.message.isEmpty ? error.reason : error.message)),
            ("grpc-status-details-bin", UnpaddedBase64.encode(error.statusDetails.readableBytesView)),
        ]
        if let wait = error.retryAfter { texts.append(("grpc-retry-pushback-ms", String(wait.wholeMilliseconds))) }
        return texts
    }

    /// - Parameter isWholeAnswer: nothing of the answer was sent before (Trailers-Only).
    static func fields(_ error: RPCError, isWholeAnswer: Bool) -> HeaderFields {
        var fields = HeaderFields()
        if isWholeAnswer {
            fields.add(":status", "200")
            fields.add("content-type", "application/grpc")
        }
        for (name, value) in texts(error) { fields.add(name, value, isRepeated: false) }
        if error.reason == "UNSUPPORTED_ENCODING" { fields.add("grpc-accept-encoding", "identity,gzip") }
        return fields
    }
}

extension Duration {
    var wholeMilliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}

/// Text as `grpc-message` has it: whatever isn't printable ASCII, and the percent sign, as its bytes in hexadecimal.
enum PercentText {
    static func encode(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "%") }
        guard !isPlain else { return text }
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "%") {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
}

/// Bytes as fields of gRPC and Connect have them (RFC 4648, 4), without padding.
public enum UnpaddedBase64 {
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var (bits, count) = (UInt32(0), UInt32(0))
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(letters[Int(bits >> count & 63)])
            }
        }
        if count > 0 { text.append(letters[Int(bits << (6 - count) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
