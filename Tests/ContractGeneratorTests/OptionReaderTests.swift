import ContractGenerator
import SwiftProtobuf
import Testing

/// What the contracts may say beyond their shape has somebody who reads it: each option of `hms.api.v1`, and each value that it
/// may have, makes other code. An option that is added to the contract and that nobody reads fails here without a line.
@Suite struct OptionReaderTests {
    /// An option, as the contract declares it.
    struct Option: CustomTestStringConvertible, Sendable {
        /// `FieldRule`, `MessageRule` or `MethodRule`.
        let rule: String
        let field: Google_Protobuf_FieldDescriptorProto

        var testDescription: String { "\(rule).\(field.name)" }
    }

    static let options: [Option] =
        (try? optionsFile()).map { file in
            file.messageType.flatMap { rule in rule.field.map { Option(rule: rule.name, field: $0) } }
        } ?? []

    private static func optionsFile() throws -> Google_Protobuf_FileDescriptorProto {
        try #require(GoldenTests.descriptors().file.first { $0.name == "hms/api/v1/options.proto" })
    }

    @Test func `there are options to look at`() {
        #expect(Set(Self.options.map(\.rule)) == ["FieldRule", "MessageRule", "MethodRule"])
        #expect(Self.options.count >= 21)
    }

    @Test(arguments: options)
    func `an option has a reader`(option: Option) throws {
        let values = try values(of: option.field)
        let company = Self.company[option.field.name] ?? []
        let isRead = try ProbeContract.places(of: option.rule).contains { place in
            let without = try ProbeContract.code(place, saying: company)
            let made = values.compactMap { try? ProbeContract.code(place, saying: company + $0) }
            return made.count == values.count && !made.contains(without) && Set(made).count == made.count
        }
        #expect(isRead, "nothing that is generated depends on \(option.testDescription)")
    }

    @Test func `an option that nobody reads would be found`() throws {
        let unread = try ProbeContract.places(of: "FieldRule").allSatisfy { place in
            try ProbeContract.code(place, saying: OptionValue.varint(777, 1)) == ProbeContract.code(place, saying: [])
        }
        #expect(unread)
    }

    /// The values that the option is tried with, encoded: of an enum, all that say something.
    private func values(of field: Google_Protobuf_FieldDescriptorProto) throws -> [[UInt8]] {
        switch field.type {
        case .enum:
            let name = field.typeName.split(separator: ".").last.map(String.init)
            let enumeration = try #require(try Self.optionsFile().enumType.first { $0.name == name })
            return enumeration.value.filter { $0.number != 0 }.map { OptionValue.varint(field.number, UInt64($0.number)) }
        case .bool: return [OptionValue.varint(field.number, 1)]
        case .string: return [OptionValue.text(field.number, Self.samples[field.name] ?? "word")]
        default: return [OptionValue.varint(field.number, 3), OptionValue.varint(field.number, 4)]
        }
    }

    /// What has to be said beside the option of this name: `treatment` is for what doctors read, and the audit keeps.
    private static let company = [
        "treatment": OptionValue.varint(1, 2) + OptionValue.varint(4, 1) + OptionValue.varint(5, 1)
    ]

    /// Texts that mean something to the option of this name.
    private static let samples = [
        "own": "thing_id", "location": "/v1/things/{thing.thing_id}", "errors": "409 ODD", "pattern": "[a-z]+", "id_prefix": "thg",
        "event_types": "thing.changed",
    ]
}

/// The encoding of one option.
enum OptionValue {
    static func varint(_ number: Int32, _ value: UInt64) -> [UInt8] {
        varint(UInt64(number) << 3) + varint(value)
    }

    static func text(_ number: Int32, _ text: String) -> [UInt8] {
        message(number, Array(text.utf8))
    }

    static func message(_ number: Int32, _ content: [UInt8]) -> [UInt8] {
        varint(UInt64(number) << 3 | 2) + varint(UInt64(content.count)) + content
    }

    private static func varint(_ value: UInt64) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
    }
}
