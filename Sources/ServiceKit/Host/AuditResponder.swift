import Contracts
import RPC
import Storage
import Vocabulary

/// Shows what a service has recorded of who has read and changed what, and keeps for another service how far its record has come.
struct AuditResponder: AuditServiceProtocol {
    let service: String
    let database: Database

    func listAuditedCalls(_ request: ListAuditedCallsRequest, _ context: CallContext) async throws -> ListAuditedCallsResponse {
        let page = try PageRequest<AuditPosition>(request.pageSize, after: request.pageToken, filters: request.filters)
        let found = try await database.scan { reader in
            var search = AuditSearch(request, size: page.size, from: page.position?.number)
            while search.goesOn { try search.readOn(in: reader) }
            return search
        }
        let calls = found.calls.map { AuditedCall($0.entry, $0.number, of: service) }
        return ListAuditedCallsResponse(calls: calls, nextPageToken: found.next.map { page.token(after: AuditPosition($0)) } ?? "")
    }

    func keepAuditHead(_ request: KeepAuditHeadRequest, _ context: CallContext) async throws -> KeepAuditHeadResponse {
        guard context.principal?.subject == request.service, request.service != service else {
            throw RPCError(.permissionDenied, "PERMISSION_DENIED", "A service tells another how far its own audit has come.")
        }
        let head = AuditHead(place: request.place, hash: request.hash)
        let anchor = AuditAnchor(head, recordedAt: request.recordedAt?.instant?.millisecondsSinceEpoch)
        try await database.write { try $0.keepAnchor(anchor, of: request.service, at: SystemTime.millisecondsSinceEpoch()) }
        return KeepAuditHeadResponse()
    }
}

/// Looks for a page of entries, from the newest down.
private struct AuditSearch: Sendable {
    /// Entries that are looked through for one page at most: no question makes the database busy for long.
    private static let most = 100_000
    /// Rows of one statement, each of which may hold many entries.
    private static let atOnce = 1_000
    /// So many entries one after another that are older than was asked for tell that there are no others: one clock that stood wrong, or
    /// one entry that was put in, tells nothing. More than are kept in one row.
    private static let tellingAge = 200

    private let request: ListAuditedCallsRequest
    private let size: Int
    private(set) var calls: [(number: AuditNumber, entry: AuditEntry)] = []
    private var place: AuditNumber?
    private var seen = 0
    private var tooOld = 0
    private var isAtEnd = false

    init(_ request: ListAuditedCallsRequest, size: Int, from place: AuditNumber?) {
        (self.request, self.size, self.place) = (request, size, place)
    }

    var goesOn: Bool { !isAtEnd && calls.count < size && seen < Self.most }

    /// Behind which entry the next page begins; nil where nothing can follow.
    var next: AuditNumber? { isAtEnd ? nil : place }

    mutating func readOn(in reader: Reader) throws {
        if place == nil, let to = request.to?.instant { place = try reader.auditEnd(recordedBefore: to.millisecondsSinceEpoch) }
        let start = place
        let others =
            if request.breakGlass {
                try reader.forEachEmergency(before: start, limit: Self.atOnce) { look(at: $1, $0) }
            } else {
                try reader.forEachAuditEntry(before: start, limit: Self.atOnce) { look(at: $1, $0) }
            }
        // The last page may be full to the last entry: then an empty one follows it.
        if !others { isAtEnd = true }
    }

    /// Whether to go on.
    private mutating func look(at entry: AuditEntry, _ number: AuditNumber) -> Bool {
        place = number
        seen += 1
        if request.wants(entry) { calls.append((number, entry)) }
        tooOld = request.mayFind(before: entry) ? 0 : tooOld + 1
        isAtEnd = tooOld >= Self.tellingAge
        return goesOn
    }
}

extension ListAuditedCallsRequest {
    /// How far the clock of one entry may be behind that of another with a lower number, in milliseconds.
    private static let disorder: Int64 = 300_000

    fileprivate func wants(_ entry: AuditEntry) -> Bool {
        if let actor, entry.actor != actor { return false }
        if let patientID, !entry.patients.contains(patientID) { return false }
        if let from = from?.instant, entry.recordedAt < from.millisecondsSinceEpoch { return false }
        if let to = to?.instant, entry.recordedAt >= to.millisecondsSinceEpoch { return false }
        return true
    }

    /// Whether an entry that was recorded before this one can be wanted.
    fileprivate func mayFind(before entry: AuditEntry) -> Bool {
        guard let from = from?.instant else { return true }
        return entry.recordedAt >= from.millisecondsSinceEpoch - Self.disorder
    }
}

extension AuditedCall {
    fileprivate init(_ entry: AuditEntry, _ number: AuditNumber, of service: String) {
        self.init(
            service: service, sequence: number.sequence, at: ProtobufTimestamp(Instant(millisecondsSinceEpoch: entry.recordedAt)),
            actor: entry.actor, role: entry.role, address: entry.address, correlationID: entry.correlationID, method: entry.method,
            kind: entry.kind == .read ? .read : .change, patientIds: entry.patients, recordIds: entry.records, fields: entry.fields,
            result: entry.result, reason: entry.reason, part: Int32(number.part))
    }
}
