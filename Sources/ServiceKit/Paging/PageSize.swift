import FieldChecks
import RPC

/// How many rows a page holds.
enum PageSize {
    static let normal = 50
    static let maximum = 500

    /// What the request asks for: 0 is the normal size.
    ///
    /// - Throws: `INVALID_ARGUMENT` on `page_size` where it is negative or too large.
    static func rows(_ requested: Int32) throws -> Int {
        guard requested != 0 else { return normal }
        guard (1...maximum).contains(Int(requested)) else {
            let sentence = "must be from 1 to \(maximum), or 0 for \(normal)"
            throw RPCError.invalidArgument(
                "The page size is not valid.", violations: [FieldViolation(field: "page_size", message: sentence)])
        }
        return Int(requested)
    }
}
