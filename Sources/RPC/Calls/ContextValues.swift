/// A typed name for something that one interceptor learns and later ones, or the handler, use.
public protocol ContextKey {
    associatedtype Value: Sendable
}

/// What interceptors have learned about a call, by typed key.
public struct ContextValues: Sendable {
    @usableFromInline
    var entries: [(key: ObjectIdentifier, value: any Sendable)] = []

    public init() {}

    /// The value of `key`, or nil where nobody has set it. Inlined, because a call that knows its type by name costs less than one that looks it up.
    @inlinable
    public subscript<Key: ContextKey>(key: Key.Type) -> Key.Value? {
        get {
            entries.first { $0.key == ObjectIdentifier(key) }?.value as? Key.Value
        }
        set {
            entries.removeAll { $0.key == ObjectIdentifier(key) }
            if let newValue { entries.append((ObjectIdentifier(key), newValue)) }
        }
    }
}
