/// Takes the white space off both ends of the texts of a message, however deep they are. What a map holds is not the hospital's
/// to change.
@usableFromInline struct TextTrimmer: FieldVisitor {
    @usableFromInline typealias Failure = Never

    @inlinable init() {}

    @inlinable mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ value: inout Value) { value.trimTexts() }

    @inlinable mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ value: inout Value?) { value?.trimTexts() }

    @inlinable mutating func visit<Value: JSONMessage>(_ key: JSONKey, _ message: inout Value?) { message?.trimTexts() }

    @inlinable mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ values: inout [Value]) {
        for index in values.indices { values[index].trimTexts() }
    }

    @inlinable mutating func visit<Value: JSONMessage>(_ key: JSONKey, _ messages: inout [Value]) {
        for index in messages.indices { messages[index].trimTexts() }
    }

    @inlinable mutating func visit<Key: JSONMapKey, Value: JSONCodable>(_ key: JSONKey, _ entries: inout [Key: Value]) {}

    @inlinable mutating func visit<Choice, Value: JSONScalar>(
        _ key: JSONKey, of choice: inout Choice?, _ make: (Value) -> Choice, _ value: (Choice) -> Value?
    ) {
        trim(&choice, make, value)
    }

    @inlinable mutating func visit<Choice, Value: JSONMessage>(
        _ key: JSONKey, of choice: inout Choice?, _ make: (Value) -> Choice, _ value: (Choice) -> Value?
    ) {
        trim(&choice, make, value)
    }

    @inlinable func trim<Choice, Value: JSONCodable>(_ choice: inout Choice?, _ make: (Value) -> Choice, _ value: (Choice) -> Value?) {
        guard var chosen = choice.flatMap(value) else { return }
        chosen.trimTexts()
        choice = make(chosen)
    }
}
