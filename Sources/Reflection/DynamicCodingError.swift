/// A document and a contract that do not fit.
public struct DynamicCodingError: Error, Hashable, CustomStringConvertible {
    /// Where: `patient.allergies[2]`; empty for the whole.
    public var path: String
    public let reason: String

    public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }

    func inside(_ outer: String) -> DynamicCodingError {
        let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
        return DynamicCodingError(path: outer + separator + path, reason: reason)
    }
}
