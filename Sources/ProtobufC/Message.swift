public import CProtobufC

/// A message of a contract, as a plain Swift value.
public protocol Message: JSONValue, WireValue, Hashable, Sendable, CustomStringConvertible {
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

    /// Sets a field from the texts that a path or query gives for it.
    mutating func set(_ name: String, text: [String]) throws
    /// Takes the white space off both ends of every text.
    mutating func trimTexts()
    /// Notes every field that breaks its rule.
    func check(into violations: inout Violations)
    /// Notes the ids that it names.
    func nameIDs(into ids: inout NamedIDs)
}
