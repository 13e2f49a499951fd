/// The messages of google.protobuf whose JSON is not an object of their fields.
struct SpecialJSON {
    private let swiftName: String
    private let protocols: [String]
    private let writer: [String]
    private let reader: [String]
    private let others: [String]

    /// Nil for every message that is mapped like any other.
    init?(_ message: MessageModel) {
        guard let form = Self.form(of: message.fullName) else { return nil }
        swiftName = message.swiftName
        protocols = form.protocols
        writer = form.writer
        reader = form.reader
        others = form.others
    }

    static func isSpecial(_ fullName: String) -> Bool {
        form(of: fullName) != nil
    }

    /// Whether a path or query parameter can hold the message.
    static func isTextReadable(_ fullName: String) -> Bool {
        form(of: fullName)?.protocols.contains("TextReadable") ?? false
    }

    func emit(to code: inout CodeWriter) {
        code.block("extension \(swiftName): \(protocols.joined(separator: ", "))") { code in
            code.block("public func writeJSON(to json: inout JSONWriter)") { code in writer.forEach { code.line($0) } }
            code.line()
            code.block("public mutating func readJSON(from json: inout JSONReader) throws") { code in reader.forEach { code.line($0) } }
            for line in others { code.line(line) }
        }
    }

    static func emitNull(to code: inout CodeWriter) {
        code.line()
        code.line("public static var readsNull: Bool { true }")
        code.line()
        code.block("public func writeJSON(to json: inout JSONWriter)") { $0.line("json.append(\"null\")") }
        code.line()
        code.block("public mutating func readJSON(from json: inout JSONReader) throws") { code in
            code.line("self = try json.readNull() ? .nullValue : json.readNamed()")
        }
    }

    private typealias Form = (protocols: [String], writer: [String], reader: [String], others: [String])

    private static func form(of fullName: String) -> Form? {
        switch fullName {
        case "google.protobuf.Timestamp": time("Timestamp")
        case "google.protobuf.Duration": time("Duration")
        case "google.protobuf.FieldMask": fieldMask
        case "google.protobuf.Any":
            (["SpeciallyMapped"], ["json.appendAny(typeURL: typeURL, value: value)"], ["(typeURL, value) = try json.readAny()"], [])
        case "google.protobuf.Struct": (["SpeciallyMapped"], ["json.write(fields)"], ["try json.readEntries(&fields)"], [])
        case "google.protobuf.ListValue": (["SpeciallyMapped"], ["json.write(values)"], ["try json.readElements(&values)"], [])
        case "google.protobuf.Value": value
        default: wrappers[fullName].map(wrapper)
        }
    }

    private static func time(_ name: String) -> Form {
        (
            ["SpeciallyMapped", "TextReadable"], ["json.append\(name)(seconds: seconds, nanos: nanos)"],
            ["(seconds, nanos) = try json.read\(name)()"],
            """

            public init?(fieldText text: String) {
                guard let time = TimeParameter.\(name.lowercased())(text) else { return nil }
                self.init(seconds: time.seconds, nanos: time.nanos)
            }

            public static var textExpectation: String { TimeParameter.\(name.lowercased())Expectation }
            """.lines
        )
    }

    private static let fieldMask: Form = (
        ["SpeciallyMapped", "TextReadable"], ["json.appendFieldMask(paths)"], ["paths = try json.readFieldMask()"],
        """

        public init?(fieldText text: String) {
            self.init(paths: text.split(separator: ",").map(String.init))
        }

        public static var textExpectation: String { "must be field names with commas between them" }
        """.lines
    )

    private static let value: Form = (
        ["SpeciallyMapped"],
        """
        switch kind {
        case .nullValue: json.append("null")
        case .numberValue(let number): json.appendValueNumber(number)
        case .stringValue(let text): text.writeJSON(to: &json)
        case .boolValue(let bool): bool.writeJSON(to: &json)
        case .structValue(let fields): fields.writeJSON(to: &json)
        case .listValue(let list): list.writeJSON(to: &json)
        case nil: json.appendMissingValue()
        }
        """.lines,
        """
        switch try json.peekKind() {
        case .null: kind = .nullValue(try json.readRequired())
        case .bool: kind = .boolValue(try json.readRequired())
        case .number: kind = .numberValue(try json.readRequired())
        case .text: kind = .stringValue(try json.readRequired())
        case .object: kind = .structValue(try json.readRequired())
        case .array: kind = .listValue(try json.readRequired())
        }
        """.lines, ["", "public static var readsNull: Bool { true }"]
    )

    private static let wrappers = [
        "google.protobuf.DoubleValue": "Double", "google.protobuf.FloatValue": "Float", "google.protobuf.Int64Value": "Int64",
        "google.protobuf.UInt64Value": "UInt64", "google.protobuf.Int32Value": "Int32", "google.protobuf.UInt32Value": "UInt32",
        "google.protobuf.BoolValue": "Bool", "google.protobuf.StringValue": "String", "google.protobuf.BytesValue": "[UInt8]",
    ]

    private static func wrapper(of type: String) -> Form {
        (
            ["SpeciallyMapped", "TextReadable"], ["value.writeJSON(to: &json)"], ["try value.readJSON(from: &json)"],
            """

            public init?(fieldText text: String) {
                guard let value = \(type)(fieldText: text) else { return nil }
                self.init(value: value)
            }

            public static var textExpectation: String { \(type).textExpectation }
            """.lines
        )
    }
}

extension String {
    fileprivate var lines: [String] {
        split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
