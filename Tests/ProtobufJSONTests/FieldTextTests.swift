import Contracts
import ProtobufJSON
import Testing

@Suite("Fields from the text of parameters")
struct FieldTextTests {
    private func list(_ name: String, _ texts: String...) throws -> ListPatientsRequest {
        var request = ListPatientsRequest()
        try request.set(name, text: texts)
        return request
    }

    @Test func `a parameter sets the field of its name`() throws {
        #expect(try list("query", "asha").query == "asha")
        #expect(try list("page_size", "20").pageSize == 20)
        #expect(try list("page_size", "-1").pageSize == -1)
        #expect(try list("status", "ACTIVE").status == .active)
    }

    @Test(arguments: ["inactive", "Inactive", "INACTIVE", "patient_status_inactive"])
    func `an enum's value is named in any case`(text: String) throws {
        #expect(try list("status", text).status == .inactive)
    }

    @Test func `a repeated field takes every text, a single one takes one`() throws {
        var request = CreatePatientRequest()
        try request.set("allergies", text: ["nuts", "milk"])
        try request.set("allow_duplicate", text: ["true"])
        #expect(request.allergies == ["nuts", "milk"])
        #expect(request.allowDuplicate)
        #expect(throws: FieldTextError(field: "query", message: "is given more than once")) { try list("query", "a", "b") }
    }

    @Test func `an instant is read with its offset`() throws {
        var request = CreateLeaveRequest()
        try request.set("start", text: ["2026-01-31T09:30:00Z"])
        #expect(request.start == ProtobufTimestamp(seconds: 1_769_851_800))
        #expect(throws: FieldTextError.self) { try request.set("start", text: ["2026-01-31T09:30:00"]) }
    }

    @Test func `a dotted name reaches into a message`() throws {
        var request = UpdatePatientRequest()
        try request.set("patient.name", text: ["Asha"])
        #expect(request.patient?.name == "Asha")
        #expect(throws: FieldTextError(field: "patient.nme", message: "is not known")) { try request.set("patient.nme", text: ["a"]) }
    }

    @Test(arguments: [
        ("page_size", "1.0", "must be a whole number from -2147483648 to 2147483647"),
        ("page_size", "", "must be a whole number from -2147483648 to 2147483647"),
        ("page_size", "+1", "must be a whole number from -2147483648 to 2147483647"),
        ("page_size", "2147483648", "must be a whole number from -2147483648 to 2147483647"),
        ("page_size", "01", "must be a whole number from -2147483648 to 2147483647"), ("status", "dead", "must be one of ACTIVE, INACTIVE"),
        ("status", "1", "must be one of ACTIVE, INACTIVE"), ("nme", "a", "is not known"), ("pageSize", "1", "is not known"),
    ])
    func `a text that is not the field's is refused without being repeated`(name: String, text: String, message: String) {
        #expect(throws: FieldTextError(field: name, message: message)) { try list(name, text) }
    }
}
