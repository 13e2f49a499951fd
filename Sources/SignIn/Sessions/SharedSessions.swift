import Crypto
import Foundation
import ServiceKit
import SharedCache

/// The cache in which sessions are shared doesn't answer. Nobody is taken for somebody then, and nobody is signed out.
public struct SessionsUnavailable: Error, Hashable, CustomStringConvertible {
    public var description: String { "the cache that sessions are shared in doesn't answer" }
}

/// Sessions that every shim knows, in the shared cache. A session that rests is let go by the cache, one that lasts too long by whoever
/// reads it. One person has so many: with that, all have no more than the people of this hospital can have.
struct SharedSessions: Sendable {
    fileprivate struct Record: Codable {
        let subject: String
        let role: CallerRole
        let name: String
        /// Of a user of this hospital's own.
        let user: String?
        let revision: Int?
        /// Seconds since 1970.
        let began: Double
    }

    let rules: SessionRules
    let cache: SharedCache
    let seal: SessionSeal

    /// Keeps it, and lets go of the person's oldest where he has too many.
    private static let keeping = CacheScript(
        """
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) \
        for _, k in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do \
        if redis.call('EXISTS', k) == 0 then redis.call('ZREM', KEYS[2], k) end end \
        local t = redis.call('TIME') redis.call('ZADD', KEYS[2], t[1] * 1000000 + t[2], KEYS[1]) \
        local over = redis.call('ZCARD', KEYS[2]) - ARGV[4] \
        if over > 0 then for _, k in ipairs(redis.call('ZRANGE', KEYS[2], 0, over - 1)) do \
        redis.call('DEL', k) redis.call('ZREM', KEYS[2], k) end end \
        redis.call('PEXPIRE', KEYS[2], ARGV[3]) return 1
        """)

    /// Reads it, and lets it rest from now.
    private static let seeing = CacheScript(
        "local v = redis.call('GET', KEYS[1]) if v then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end return v")

    private static let removing = CacheScript("return redis.call('DEL', KEYS[1])")

    /// - Throws: ``SessionsUnavailable``; ``FileError`` where there is no key to close it with.
    func keep(_ session: Session, _ key: SHA256Digest) async throws {
        let place = key.hex
        let sealed = try seal.close(Record(session), for: place)
        let person = TokenDigest("\(session.person.role.rawValue) \(session.person.subject)").description
        let answer = await cache.run(
            Self.keeping, on: [Self.key(place), CacheKey("hms.rest", "sessions", person)],
            [sealed, rules.idle.millisecondsText, rules.lifetime.millisecondsText, Array("\(rules.ofPerson)".utf8)])
        guard answer != nil else { throw SessionsUnavailable() }
    }

    /// Nil where there is none, or it has ended.
    ///
    /// - Throws: ``SessionsUnavailable``; ``FileError`` where there is no key to open it with.
    func find(_ key: SHA256Digest, at now: Double) async throws -> Session? {
        let place = key.hex
        guard let answer = await cache.run(Self.seeing, on: [Self.key(place)], [rules.idle.millisecondsText]) else {
            throw SessionsUnavailable()
        }
        guard case .bytes(let sealed) = answer, let session = try seal.open(sealed, of: place, as: Record.self)?.session else { return nil }
        return now - session.began < rules.lifetime / .seconds(1) ? session : nil
    }

    /// - Throws: ``SessionsUnavailable``: then it may be there still.
    func remove(_ key: SHA256Digest) async throws {
        guard await cache.run(Self.removing, on: [Self.key(key.hex)], []) != nil else { throw SessionsUnavailable() }
    }

    private static func key(_ place: String) -> CacheKey {
        CacheKey("hms.rest", "session", place)
    }
}

extension SharedSessions.Record {
    fileprivate init(_ session: Session) {
        let person = session.person
        (subject, role, name, began) = (person.subject, person.role, person.name, session.began)
        switch person.source {
        case .user(let name, let revision): (user, self.revision) = (name, revision)
        case .provider: (user, revision) = (nil, nil)
        }
    }

    fileprivate var session: Session {
        var source = SignedInPerson.Source.provider
        if let user, let revision { source = .user(name: user, revision: revision) }
        return Session(person: SignedInPerson(subject: subject, role: role, name: name, source: source), began: began)
    }
}

extension SHA256Digest {
    var hex: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}

extension Duration {
    /// At least one.
    var millisecondsText: [UInt8] { Array("\(max(1, Int64(self / .milliseconds(1))))".utf8) }
}
