/// The types of PostgreSQL that values are read from and bound as, by their object ids, which never change.
enum PostgresType {
    /// Left for the server to infer: NULL fits everywhere.
    static let unknown: UInt32 = 0
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let name: UInt32 = 19
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let oid: UInt32 = 26
    static let float4: UInt32 = 700
    static let float8: UInt32 = 701
    static let bpchar: UInt32 = 1042
    static let varchar: UInt32 = 1043
    static let numeric: UInt32 = 1700
    static let xid8: UInt32 = 5069

    /// Whether a column of this type holds what is read as a text.
    static func isText(_ type: UInt32) -> Bool { [text, varchar, name, bpchar].contains(type) }
}

extension SQLValue {
    /// The type as which it is bound.
    var postgresType: UInt32 {
        switch self {
        case .null: PostgresType.unknown
        case .integer: PostgresType.int8
        case .real: PostgresType.float8
        case .text: PostgresType.text
        case .blob: PostgresType.bytea
        }
    }
}
