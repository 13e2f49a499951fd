import Contracts
import RPC
public import Storage
import Vocabulary

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
    public func append(_ anchor: AuditAnchor, at now: Int64) throws {
        let (head, age) = (anchor.head, anchor.recordedAt.map { #","recorded_at":\#($0)"# } ?? "")
        let line = #"{"service":"\#(service)","place":\#(head.place),"hash":"\#(head.hexHash)","at":\#(now)\#(age)}"# + "\n"
        try LocalFile.makeFolder(LocalFile.folder(of: path), mode: 0o700)
        try LocalFile.append(Array(line.utf8), to: path, mode: 0o600)
    }
}

/// The other service that keeps how far this one's audit was chained, so that nobody who may write one database can cut off or make
/// anew a chain unseen.
struct AuditKeeper: Sendable {
    private let service: String
    private let keeper: String
    private let peers: Peers
    private let client: AuditServiceClient

    private static let patience: Duration = .seconds(2)

    /// Nil where none is configured.
    init?(of service: String, among peers: Peers) {
        guard let keeper = Self.keeper(of: service), peers.isConfigured(keeper) else { return nil }
        self.service = service
        self.keeper = keeper
        self.peers = peers
        client = AuditServiceClient(peers.channel(to: keeper))
    }

    /// Who keeps for whom: each service for the one before it, the first for the last. Nil for what is no service of the hospital's.
    static func keeper(of service: String) -> String? {
        guard let place = Settings.services.firstIndex(of: service) else { return nil }
        return Settings.services[(place + 1) % Settings.services.count]
    }

    func keep(_ anchor: AuditAnchor) async throws {
        let head = anchor.head
        let options = try await peers.asService(timeout: Self.patience, correlationID: "audit-\(service)-\(head.place)")
        let request = KeepAuditHeadRequest(
            service: service, place: head.place, hash: head.hash,
            recordedAt: anchor.recordedAt.map { ProtobufTimestamp(Instant(millisecondsSinceEpoch: $0)) })
        _ = try await client.keepAuditHead(request, options)
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
