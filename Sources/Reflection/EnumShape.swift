import SwiftProtobuf

/// An enum's values both ways.
struct EnumShape: Sendable {
    let names: [Int32: String]
    private let numbers: [String: Int32]

    init(_ enumeration: Google_Protobuf_EnumDescriptorProto) {
        names = Dictionary(enumeration.value.map { ($0.number, $0.name) }) { first, _ in first }
        let prefix = Self.prefix(of: enumeration.name)
        var numbers: [String: Int32] = [:]
        for value in enumeration.value {
            numbers[value.name] = value.number
            if value.name.hasPrefix(prefix) { numbers[String(value.name.dropFirst(prefix.count))] = value.number }
        }
        self.numbers = numbers
    }

    /// By the whole name, or without the enum's own name before it, as the public API writes it: `ACTIVE`.
    func number(of name: String) -> Int32? { numbers[name] }

    /// `PatientStatus` → `PATIENT_STATUS_`
    private static func prefix(of name: String) -> String {
        var prefix = ""
        for character in name {
            if character.isUppercase, !prefix.isEmpty { prefix += "_" }
            prefix += character.uppercased()
        }
        return prefix + "_"
    }
}
