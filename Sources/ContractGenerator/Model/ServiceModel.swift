/// One service.
public struct ServiceModel: Hashable, Sendable {
    /// `hms.patient.v1.PatientService`
    public let fullName: String
    /// `PatientService`
    public let name: String
    public let comment: [String]
    public let methods: [MethodModel]
}

/// One method.
public struct MethodModel: Hashable, Sendable {
    /// `hms.patient.v1.PatientService/GetPatient`
    public let fullName: String
    /// `GetPatient`
    public let name: String
    /// `getPatient`
    public let swiftName: String
    public let comment: [String]
    public let input: TypeReference
    public let output: TypeReference
    /// Whether it is answered by a stream of its output instead of one.
    public let isStreamed: Bool
    public let rule: MethodRule
    /// How HTTP reaches it: the rule and its additional bindings; empty where it is internal.
    public let http: [HTTPRule]

    /// The 64-bit FNV-1a hash of the full name: how the method is named on the wire.
    public var id: UInt64 {
        FNV1a.hash(fullName.utf8)
    }
}

/// The 64-bit FNV-1a hash.
public enum FNV1a {
    public static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { hash, byte in (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
}
