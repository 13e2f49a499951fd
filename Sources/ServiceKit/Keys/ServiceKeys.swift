/// The keys of a hospital's services: each has one of its own, with which it can speak for itself and for nobody else.
///
/// In the set each key says whose it is by the member `hms_service` (RFC 7517, 4 lets a key have members of its own).
/// A service is given its own private key; all are given the set of the public ones.
public enum ServiceKeys {
    /// Makes the keys that are missing, each for its owner's eyes only, and publishes the public parts of all.
    ///
    /// - Throws: ``FileError`` where a file can't be read or written, or holds no key.
    public static func findOrMake(for services: [String], _ identity: IdentityConfiguration) throws {
        try LocalFile.makeFolder(LocalFile.folder(of: identity.serviceJWKSFile), mode: 0o700)
        // A rotation publishes keys some seconds before it puts them in the place of the old.
        try FileLock.hold(for: identity.serviceJWKSFile) { try publishAll(services, identity) }
    }

    private static func publishAll(_ services: [String], _ identity: IdentityConfiguration) throws {
        var entries: [String] = []
        for service in services {
            let key = try SigningKey.findOrMake(inFile: identity.serviceKeyFile(of: service))
            entries.append(key.publicJWK(beside: #""hms_service":"\#(service)","#))
        }
        let keySet = Array((#"{"keys":["# + entries.joined(separator: ",\n") + "]}\n").utf8)
        let isPublished = FileStamp(path: identity.serviceJWKSFile) != nil
        let published = isPublished ? try LocalFile.read(identity.serviceJWKSFile, atMost: 1 << 20) : nil
        guard published != keySet else { return }
        try LocalFile.write(keySet, to: identity.serviceJWKSFile, mode: 0o644)
    }
}
