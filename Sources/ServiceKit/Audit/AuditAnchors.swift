public import Storage

/// The file beside the databases that says how far each service's audit was chained, and when: `DATA/audit/anchors.ndjson`, to which
/// lines are only added. Whoever copies it to where nobody of the hospital's can change it can prove more with it.
public struct AuditAnchors: Sendable {
    public let path: String
    private let service: String

    public init(service: String, dataFolder: String) {
        self.service = service
        path = Self.path(in: dataFolder)
    }

    public static func path(in dataFolder: String) -> String { "\(dataFolder)/audit/anchors.ndjson" }

    /// Adds a line, durably.
    ///
    /// - Parameter now: UTC milliseconds.
    public func append(_ head: AuditHead, at now: Int64) throws {
        let line = #"{"service":"\#(service)","place":\#(head.place),"hash":"\#(head.hexHash)","at":\#(now)}"# + "\n"
        try LocalFile.makeFolder(LocalFile.folder(of: path), mode: 0o700)
        try LocalFile.append(Array(line.utf8), to: path, mode: 0o600)
    }
}

extension AuditHead {
    /// The hash as people copy it.
    public var hexHash: String {
        hash.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
