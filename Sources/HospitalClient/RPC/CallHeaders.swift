import PlainText
public import RPC

/// What a caller sends beside a request, written as HTTP writes it: `Idempotency-Key: desk-1-0042`.
public struct CallHeaders: Sendable {
    public private(set) var metadata = Metadata()

    public init(_ headers: [String]) throws(CallHeaderError) {
        for header in headers {
            let (name, value) = try Self.parse(header)
            guard !metadata.contains(name) else { throw .twice(name) }
            metadata[name] = value
            // Metadata leaves out what can't travel.
            guard metadata[name] == value else { throw .noHeader(header) }
        }
    }

    /// Names mean the same in any case, and travel in lower case.
    private static func parse(_ header: String) throws(CallHeaderError) -> (name: String, value: String) {
        let parts = header.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmingSpaces)
        guard parts.count == 2, !parts[1].isEmpty, !parts[1].unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else { throw .noHeader(header) }
        let name = parts[0].lowercased()
        guard name != MetadataName.authorization else { throw .reserved(name) }
        return (name, parts[1])
    }
}

/// A header can't be sent.
public enum CallHeaderError: Error, Hashable, CustomStringConvertible {
    case noHeader(String)
    case twice(String)
    case reserved(String)

    public var description: String {
        switch self {
        case .noHeader(let header): "“\(header)” is no header: write 'Name: value', the name in letters, digits, -, _ and dots"
        case .twice(let name): "“\(name)” is given twice"
        case .reserved(let name): "“\(name)” can't be set here: give the token by --token, --token-file or HMS_TOKEN"
        }
    }
}
