import NIOCore
import RPC
import Storage
import Synchronization

/// What is gathered of a call that is audited, while it runs.
final class AuditRecord: ContextKey, Sendable {
    typealias Value = AuditRecord

    private let state = Mutex((gathered: AuditNotes(), pending: AuditEntry?.none))

    var notes: AuditNotes { state.withLock { $0.gathered } }

    func note(_ change: @Sendable (inout AuditNotes) -> Void) {
        state.withLock { change(&$0.gathered) }
    }

    func setPending(_ entry: AuditEntry) {
        state.withLock { $0.pending = entry }
    }

    var isPending: Bool { state.withLock { $0.pending != nil } }

    /// The entry that is to be kept before the call is answered; nil the second time.
    func takePending() -> AuditEntry? {
        state.withLock { state in
            defer { state.pending = nil }
            return state.pending
        }
    }
}

/// What an entry says beside what every call tells of itself.
struct AuditNotes: Sendable {
    /// Whether the entry is in the database, with the change.
    var isCommitted = false
    /// Whether a doctor reads somebody whom he does not treat.
    var isEmergency = false
    var fields: [String] = []
    var reason: String?

    /// The ids of other records than patients that an answer may name and still be about: a list is about more than it is good to repeat.
    private static let recordsOfAnswer = 8
    private static let patientsOfAnswer = 500

    /// - Parameter answer: the encoded response, whose ids count as those of the request do.
    func entry(of context: CallContext, result: String, answer: some Collection<UInt8>) -> AuditEntry {
        let named = context.namedIDs
        let ids = Self.ids(named: named, answered: RecordIDs.all(in: Array(answer), but: named.count == 1 ? named[0] : nil))
        return AuditEntry(
            recordedAt: SystemTime.millisecondsSinceEpoch(), actor: context.principal?.subject ?? "",
            role: context.principal.flatMap { CallerRole($0.role)?.rawValue } ?? "", address: Self.address(of: context),
            correlationID: context.correlationID, method: context.method.name,
            kind: context.method.idempotency == .readOnly ? .read : .change,
            patients: ids.patients, records: ids.records, fields: fields, result: result,
            reason: Self.line(reason ?? context.metadata.accessReason ?? ""))
    }

    private static func ids(named: [String], answered: [String]) -> (patients: [String], records: [String]) {
        // Mostly one record is asked for, and answered.
        if named.count == 1, answered.isEmpty { return isPatient(named[0]) ? (named, []) : ([], named) }
        let others = answered.filter { !isPatient($0) }
        let records = named.filter { !isPatient($0) } + (others.count <= recordsOfAnswer ? others : [])
        return (Array(once(named.filter(isPatient) + answered.filter(isPatient)).prefix(patientsOfAnswer)), once(records))
    }

    /// The address of the connection, and before it where the shim says that the request came from.
    private static func address(of context: CallContext) -> String {
        guard let told = context.metadata[MetadataName.clientAddress], looksLikeAddress(told) else { return context.peer }
        return told + " via " + context.peer
    }

    /// The shim has seen that it is one; whoever else may call a service writes no sentence here.
    private static func looksLikeAddress(_ text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { (2...45).contains($0.count) && $0.allSatisfy(isOfAddress) } ?? false
    }

    private static func isOfAddress(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        case UInt8(ascii: "."), UInt8(ascii: ":"): true
        default: false
        }
    }

    /// In one line of at most 500 characters, without what is no character to see.
    private static func line(_ reason: String) -> String {
        if reason.isEmpty { return "" }
        if let valid = AccessReason(reason) { return valid.text }
        let seen = reason.unicodeScalars.filter { $0.properties.generalCategory != .control && $0.properties.generalCategory != .format }
        return String(String.UnicodeScalarView(seen.prefix(500)))
    }

    private static func isPatient(_ id: String) -> Bool { id.hasPrefix("pat_") }

    private static func once(_ ids: [String]) -> [String] {
        var seen: Set<String> = []
        return ids.filter { seen.insert($0).inserted }
    }
}

/// The ids that an encoded message has as the whole of a text, whatever fields those are.
enum RecordIDs {
    private static let partLength = 26
    private static let longestPrefix = 8

    /// - Parameter known: one that need not be told.
    static func all(in bytes: [UInt8], but known: String? = nil) -> [String] {
        var ids: [String] = []
        for place in bytes.indices where bytes[place] == UInt8(ascii: "_") {
            guard let id = id(around: place, in: bytes), known?.utf8.elementsEqual(id) != true else { continue }
            ids.append(String(decoding: id, as: UTF8.self))
        }
        return ids
    }

    /// The text around an underscore, if its length stands before it as protobuf has it, and it is an id.
    private static func id(around underscore: Int, in bytes: [UInt8]) -> ArraySlice<UInt8>? {
        let end = underscore + 1 + partLength
        guard end <= bytes.count else { return nil }
        let prefix = bytes[..<underscore].suffix(longestPrefix).reversed().prefix { (0x61...0x7A).contains($0) }.count
        let start = underscore - prefix
        guard prefix > 0, start > 0, Int(bytes[start - 1]) == end - start else { return nil }
        return SortablePart.isValid(bytes[(underscore + 1)..<end]) ? bytes[start..<end] : nil
    }
}
