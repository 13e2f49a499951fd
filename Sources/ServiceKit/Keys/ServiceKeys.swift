import FoundationEssentials

/// The keys of a hospital's services: each has one of its own, with which it can speak for itself and for nobody else.
///
/// In the set each key says whose it is by the member `hms_service` (RFC 7517, 4 lets a key have members of its own).
/// A service is given its own private key; all are given the set of the public ones.
public enum ServiceKeys {
    /// Makes the keys that are missing, each for its owner's eyes only, and publishes the public parts of all.
    ///
    /// What else is published of a service stays: those before a rotation, whose tokens are good yet, and those that it has published and is
    /// about to give out. Where a service's key isn't published, somebody has put it in the place of another, which goes.
    ///
    /// - Throws: ``FileError`` where a file can't be read or written, or holds no key.
    public static func findOrMake(for services: [String], _ identity: IdentityConfiguration) throws {
        try LocalFile.makeFolder(LocalFile.folder(of: identity.serviceJWKSFile), mode: 0o700)
        // Where all is there, nobody waits for a rotation: who hands keys out does so in the midst of it.
        if try isComplete(services, identity) { return }
        try FileLock.hold(for: identity.serviceJWKSFile) { try publishAll(services, identity) }
    }

    private static func isComplete(_ services: [String], _ identity: IdentityConfiguration) throws -> Bool {
        guard services.allSatisfy({ FileStamp(path: identity.serviceKeyFile(of: $0)) != nil }) else { return false }
        let present = try present(services, identity)
        let published = try published(identity)
        return isSame(keySet(of: services, present, published), published)
    }

    private static func publishAll(_ services: [String], _ identity: IdentityConfiguration) throws {
        let present = try present(services, identity)
        let published = try published(identity)
        let keys = keySet(of: services, present, published)
        guard !isSame(keys, published) else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try LocalFile.write(Array(try encoder.encode(["keys": keys])), to: identity.serviceJWKSFile, mode: 0o644)
    }

    private static func present(_ services: [String], _ identity: IdentityConfiguration) throws -> [JSONWebKey] {
        try services.map { try SigningKey.findOrMake(inFile: identity.serviceKeyFile(of: $0)).publicKey(of: $0) }
    }

    /// What is no key set is as good as an empty one: all of it is made anew.
    private static func published(_ identity: IdentityConfiguration) throws -> [JSONWebKey] {
        guard FileStamp(path: identity.serviceJWKSFile) != nil else { return [] }
        let bytes = try LocalFile.read(identity.serviceJWKSFile, atMost: 1 << 20)
        // What is no key set is written over.
        return (try? JSONDecoder().decode(JSONWebKeySet.self, from: Data(bytes)))?.keys.compactMap(\.key) ?? []
    }

    private static func keySet(of services: [String], _ present: [JSONWebKey], _ published: [JSONWebKey]) -> [JSONWebKey] {
        zip(services, present).flatMap { service, key in
            let own = published.filter { $0.service == service }
            return own.contains { $0.kid == key.kid } ? own : [key]
        }
    }

    private static func isSame(_ keys: [JSONWebKey], _ others: [JSONWebKey]) -> Bool {
        keys.count == others.count && keys.allSatisfy { key in others.contains { $0.kid == key.kid } }
    }
}
