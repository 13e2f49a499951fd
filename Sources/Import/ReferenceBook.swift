import HospitalClient
import PlainText
import ServiceKit
import Synchronization

/// Finds our ids of the records that the rows of a source name, by asking the hospital, and keeps those asked for last.
final class ReferenceBook: Sendable {
    enum Answer: Sendable {
        /// Nil where the source has given nothing of that name.
        case id(String?)
        case unreachable(reason: String)
    }

    private struct Name: Hashable {
        let kind: ImportKind
        let text: String
    }

    private let source: String
    private let sender: PersistentSender
    private let known: Mutex<RecentlyUsed<Name, String?>>

    /// - Parameter limit: how many names are kept.
    init(source: String, sender: PersistentSender, limit: Int = 20_000) {
        self.source = source
        self.sender = sender
        known = Mutex(RecentlyUsed(limit: limit))
    }

    /// Our id of what `text` names: itself, where it is one of ours.
    func id(of text: String, _ kind: ImportKind) async throws -> Answer {
        if ParsedID.isValid(text, prefix: kind.idPrefix) { return .id(text) }
        let name = Name(kind: kind, text: text)
        if let id = known.withLock({ $0[name] }) { return .id(id) }
        let request = APIRequest(.get, kind.listPath, query: [("source", source), ("source_id", text)])
        switch try await sender.send(request) {
        case .unreachable(let reason): return .unreachable(reason: reason)
        case .answered(let reply, _):
            // What can't be a source's id, as one of 300 characters, names nothing.
            guard reply.isSuccess || reply.status == 400 else { return .unreachable(reason: reply.reason) }
            let id = reply.body?[kind.rawValue]?.elements.first?[kind.idField]?.text
            known.withLock { $0[name] = id }
            return .id(id)
        }
    }
}

/// Values by key: those that were used last, at least half as many as the limit and never more.
struct RecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let limit: Int
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { young.count + old.count }

    /// Reading counts as using.
    subscript(key: Key) -> Value? {
        mutating get {
            if let value = young[key] { return value }
            guard let value = old.removeValue(forKey: key) else { return nil }
            keep(key, value)
            return value
        }
        set {
            old.removeValue(forKey: key)
            young.removeValue(forKey: key)
            if let newValue { keep(key, newValue) }
        }
    }

    private mutating func keep(_ key: Key, _ value: Value) {
        young[key] = value
        guard young.count >= max(limit / 2, 1) else { return }
        old = young
        young = [:]
    }
}
