import Vocabulary

/// Creates one record unless there is such a one already.
struct RecordCreator: Sendable {
    enum Outcome: Sendable {
        /// With our id of it.
        case created(id: String?)
        case alreadyThere(id: String?)
        case refused(reason: String)
        /// No row could be created: the hospital is away, or refuses the caller.
        case impossible(reason: String)
    }

    let kind: ImportKind
    let sender: PersistentSender

    /// What makes two rows the same person, nil where the API tells by itself.
    func identity(of body: JSONValue) -> String? {
        guard kind == .doctors else { return nil }
        return Self.doctorIdentity(body).joined(separator: "\u{1F}")
    }

    func create(_ body: JSONValue) async throws -> Outcome {
        if kind == .doctors, let found = try await outcomeOfLookup(body) { return found }
        // What is taken over from elsewhere is known by itself when it comes again; people are known by the key.
        let key = kind.isHistory ? [] : [(name: "idempotency-key", value: "import-\(kind.rawValue)-\(ContentHash(body.compact))")]
        switch try await sender.send(APIRequest(.post, kind.path, body: body, headers: key)) {
        case .unreachable(let reason): return .impossible(reason: reason)
        case .answered(let reply, let mayHaveHappenedBefore): return try await outcome(of: reply, mayHaveHappenedBefore, body)
        }
    }

    private func outcome(of reply: APIReply, _ mayHaveHappenedBefore: Bool, _ body: JSONValue) async throws -> Outcome {
        switch reply.status {
        case 200 where kind.isHistory, 201 where kind.isHistory:
            let id = reply.body?[String(kind.rawValue.dropLast())]?[kind.idField]?.text
            return reply.body?["already_there"] == .bool(true) && !mayHaveHappenedBefore ? .alreadyThere(id: id) : .created(id: id)
        case 201:
            let id = reply.body?[kind.idField]?.text
            return reply.isReplay && !mayHaveHappenedBefore ? .alreadyThere(id: id) : .created(id: id)
        case 409 where reply.code == "POSSIBLE_DUPLICATE":
            return .alreadyThere(id: try await idOfPatient(like: body))
        case 401, 403:
            return .impossible(reason: reply.reason)
        case _ where reply.code == nil:
            return .impossible(reason: "the answer is not one of a hospital (HTTP \(reply.status))")
        default:
            return .refused(reason: reply.reason)
        }
    }

    /// The patient of that name and date of birth, nil where the search does not find him.
    private func idOfPatient(like body: JSONValue) async throws -> String? {
        let name = FoldedText(body["name"]?.text ?? "")
        let search = APIRequest(.get, kind.path, query: [("query", name.text), ("page_size", "500")])
        guard case .answered(let reply, _) = try await sender.send(search) else { return nil }
        return reply.body?["patients"]?.elements.first { patient in
            FoldedText(patient["name"]?.text ?? "") == name && patient["dob"] == body["dob"]
        }?["patient_id"]?.text
    }

    /// Nil where there is no such doctor, or the question was refused: then creating him says why.
    private func outcomeOfLookup(_ body: JSONValue) async throws -> Outcome? {
        let wanted = Self.doctorIdentity(body)
        guard !wanted.contains("") else { return nil }
        var pageToken = ""
        repeat {
            switch try await sender.send(lookup(body, pageToken)) {
            case .unreachable(let reason): return .impossible(reason: reason)
            case .answered(let reply, _):
                guard reply.isSuccess else { return nil }
                let doctors = reply.body?["doctors"]?.elements ?? []
                if let doctor = doctors.first(where: { Self.doctorIdentity($0) == wanted }) {
                    return .alreadyThere(id: doctor["doctor_id"]?.text)
                }
                pageToken = reply.body?["next_page_token"]?.text ?? ""
            }
        } while !pageToken.isEmpty
        return nil
    }

    private func lookup(_ body: JSONValue, _ pageToken: String) -> APIRequest {
        var query = [("query", body["name"]?.text ?? ""), ("page_size", "500")]
        for field in ["department", "specialization"] { query.append((field, body[field]?.text ?? "")) }
        if !pageToken.isEmpty { query.append(("page_token", pageToken)) }
        return APIRequest(.get, kind.path, query: query)
    }

    private static func doctorIdentity(_ doctor: JSONValue) -> [String] {
        ["name", "department", "specialization"].map { (doctor[$0]?.text ?? "").lowercased() }
    }
}

/// 128 bits that stand for a text, the same in every run.
struct ContentHash: CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    init(_ text: String) {
        high = Self.fnv1a(text, from: 0xcbf2_9ce4_8422_2325)
        low = Self.fnv1a(text, from: 0x6c62_272e_07bb_0142)
    }

    var description: String {
        [high, low].map { half in
            let hex = String(half, radix: 16)
            return String(repeating: "0", count: 16 - hex.count) + hex
        }.joined()
    }

    private static func fnv1a(_ text: String, from basis: UInt64) -> UInt64 {
        text.utf8.reduce(basis) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
