import Contracts
import ProcessorTime
import ProtobufC
import ProtobufJSON
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
    private func failure<M: JSONMessage>(of json: String, as type: M.Type, _ options: JSONOptions = .api) -> JSONDecodingError? {
        #expect(throws: JSONDecodingError.self) { try M(json: json, options: options) }
    }

    @Test func `a patient is read field by field`() throws {
        let patient = try Patient(
            json: """
                {"patient_id": "pat_1", "name": "Zoë \\u00e9 \\ud83d\\ude00\\n", "email": null, "phone": "+91 22", "dob": "1990-01-31",
                 "allergies": ["penicillin", "nuts"], "status": "ACTIVE", "created_at": "2026-01-31T15:00:00.25+05:30", "version": 3}
                """)
        #expect(patient.name == "Zoë é 😀\n")
        #expect(patient.email == nil)
        #expect(patient.phone == "+91 22")
        #expect(patient.allergies == ["penicillin", "nuts"])
        #expect(patient.status == .active)
        #expect(patient.createdAt == ProtobufTimestamp(seconds: 1_769_851_800, nanos: 250_000_000))
        #expect(patient.version == 3)
    }

    @Test func `keys may come in any order and escaped`() throws {
        let patient = try Patient(json: #"{"version":"9007199254740993","na\u006de":"A","status":"PATIENT_STATUS_INACTIVE"}"#)
        #expect(patient.version == 9_007_199_254_740_993)
        #expect(patient.name == "A")
        #expect(patient.status == .inactive)
    }

    @Test(arguments: [
        "", " ", "nul", "{", "}", "[]", "{}x", "{} {}", "\u{FEFF}{}", #"{"name"}"#, #"{"name":}"#, #"{"name":"a",}"#, #"{,"name":"a"}"#,
        #"{"name":"a" "dob":"b"}"#, #"{'name':"a"}"#, #"{name:"a"}"#, #"{"name":"a"#, #"{"name":"a\"#, #"{"name":"\u12"}"#,
        #"{"name":"\x41"}"#, "{\"name\":\"a\nb\"}", "{\"name\":\"a\u{0}b\"}", #"{"version":01}"#, #"{"version":-}"#, #"{"version":1.}"#,
        #"{"version":.5}"#, #"{"version":1e}"#, #"{"version":+1}"#, #"{"version":0x10}"#, #"{"version":NaN}"#, #"{"version":Infinity}"#,
        #"{"allergies":["a",]}"#, #"{"allergies":[,"a"]}"#, #"{"allergies":["a"}"#, #"{"name":"a"]"#, "/* */{}", "{\"name\":nulll}",
    ])
    func `what is not JSON is refused`(json: String) {
        #expect(failure(of: json, as: Patient.self) != nil)
    }

    @Test(arguments: [
        (#"{"nme":"a"}"#, "nme", "is not known"),
        (#"{"name":"a","name":"b"}"#, "name", "is given twice"),
        (#"{"patientId":"a"}"#, "patientId", "is not known"),
        (#"{"name":7}"#, "name", "must be text"),
        (#"{"allergies":"a"}"#, "allergies", "must be a list"),
        (#"{"allergies":["a","b",null]}"#, "allergies[2]", "must be text"),
        (#"{"version":1.5}"#, "version", "must be a whole number from -9223372036854775808 to 9223372036854775807"),
        (#"{"version":9223372036854775808}"#, "version", "must be a whole number from -9223372036854775808 to 9223372036854775807"),
        (#"{"status":"DEAD"}"#, "status", "must be one of ACTIVE, INACTIVE"),
        (#"{"status":"active"}"#, "status", "must be one of ACTIVE, INACTIVE"),
        (#"{"created_at":"2026-01-31T09:30:00"}"#, "created_at", "must be an RFC 3339 time with an offset, like 2026-01-31T09:30:00Z"),
        (#"{"name":"\ud83d"}"#, "name", "has half a surrogate pair"),
        (#"{"name":"\ude00\ud83d"}"#, "name", "has half a surrogate pair"),
        ("{\"x\u{7F}\":1}", "", "holds a field that is not known"),
        ("[]", "", "must be an object"),
    ])
    func `what is wrong is named without its value`(json: String, field: String, message: String) {
        #expect(failure(of: json, as: Patient.self) == JSONDecodingError(field: field, message: message))
    }

    @Test(arguments: [
        (#"{"patient":{"patient_id":"p","nme":1}}"#, "patient.nme"), (#"{"patient":{"allergies":["a",7]}}"#, "patient.allergies[1]"),
        (#"{"patient":{"name":"a"},"x":1}"#, "x"), (#"{"patient":{"name":"a"},"patient":{}}"#, "patient"), (#"{"patient":[]}"#, "patient"),
    ])
    func `a wrong field is named by its path`(json: String, field: String) {
        #expect(failure(of: json, as: GetPatientResponse.self)?.field == field)
    }

    @Test func `an element of a list is named by its place`() {
        let json = #"{"patients":[{"name":"a"},{"allergies":["a"],"created_at":7}]}"#
        #expect(failure(of: json, as: ListPatientsResponse.self)?.field == "patients[1].created_at")
    }

    @Test func `text that is not UTF-8 is refused`() {
        for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] {
            let json = Array(#"{"name":""#.utf8) + bytes + Array(#""}"#.utf8)
            #expect(throws: JSONDecodingError(field: "name", message: "is not UTF-8")) { try Patient(json: json) }
        }
    }

    @Test func `both spellings of a field are one field in the proto3 mapping`() {
        let twice = failure(of: #"{"patient_id":"a","patientId":"b"}"#, as: Patient.self, .standard)
        #expect(twice == JSONDecodingError(field: "patient_id", message: "is given twice"))
    }

    @Test(
        arguments: [
            ("1", 1), ("-7", -7), ("1e3", 1000), ("1.50e1", 15), ("\"12\"", 12), ("0", 0), ("-0", 0), ("2147483647", .max), ("0e99999", 0),
        ] as [(String, Int32)])
    func `an integer is read however it is written`(text: String, expected: Int32) throws {
        #expect(try CheckedCount(json: text) == expected)
    }

    @Test(arguments: ["2147483648", "-2147483649", "1e10", "0.5", "1e-1", "\" 1\"", "\"\"", "true", "\"0x1\"", "1e99999999999999999999"])
    func `an integer that does not fit is refused`(text: String) {
        #expect(throws: JSONDecodingError.self) { try CheckedCount(json: text) }
    }

    private func CheckedCount(json text: String) throws -> Int32 {
        try ListPatientsRequest(json: "{\"page_size\":\(text)}").pageSize
    }

    @Test func `a null leaves a field at its default`() throws {
        let patient = try Patient(json: #"{"name":null,"email":null,"allergies":null,"status":null,"created_at":null,"version":null}"#)
        #expect(patient == Patient())
    }

    @Test func `only one member of a choice may be given`() {
        let both = failure(of: #"{"patient_id":"a","doctor_id":"b"}"#, as: CountActiveAppointmentsRequest.self)
        #expect(both == JSONDecodingError(field: "doctor_id", message: "excludes another field that is given"))
    }

    @Test func `a null member of a choice is no member`() throws {
        let request = try CountActiveAppointmentsRequest(json: #"{"patient_id":"a","doctor_id":null}"#)
        #expect(request.of == .patientID("a"))
    }
}

@Suite("The bounds of reading JSON")
struct JSONBoundsTests {
    private func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    @Test(arguments: [(64, JSONOptions.api), (100, JSONOptions.standard)])
    func `nesting is read up to its limit and refused beyond`(limit: Int, options: JSONOptions) {
        #expect(throws: Never.self) { try ProtobufValue(json: nested(limit), options: options) }
        let error = #expect(throws: JSONDecodingError.self) { try ProtobufValue(json: nested(limit + 1), options: options) }
        #expect(error?.message == "is nested too deeply")
    }

    @Test func `a million brackets are refused at once`() {
        for opening in ["[", #"{"a":"#] {
            let json = String(repeating: opening, count: 1_000_000)
            #expect(throws: JSONDecodingError.self) { try ProtobufValue(json: json) }
        }
    }

    @Test func `unknown fields are skipped only where that is asked for, and bounded too`() throws {
        var lenient = JSONOptions.standard
        lenient.ignoresUnknown = true
        let patient = try Patient(json: #"{"x":[1,{"y":[true,null,"\u00e9",-1.5e3]}],"name":"A"}"#, options: lenient)
        #expect(patient.name == "A")
        #expect(throws: JSONDecodingError.self) { try Patient(json: #"{"x":\#(nested(1000))}"#, options: lenient) }
    }

    @Test func `reading takes time in proportion to the document's length`() throws {
        let documents = [
            { count in "{\"allergies\":[" + Array(repeating: "\"a\\u00e9b\"", count: count).joined(separator: ",") + "]}" },
            { count in "{\"name\":\"" + String(repeating: "\\n", count: count * 6) + "\"}" },
            { count in "{" + String(repeating: " ", count: count * 12) + "}" },
        ]
        for document in documents {
            let small = document(4_000)
            let large = document(64_000)
            let first = try ProcessorTime.least { _ = try Patient(json: small) }
            let second = try ProcessorTime.least { _ = try Patient(json: large) }
            #expect(second < first * 16 * 6 + .milliseconds(20))
        }
    }

    @Test func `a number of very many digits is refused`() {
        let digits = String(repeating: "9", count: 2000)
        #expect(throws: JSONDecodingError.self) { try ProtobufValue(json: digits) }
        #expect(throws: JSONDecodingError.self) { try Patient(json: "{\"version\":\(digits)}") }
    }
}
