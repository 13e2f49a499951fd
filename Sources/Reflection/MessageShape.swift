import SwiftProtobuf

/// A message's fields, in the order of their numbers.
struct MessageShape: Sendable {
    let name: String
    let fields: [FieldShape]
    let isMapEntry: Bool
    private let byNumber: [Int32: Int]
    private let byName: [String: Int]

    init(name: String, _ message: Google_Protobuf_DescriptorProto, isProto3: Bool) {
        self.name = name
        fields = message.field.map { FieldShape($0, isProto3: isProto3) }.sorted { $0.number < $1.number }
        isMapEntry = message.options.mapEntry
        byNumber = Dictionary(fields.enumerated().map { ($1.number, $0) }) { first, _ in first }
        let names = fields.enumerated().flatMap { index, field in [(field.name, index), (field.jsonName, index)] }
        byName = Dictionary(names) { first, _ in first }
    }

    func field(number: Int32) -> FieldShape? { byNumber[number].map { fields[$0] } }

    /// By its name in the contract or its JSON name.
    func field(named name: String) -> FieldShape? { byName[name].map { fields[$0] } }
}
