/// Whether a database can store anything.
public enum StorageCondition: Int, Hashable, Sendable {
    case sound
    /// There is no room; what is there can be read. It passes by itself.
    case full
    /// The file is damaged, and takes no writes until a person has restored it.
    case damaged
}
