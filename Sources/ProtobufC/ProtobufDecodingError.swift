import CProtobufC
import CWire

/// Why bytes are not the message that they should be.
public struct ProtobufDecodingError: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// The bytes end inside a field, or a length reaches beyond its message.
        case truncated
        case malformedVarint
        /// A field number outside 1…2²⁹−1, an unknown wire type, or a group without an end.
        case malformedTag
        /// A field is sent in a wire type that its type doesn't have.
        case wrongWireType
        /// Messages are nested more than 100 deep.
        case tooDeep
        case invalidUTF8
        /// The decoded message would take more memory than it may.
        case overBudget
        /// libprotobuf-c refused what the checks had let pass.
        case unreadable
    }

    public let reason: Reason
    /// The message whose field is at fault: `hms.patient.v1.Patient`.
    public let message: String
    /// The number of the field; 0 where none was read.
    public let field: UInt32

    init(_ status: hms_decode_status, failure: hms_decode_failure, reading descriptor: UnsafePointer<ProtobufCMessageDescriptor>) {
        reason = Reason(status)
        field = failure.field
        message = String(cString: (failure.message ?? descriptor).pointee.name)
    }
}

extension ProtobufDecodingError.Reason {
    init(_ status: hms_decode_status) {
        switch status {
        case HMS_TRUNCATED: self = .truncated
        case HMS_BAD_VARINT: self = .malformedVarint
        case HMS_BAD_TAG: self = .malformedTag
        case HMS_WRONG_WIRE_TYPE: self = .wrongWireType
        case HMS_TOO_DEEP: self = .tooDeep
        case HMS_INVALID_UTF8: self = .invalidUTF8
        case HMS_OVER_BUDGET: self = .overBudget
        default: self = .unreadable
        }
    }

    fileprivate var sentence: String {
        switch self {
        case .truncated: "the bytes end too early"
        case .malformedVarint: "a varint is too long"
        case .malformedTag: "a tag is malformed"
        case .wrongWireType: "the wire type is not the field's"
        case .tooDeep: "messages are nested more than 100 deep"
        case .invalidUTF8: "the text is not UTF-8"
        case .overBudget: "the message takes too much memory"
        case .unreadable: "the bytes can't be read"
        }
    }
}

extension ProtobufDecodingError: CustomStringConvertible {
    /// `hms.patient.v1.Patient, field 2: the text is not UTF-8`
    public var description: String {
        let place = field == 0 ? message : "\(message), field \(field)"
        return "\(place): \(reason.sentence)"
    }
}
