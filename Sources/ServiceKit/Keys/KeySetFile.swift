import Logging

/// A key set in a file, which is read again when the file changes.
struct KeySetFile: Sendable {
    /// What the keys of a file may sign for.
    enum Content: Sendable {
        case people
        case services
    }

    let path: String
    let content: Content
    private(set) var keys: VerificationKeys
    private let isOptional: Bool
    /// Nil where there was no file, or it had only just changed.
    private var stamp: FileStamp?

    /// - Parameter isOptional: no file is as good as one without keys.
    /// - Throws: ``FileError`` where the file can't be read, or has no usable key.
    init(path: String, content: Content, isOptional: Bool, logger: Logger) throws {
        self.path = path
        self.content = content
        self.isOptional = isOptional
        stamp = FileStamp.settled(path: path)
        let isMissing = FileStamp(path: path) == nil
        keys = isMissing && isOptional ? .none : try Self.read(path, content, logger: logger)
    }

    /// The file as it is now; nil where it has not changed or can't be used: then the last good keys hold.
    func readAgain(logger: Logger) -> KeySetFile? {
        let current = FileStamp(path: path)
        guard stamp == nil || current != stamp, current != nil || !isOptional else { return nil }
        var changed = self
        changed.stamp = FileStamp.settled(path: path)
        do {
            changed.keys = try Self.read(path, content, logger: logger)
            return changed
        } catch {
            logger.error("The key set cannot be read; the last good keys hold", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private static func read(_ path: String, _ content: Content, logger: Logger) throws -> VerificationKeys {
        let bytes = try LocalFile.read(path, atMost: 1 << 20)
        guard let keys = try? VerificationKeys(jwks: bytes, of: content, logger: logger) else {
            throw FileError(path, "is not a JSON Web Key Set")
        }
        guard keys.count > 0 else { throw FileError(path, "holds no key that can verify tokens") }
        return keys
    }
}
