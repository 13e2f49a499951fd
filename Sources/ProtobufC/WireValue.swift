public import CProtobufC

/// A Swift value and its form in a C message.
public protocol WireValue {
    associatedtype CValue

    /// Takes over an unpacked value.
    init(wire value: CValue)
    /// The form in which the value is packed.
    func wireValue(in arena: MessageArena) -> CValue
}

extension Optional where Wrapped: WireValue {
    /// Packs a field with presence that is no message, where there is a value.
    @inlinable
    public func put(into member: inout Wrapped.CValue, _ flag: inout protobuf_c_boolean, in arena: MessageArena) {
        guard let self else { return }
        flag = 1
        member = self.wireValue(in: arena)
    }
}

extension Array where Element: WireValue {
    /// Takes over an unpacked list.
    @inlinable
    public init(wire elements: UnsafeMutablePointer<Element.CValue>?, count: Int) {
        guard let elements, count > 0 else {
            self = []
            return
        }
        self.init(unsafeUninitializedCapacity: count) { values, filled in
            for index in 0..<count { values.initializeElement(at: index, to: Element(wire: elements[index])) }
            filled = count
        }
    }
}

extension String: WireValue {
    @inlinable
    public init(wire value: ProtobufCBinaryData) {
        self.init(decoding: UnsafeBufferPointer(start: value.data, count: value.len), as: UTF8.self)
    }

    @inlinable
    public func wireValue(in arena: MessageArena) -> ProtobufCBinaryData {
        arena.copy(self)
    }
}

extension Array: WireValue where Element == UInt8 {
    @inlinable
    public init(wire value: ProtobufCBinaryData) {
        self.init(UnsafeBufferPointer(start: value.data, count: value.len))
    }

    @inlinable
    public func wireValue(in arena: MessageArena) -> ProtobufCBinaryData {
        arena.copy(self)
    }
}

extension Bool: WireValue {
    @inlinable
    public init(wire value: protobuf_c_boolean) {
        self = value != 0
    }

    @inlinable
    public func wireValue(in arena: MessageArena) -> protobuf_c_boolean {
        self ? 1 : 0
    }
}

/// A number stands in a C message as itself.
public protocol WireNumber: WireValue where CValue == Self {}

extension WireNumber {
    @inlinable
    public init(wire value: Self) {
        self = value
    }

    @inlinable
    public func wireValue(in arena: MessageArena) -> Self {
        self
    }
}

extension Int32: WireNumber {}
extension Int64: WireNumber {}
extension UInt32: WireNumber {}
extension UInt64: WireNumber {}
extension Float: WireNumber {}
extension Double: WireNumber {}

/// An enum of a contract stands in a C message as its number. It is open: a number without a name is kept.
public protocol WireEnum: WireValue where CValue == Int32 {
    init(rawValue: Int32)
    var rawValue: Int32 { get }
}

extension WireEnum {
    @inlinable
    public init(wire value: Int32) {
        self.init(rawValue: value)
    }

    @inlinable
    public func wireValue(in arena: MessageArena) -> Int32 {
        rawValue
    }
}

extension Message {
    @inlinable
    public init(wire value: UnsafeMutablePointer<CMessage>?) {
        if let value { self.init(unpacked: UnsafePointer(value)) } else { self.init() }
    }

    @inlinable
    public func wireValue(in arena: MessageArena) -> UnsafeMutablePointer<CMessage>? {
        packable(in: arena)
    }
}
