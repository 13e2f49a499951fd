import Crypto
import FieldChecks
import ProtobufJSON
import RPC

/// Where a list goes on: the sort key of the last row of the page before, written so that clients cannot read meaning
/// into it. It is bound to the filters of the list; with other filters, or changed, it is refused.
enum PageToken {
    /// The token of the page that follows the row with this sort key.
    ///
    /// `filters` are all the texts that choose which rows the list holds, in a fixed order.
    static func make(after sortKey: String, filters: [String]) -> String {
        Base64URL.encode(seal(sortKey, filters) + Array(sortKey.utf8))
    }

    /// The sort key after which the page begins; nil for the first page, whose token is empty.
    ///
    /// - Throws: `INVALID_ARGUMENT` on `page_token`.
    static func sortKey(in token: String, filters: [String]) throws -> String? {
        guard !token.isEmpty else { return nil }
        guard token.utf8.count <= 4_096, let bytes = Base64URL.decode(token.utf8), bytes.count > sealLength,
            let sortKey = String(validating: bytes[sealLength...], as: UTF8.self),
            seal(sortKey, filters).elementsEqual(bytes[..<sealLength])
        else { throw refusal }
        return sortKey
    }

    private static let sealLength = 8

    private static func seal(_ sortKey: String, _ filters: [String]) -> [UInt8] {
        var hash = SHA256()
        for text in filters + [sortKey] {
            withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: Array(text.utf8))
        }
        return Array(hash.finalize().prefix(sealLength))
    }

    static var refusal: RPCError {
        let sentence = "is not a page token of this list with these filters"
        return .invalidArgument("The page token is not valid.", violations: [FieldViolation(field: "page_token", message: sentence)])
    }
}
