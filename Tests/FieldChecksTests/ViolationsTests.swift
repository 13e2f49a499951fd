import Contracts
import Testing

@testable import FieldChecks

@Suite("Checking fields")
struct ViolationsTests {
    private func breaches(_ check: (inout Violations) -> Void) -> [String] {
        var violations = Violations()
        check(&violations)
        return violations.all.map { "\($0.field) \($0.message)" }
    }

    @Test(arguments: [
        ("", ["text is required"]), ("a", ["text must have at least 2 characters"]), ("ab", []), ("éé", []), ("abc", []),
        ("👩‍⚕️", ["text must have at most 3 characters"]),
        ("ééé", []), ("abcd", ["text must have at most 3 characters"]),
    ])
    func `length counts Unicode scalars`(text: String, expected: [String]) {
        #expect(breaches { $0.check("text", text, required: true, minLength: 2, maxLength: 3) } == expected)
    }

    @Test func `an absent field breaks only the rule that it is required`() {
        #expect(breaches { $0.check("text", "", minLength: 2, format: .email) }.isEmpty)
        #expect(breaches { $0.check("text", nil as String?, minLength: 2, format: .email) }.isEmpty)
        #expect(breaches { $0.check("text", nil as String?, required: true) } == ["text is required"])
        #expect(breaches { $0.check("text", "" as String?, format: .email) } == ["text must be an email address"])
    }

    @Test(arguments: [(-1, true), (0, false), (500, false), (501, true)] as [(Int32, Bool)])
    func `a number stays in its range`(number: Int32, isBreach: Bool) {
        #expect(breaches { $0.check("page_size", number, min: 0, max: 500) } == (isBreach ? ["page_size must be from 0 to 500"] : []))
    }

    @Test func `a range may be open at one end, and holds for unsigned numbers`() {
        #expect(breaches { $0.check("n", Int64(0), min: 1) } == ["n must be at least 1"])
        #expect(breaches { $0.check("n", UInt64.max, max: .max) } == ["n must be at most \(Int64.max)"])
        #expect(breaches { $0.check("n", Double.nan, min: 0, max: 1) } == ["n must be from 0 to 1"])
        #expect(breaches { $0.check("n", nil as Int64?, min: 1) }.isEmpty)
    }

    @Test func `each element of a list is checked, unless there are too many`() {
        #expect(
            breaches { $0.check("l", each: ["a", "", "\n"], minLength: 1, format: .line) } == [
                "l[1] must have at least 1 character", "l[2] must be one line without control characters",
            ])
        #expect(breaches { $0.check("l", each: ["", ""], maxItems: 1, minLength: 1) } == ["l must have at most 1 entries"])
        #expect(breaches { $0.check("l", each: [] as [String], required: true) } == ["l is required"])
    }

    @Test(arguments: [("AB-12", true), ("AB-1", false), ("xAB-12", false), ("AB-12\n", false)])
    func `a pattern is matched by the whole text`(text: String, isMatch: Bool) {
        let pattern = TextPattern("[A-Z]{2}-[0-9]{2}")
        #expect(breaches { $0.check("code", text, pattern: pattern) } == (isMatch ? [] : ["code must match [A-Z]{2}-[0-9]{2}"]))
    }

    @Test func `a pattern that is none matches nothing`() {
        #expect(!TextPattern("(").matches("("))
    }

    @Test func `all violations of a request are found at once, and named by their paths`() {
        let request = SetDoctorScheduleRequest(
            doctorID: "",
            workingHours: [
                WorkingHours(weekday: .monday, start: "09:00", end: "12:00"), WorkingHours(weekday: .unspecified, start: "9", end: ""),
                WorkingHours(weekday: .unrecognized(9), start: "09:00", end: "24:01"),
            ])
        #expect(
            breaches { request.check(into: &$0) } == [
                "doctor_id is required", "working_hours[1].weekday is required", "working_hours[1].start must be a time of day like 09:30",
                "working_hours[1].end is required",
                "working_hours[2].weekday must be one of MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY",
                "working_hours[2].end must be a time of day like 09:30",
            ])
    }

    @Test func `a new patient is checked as the contract says`() {
        let request = CreatePatientRequest(name: "  ", email: "a", phone: "1", dob: "2026-02-30", allergies: ["", "nuts"])
        #expect(request.violations().all.map(\.field) == ["name", "email", "phone", "dob", "allergies[0]"])
        #expect(CreatePatientRequest(name: "Asha", dob: "1990-01-31").violations().isEmpty)
    }

    @Test func `the name of a patient has 1 to 200 characters`() {
        func name(_ count: Int) -> Bool {
            CreatePatientRequest(name: String(repeating: "é", count: count), dob: "1990-01-31").violations().isEmpty
        }
        #expect(!name(0))
        #expect(name(1))
        #expect(name(200))
        #expect(!name(201))
    }

    @Test(arguments: [("doc_1", "PATIENT_NOT_FOUND"), ("pat_1", nil), ("1", "PATIENT_NOT_FOUND"), ("", nil)] as [(String, String?)])
    func `an id of another kind is not found, rather than wrong`(id: String, code: String?) {
        let violations = GetPatientRequest(patientID: id).violations()
        #expect(violations.notFoundCode == code)
        #expect(violations.all.isEmpty == !id.isEmpty)
    }

    @Test func `the member of a choice is checked`() {
        #expect(CountActiveAppointmentsRequest(of: .doctorID("pat_1")).violations().notFoundCode == "DOCTOR_NOT_FOUND")
        #expect(CountActiveAppointmentsRequest(of: .doctorID("")).violations().all.map(\.field) == ["doctor_id"])
        #expect(CountActiveAppointmentsRequest().violations().isEmpty)
    }

    @Test func `an instant out of range is a violation`() {
        let request = CreateLeaveRequest(
            doctorID: "doc_1", start: ProtobufTimestamp(seconds: .max), end: ProtobufTimestamp(nanos: -1), reason: "rest")
        #expect(request.violations().all.map(\.field) == ["start", "end"])
    }

    @Test func `a mask may name only what can be changed, and clear only what can be cleared`() {
        func change(_ patient: PatientChanges, _ paths: [String]) -> [String] {
            let request = UpdatePatientRequest(patientID: "pat_1", patient: patient, updateMask: ProtobufFieldMask(paths: paths))
            return request.violations().all.map { "\($0.field) \($0.message)" }
        }
        #expect(change(PatientChanges(name: "A"), ["name"]).isEmpty)
        #expect(change(PatientChanges(), ["email", "phone", "allergies"]).isEmpty)
        #expect(change(PatientChanges(), ["name", "dob"]) == ["patient.name cannot be cleared", "patient.dob cannot be cleared"])
        #expect(change(PatientChanges(), ["status"]) == ["update_mask[0] names no field that can be changed"])
    }

    @Test func `a hundred violations are enough`() {
        var violations = Violations()
        for index in 0..<1000 { violations.add("f\(index)", "is wrong") }
        #expect(violations.all.count == 100)
    }

    @Test func `no violation repeats a value`() {
        let request = CreatePatientRequest(name: "SECRET\n", email: "SECRET", phone: "SECRET", dob: "SECRET", allergies: ["SECRET\n"])
        for violation in request.violations().all { #expect(!"\(violation)".contains("SECRET")) }
    }
}
