/// A message of a contract, as a plain Swift value.
public protocol Message: JSONValue, Hashable, Sendable, CustomStringConvertible {
    init()
    /// `hms.patient.v1.Patient`
    static var fullName: String { get }
    /// Reads protobuf's binary form, guarded against hostile bytes.
    init(protobuf bytes: UnsafeRawBufferPointer) throws
    /// Writes protobuf's binary form.
    func protobuf() -> [UInt8]
    /// Sets a field from the texts that a path or query gives for it.
    mutating func set(_ name: String, text: [String]) throws
    /// Notes every field that breaks its rule.
    func check(into violations: inout Violations)
}
