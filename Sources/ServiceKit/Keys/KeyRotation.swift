import FoundationEssentials

/// Gives a hospital new keys while it runs: the operator's, and one for each service.
///
/// First the new public keys are published beside the old, and everybody has time to read them; then the private ones take the
/// place of the old, and services have time to sign with them; then the old ones get an end. Each step leaves every token valid, so one that is interrupted is begun anew: at
/// worst a key stays in the set with which nobody signs.
public struct KeyRotation: Sendable {
    /// Longer than a process goes without a look at the key sets.
    public static let timeToLook: Duration = .seconds(3)

    /// A key that takes the place of another.
    private struct Successor {
        let key: SigningKey
        /// Where the private part lies.
        let file: String
        let service: String?
        /// Of the key before; nil where there was none.
        let oldID: String?

        init(file: String, service: String?) throws {
            (key, self.file, self.service) = (SigningKey.make(), file, service)
            oldID = FileStamp(path: file) == nil ? nil : try SigningKey(pemFile: file).id
        }
    }

    private let identity: IdentityConfiguration
    private let services: [String]

    /// - Parameter services: the services that get a new key.
    public init(of services: [String], _ identity: IdentityConfiguration) {
        self.identity = identity
        self.services = services
    }

    /// Waits for another one that is under way: of two at once, each would write away what the other has published.
    ///
    /// - Parameters:
    ///   - keeping: how long tokens that the old keys have signed are still accepted.
    ///   - pause: how long everybody has to read the new public keys before somebody signs with one.
    /// - Throws: ``FileError``, also where a key that is there can't be read; `CancellationError`.
    public func run(keeping: Duration, pause: Duration = timeToLook) async throws {
        try LocalFile.makeFolder(LocalFile.folder(of: identity.serviceJWKSFile), mode: 0o700)
        try await FileLock.hold(for: identity.serviceJWKSFile) { try await replaceKeys(keeping: keeping, pause: pause) }
    }

    private func replaceKeys(keeping: Duration, pause: Duration) async throws {
        let people = [try Successor(file: identity.signingKeyFile, service: nil)]
        let services = try services.map { try Successor(file: identity.serviceKeyFile(of: $0), service: $0) }
        try publish(people, in: identity.jwksFile)
        try publish(services, in: identity.serviceJWKSFile)
        try await Task.sleep(for: pause)
        for successor in people + services { try successor.key.write(to: successor.file) }
        // Else nobody would take calls of a service that still signs with the old one, if that ends at once.
        try await Task.sleep(for: pause)
        let end = Double(SystemTime.millisecondsSinceEpoch()) / 1_000 + keeping / .seconds(1)
        try retire(people, in: identity.jwksFile, at: end)
        try retire(services, in: identity.serviceJWKSFile, at: end)
    }

    private func publish(_ successors: [Successor], in path: String) throws {
        let now = Double(SystemTime.millisecondsSinceEpoch()) / 1_000
        let old = FileStamp(path: path) == nil ? [] : try Self.read(path).filter { $0.until ?? .infinity > now }
        try Self.write(successors.map { $0.key.publicKey(of: $0.service) } + old, to: path)
    }

    private func retire(_ successors: [Successor], in path: String, at end: Double) throws {
        let old = Set(successors.compactMap(\.oldID))
        var keys = try Self.read(path)
        for index in keys.indices where keys[index].kid.map(old.contains) == true {
            keys[index].until = min(keys[index].until ?? .infinity, end)
        }
        try Self.write(keys, to: path)
    }

    private static func read(_ path: String) throws -> [JSONWebKey] {
        let bytes = try LocalFile.read(path, atMost: 1 << 20)
        guard let set = try? JSONDecoder().decode(JSONWebKeySet.self, from: Data(bytes)) else {
            throw FileError(path, "is not a JSON Web Key Set")
        }
        return set.keys.compactMap(\.key)
    }

    private static func write(_ keys: [JSONWebKey], to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try LocalFile.write(Array(try encoder.encode(["keys": keys])), to: path, mode: 0o644)
    }
}
