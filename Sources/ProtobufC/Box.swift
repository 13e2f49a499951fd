/// Holds a value whose type holds itself. It is never changed: a new value gets a new box, so copies stay apart.
public final class Box<Value: Hashable & Sendable>: Hashable, Sendable {
    public let value: Value

    public init(_ value: Value) {
        self.value = value
    }

    public static func == (one: Box, other: Box) -> Bool {
        one === other || one.value == other.value
    }

    public func hash(into hasher: inout Hasher) {
        value.hash(into: &hasher)
    }
}
