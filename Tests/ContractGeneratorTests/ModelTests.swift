import ContractGenerator
import SwiftProtobuf
import Testing

/// What the generator reads out of a contract.
@Suite struct ModelTests {
    private func message(_ name: String) throws -> MessageModel {
        try #require(GoldenTests.contract().messages["library.v1." + name])
    }

    private func field(_ name: String, of message: String) throws -> FieldModel {
        try #require(try self.message(message).fields.first { $0.name == name })
    }

    @Test(arguments: [
        ("book_id", "bookID", "String"), ("subtitle", "subtitle", "String?"), ("authors", "authors", "[String]"),
        ("copies", "copies", "[String: Int32]"), ("genre", "genre", "Genre"), ("cover", "cover", "[UInt8]"),
        ("description", "descriptionValue", "String"), ("printed_at", "printedAt", "ProtobufTimestamp?"), ("loan", "loan", "Book.Loan"),
    ])
    func `a field has a Swift name and type`(name: String, swiftName: String, swiftType: String) throws {
        let field = try field(name, of: "Book")
        #expect(field.swiftName == swiftName)
        #expect(field.swiftType == swiftType)
    }

    @Test func `only a field that holds its own message is boxed`() throws {
        #expect(try message("Book").fields.filter(\.isBoxed).map(\.name) == ["sequel"])
    }

    @Test func `field rules are read`() throws {
        let rule = try field("note", of: "LendBookRequest").rule
        #expect(rule.maxLength == 100)
        #expect(rule.format == .line)
        #expect(rule.personal)
        #expect(!rule.required)
        #expect(try field("book_id", of: "GetBookRequest").rule.idPrefix == "bok")
    }

    @Test func `method rules and routes are read`() throws {
        let methods = try #require(try GoldenTests.contract().services.first).methods
        #expect(methods.map(\.rule.roles) == [[.reception, .doctor], [.doctor], [.admin]])
        #expect(methods.map(\.rule.idempotency) == [.readOnly, .keyRequired, .readOnly])
        #expect(methods.map(\.rule.own) == [nil, "doctor_id", nil])
        #expect(methods.map(\.isStreamed) == [false, false, true])
        #expect(methods[0].http.map(\.path) == ["/v1/books/{book_id}", "/v1/catalogue/{book_id}"])
        #expect(methods[0].http.map(\.responseBody) == ["book", "book"])
        #expect(methods[1].http.isEmpty)
    }

    @Test func `comments come along`() throws {
        #expect(try field("copies", of: "Book").comment == ["How many stand in which branch."])
    }

    @Test func `the fingerprint changes with the contract and not with the comments`() throws {
        let original = try fingerprint { _ in }
        #expect(try fingerprint { $0.clearSourceCodeInfo() } == original)
        #expect(try fingerprint { $0.sourceCodeInfo.location[0].leadingComments = "Another word" } == original)
        let changes: [(String, (inout Google_Protobuf_FileDescriptorProto) -> Void)] = [
            ("a field's number", { $0.messageType[0].field[0].number = 99 }),
            ("a field's name", { $0.messageType[0].field[0].name = "isbn" }),
            ("a field's type", { $0.messageType[0].field[0].type = .bytes }),
            ("a field's rule", { $0.messageType[1].field[0].clearOptions() }),
            ("a field less", { $0.messageType[0].field.removeLast() }), ("an enum's value", { $0.enumType[0].value[1].number = 42 }),
            ("a method's name", { $0.service[0].method[0].name = "ReadBook" }),
            ("a method's rules", { $0.service[0].method[1].clearOptions() }),
            ("a method less", { $0.service[0].method.removeLast() }),
        ]
        for (what, change) in changes { #expect(try fingerprint(change) != original, "\(what)") }
    }

    /// The fingerprint of the small contract once something in it is changed.
    private func fingerprint(_ change: (inout Google_Protobuf_FileDescriptorProto) -> Void) throws -> UInt64 {
        var files = try GoldenTests.descriptors().file
        let place = try #require(files.firstIndex { $0.name == "library.proto" })
        change(&files[place])
        return try Contract(protos: files, generate: ["library.proto"], parameters: Parameters()).fingerprint
    }
}

@Suite struct SwiftNameTests {
    @Test(arguments: [
        ("patient_id", "patientID"), ("id", "id"), ("type_url", "typeURL"), ("url", "url"), ("page_size", "pageSize"),
        ("PATIENT_STATUS_ACTIVE", "patientStatusActive"), ("fieldName7", "fieldName7"), ("__field_name13", "fieldName13"),
    ])
    func `names become camels`(name: String, camel: String) {
        #expect(SwiftName.lowerCamel(name) == camel)
    }

    @Test(arguments: [
        ("PATIENT_STATUS_ACTIVE", "PatientStatus", "active"), ("NULL_VALUE", "NullValue", "nullValue"),
        ("GENRE_NONE", "Genre", "noneValue"),
        ("DAY_1ST", "Day", "day1st"),
    ])
    func `an enum's values lose its prefix`(value: String, enumeration: String, expected: String) {
        #expect(SwiftName.enumCase(value, of: enumeration) == expected)
    }
}
