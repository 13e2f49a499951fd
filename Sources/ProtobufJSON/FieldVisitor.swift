/// Goes over the fields of a message, one after another. Generated code shows each field to a visitor once, and so says once for
/// all what the fields are called: to write JSON and to read it, to set a field from a parameter, and to trim texts.
public protocol FieldVisitor: ~Copyable {
    associatedtype Failure: Error

    /// A field without presence.
    mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ value: inout Value) throws(Failure)
    /// A field with presence.
    mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ value: inout Value?) throws(Failure)
    mutating func visit<Value: JSONMessage>(_ key: JSONKey, _ message: inout Value?) throws(Failure)
    mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ values: inout [Value]) throws(Failure)
    mutating func visit<Value: JSONMessage>(_ key: JSONKey, _ messages: inout [Value]) throws(Failure)
    mutating func visit<Key: JSONMapKey, Value: JSONCodable>(_ key: JSONKey, _ entries: inout [Key: Value]) throws(Failure)
    /// A member of a oneof.
    ///
    /// - Parameters:
    ///   - make: the choice of this member.
    ///   - value: the member's value, where it is chosen.
    mutating func visit<Choice, Value: JSONScalar>(
        _ key: JSONKey, of choice: inout Choice?, _ make: (Value) -> Choice, _ value: (Choice) -> Value?
    ) throws(Failure)
    mutating func visit<Choice, Value: JSONMessage>(
        _ key: JSONKey, of choice: inout Choice?, _ make: (Value) -> Choice, _ value: (Choice) -> Value?
    ) throws(Failure)
}
