import ProtobufC

/// How messages become JSON and back.
public struct JSONOptions: Sendable {
    /// Writes and reads fields by the name in the contract (`patient_id`) only; otherwise writes lowerCamelCase and reads both.
    public var usesContractNames: Bool
    /// Writes enum values without the prefix that their enum's name gives them: `ACTIVE`. The full name is read as well.
    public var shortensEnumNames: Bool
    /// Writes 64-bit integers as JSON numbers; otherwise as strings. Both are read.
    public var writesLongIntegersAsNumbers: Bool
    /// Writes fields at their default value, and `null` for what is absent.
    public var writesDefaults: Bool
    /// Writes `•••` in place of every field that the contract marks as personal.
    public var masksPersonalFields: Bool
    /// Skips unknown fields and unknown names of enum values; otherwise they are refused.
    public var ignoresUnknown: Bool
    /// Reads `t` and `z` in a time for `T` and `Z`; otherwise they are refused.
    public var readsTimesInAnyCase: Bool
    /// How deep objects and arrays may be nested in what is read.
    public var depthLimit: Int
    /// The messages that a `google.protobuf.Any` may hold.
    public var types: MessageTypes

    /// The public API: contract names, short enum names, numbers as numbers, every field present.
    public static let api = JSONOptions(
        usesContractNames: true, shortensEnumNames: true, writesLongIntegersAsNumbers: true, writesDefaults: true,
        masksPersonalFields: false, ignoresUnknown: false, readsTimesInAnyCase: true, depthLimit: 64, types: .none)

    /// The proto3 JSON mapping, to the letter.
    public static let standard = JSONOptions(
        usesContractNames: false, shortensEnumNames: false, writesLongIntegersAsNumbers: false, writesDefaults: false,
        masksPersonalFields: false, ignoresUnknown: false, readsTimesInAnyCase: false, depthLimit: 100, types: .none)

    /// As the public API, with personal fields masked: for logs.
    public static let masked: JSONOptions = {
        var options = JSONOptions.api
        options.masksPersonalFields = true
        return options
    }()
}

/// Message types by full name: what a `google.protobuf.Any` may hold.
public struct MessageTypes: Sendable {
    public static let none = MessageTypes([])

    private let types: [String: any JSONMessage.Type]

    public init(_ types: [any JSONMessage.Type]) {
        self.types = Dictionary(types.map { ($0.fullName, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The type with the given full name: `hms.patient.v1.Patient`.
    public subscript(fullName: String) -> (any JSONMessage.Type)? {
        types[fullName]
    }
}
