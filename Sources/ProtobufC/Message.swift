public import CProtobufC

/// A message of a contract, as a plain Swift value.
public protocol Message: WireValue, Hashable, Sendable {
    /// The struct through which libprotobuf-c packs and unpacks the message.
    associatedtype CMessage

    init()
    /// `hms.patient.v1.Patient`
    static var fullName: String { get }
    /// The table by which libprotobuf-c knows the message.
    static var descriptor: UnsafePointer<ProtobufCMessageDescriptor> { get }
    /// Takes over what has been checked and unpacked.
    init(unpacked c: UnsafePointer<CMessage>)
    /// Lays the message out for packing.
    func packable(in arena: MessageArena) -> UnsafeMutablePointer<CMessage>
}
