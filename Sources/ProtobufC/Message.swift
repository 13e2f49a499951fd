public import CProtobufC

/// A message of a contract, as a plain Swift value.
public protocol Message: WireValue, Hashable, Sendable {
    /// The struct through which libprotobuf-c packs and unpacks the message.
    associatedtype CMessage

    init()
    /// What a newer contract has added.
    var unknownFields: UnknownFields { get set }
    /// The table by which libprotobuf-c knows the message.
    static var descriptor: UnsafePointer<ProtobufCMessageDescriptor> { get }
    /// Takes over the fields of what has been checked and unpacked.
    init(fields c: UnsafePointer<CMessage>)
    /// Lays the fields out for packing, in a struct that is empty but for its descriptor.
    func layOut(into c: UnsafeMutablePointer<CMessage>, in arena: MessageArena)
}

extension Message {
    /// `hms.patient.v1.Patient`
    public static var fullName: String { String(cString: descriptor.pointee.name) }

    /// Takes over what has been checked and unpacked.
    @inlinable
    public init(unpacked c: UnsafePointer<CMessage>) {
        self.init(fields: c)
        unknownFields = UnknownFields(UnsafeRawPointer(c).assumingMemoryBound(to: ProtobufCMessage.self).pointee)
    }

    /// Lays the message out for packing.
    @inlinable
    public func packable(in arena: MessageArena) -> UnsafeMutablePointer<CMessage> {
        let c: UnsafeMutablePointer<CMessage> = arena.place(for: Self.descriptor)
        layOut(into: c, in: arena)
        unknownFields.put(into: &UnsafeMutableRawPointer(c).assumingMemoryBound(to: ProtobufCMessage.self).pointee, in: arena)
        return c
    }
}
