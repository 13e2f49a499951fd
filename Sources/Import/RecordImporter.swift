import HospitalClient
import PlainText

/// Sends one record to the hospital, which knows whether it is there already.
struct RecordImporter: Sendable {
    enum Outcome: Sendable {
        /// - Parameter possibleDuplicates: our ids of people who may be the same one.
        case created(id: String?, possibleDuplicates: [String])
        case updated(id: String?, possibleDuplicates: [String])
        case alreadyThere
        case refused(Refusal)
        /// No row could be taken: the hospital is away, or refuses the caller.
        case impossible(reason: String)
    }

    let kind: ImportKind
    private let options: ImportOptions
    private let sender: PersistentSender
    private let references: ReferenceBook

    init(kind: ImportKind, options: ImportOptions, sender: PersistentSender) {
        self.kind = kind
        self.options = options
        self.sender = sender
        references = ReferenceBook(source: options.source, sender: sender)
    }

    /// - Parameters:
    ///   - record: what a row says, the records that it refers to by the names of the source.
    ///   - sourceID: what the source calls it; nil where it has no name for it.
    func bring(_ record: JSONValue, sourceID: String?) async throws -> Outcome {
        switch try await resolved(record) {
        case .failure(let outcome): return outcome
        case .success(var members):
            if let sourceID, kind.hasSourceIDs {
                members += [JSONMember("source", .string(options.source)), JSONMember("source_id", .string(sourceID))]
            }
            members += options.members(for: kind)
            switch try await sender.send(APIRequest(.post, kind.path, body: .object(members))) {
            case .unreachable(let reason): return .impossible(reason: reason)
            case .answered(let reply, let mayHaveHappenedBefore): return outcome(of: reply, mayHaveHappenedBefore)
            }
        }
    }

    private func outcome(of reply: APIReply, _ mayHaveHappenedBefore: Bool) -> Outcome {
        switch reply.status {
        case 200, 201:
            guard let record = reply.body?[kind.resource] else { return .impossible(reason: "the answer holds no \(kind.resource)") }
            let id = record[kind.idField]?.text
            let others = reply.body?["possible_duplicates"]?.elements.compactMap(\.text) ?? []
            if reply.body?["updated"] == .bool(true) { return .updated(id: id, possibleDuplicates: others) }
            if reply.body?["already_there"] == .bool(true), !mayHaveHappenedBefore { return .alreadyThere }
            return .created(id: id, possibleDuplicates: others)
        case 401, 403:
            return .impossible(reason: reply.reason)
        case _ where reply.code == nil:
            return .impossible(reason: "the answer is not one of a hospital (HTTP \(reply.status))")
        case _ where reply.code == "ROUTE_NOT_FOUND" || reply.code == "METHOD_NOT_ALLOWED":
            return .impossible(reason: "this hospital takes no \(kind.rawValue): it is older than this command")
        default:
            return .refused(Refusal(reply))
        }
    }
}

/// Whom a row means.
extension RecordImporter {
    private enum Resolved {
        case success([JSONMember])
        case failure(Outcome)
    }

    /// The members with our ids in the place of the source's.
    private func resolved(_ record: JSONValue) async throws -> Resolved {
        guard case .object(let members) = record else { return .success([]) }
        var known: [JSONMember] = []
        var unknown: [Refusal] = []
        for member in members {
            guard let kind = kind.reference(member.name), let text = member.value.text else {
                known.append(member)
                continue
            }
            switch try await references.id(of: text, kind) {
            case .unreachable(let reason): return .failure(.impossible(reason: reason))
            case .id(let id?): known.append(JSONMember(member.name, .string(id)))
            case .id(nil): unknown.append(unknownReference(member.name, text, kind))
            }
        }
        return unknown.isEmpty ? .success(known) : .failure(.refused(Self.joined(unknown)))
    }

    private func unknownReference(_ field: String, _ text: String, _ kind: ImportKind) -> Refusal {
        Refusal("\(field): no \(kind.resource) of the source \(options.source) has the id “\(text)”")
    }

    private static func joined(_ refusals: [Refusal]) -> Refusal {
        Refusal(refusals.map(\.sentence).joined(separator: "; "), kind: refusals.map(\.kind).joined(separator: "; "))
    }
}

extension ImportKind {
    /// The kind that a field refers to.
    fileprivate func reference(_ field: String) -> ImportKind? {
        guard case .reference(let kind) = fields.first(where: { $0.name == field })?.form else { return nil }
        return kind
    }
}
