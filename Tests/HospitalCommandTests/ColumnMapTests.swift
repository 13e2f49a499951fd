import HospitalCommand
import Testing

@testable import HospitalCommand

@Suite struct ColumnMapTests {
    @Test func `a column named like a field fills it in any case`() throws {
        let map = try ColumnMap([], kind: .patients, header: ["Id", "NAME", "Dob"])
        #expect(try map.request(from: ["7", "Ada Lovelace", "1815-12-10"]) == ["name": "Ada Lovelace", "dob": "1815-12-10"])
    }

    @Test func `several columns are joined by a space, empty ones left out`() throws {
        let map = try ColumnMap(
            ["name=FIRST+MIDDLE+LAST", "dob=BIRTHDATE"], kind: .patients, header: ["BIRTHDATE", "FIRST", "MIDDLE", "LAST"])
        #expect(try map.request(from: ["2001-02-03", " Ada ", "", "Byron"]) == ["name": "Ada Byron", "dob": "2001-02-03"])
    }

    @Test func `a column whose name has a plus in it is meant whole`() throws {
        let map = try ColumnMap(["name=A+B"], kind: .patients, header: ["A", "B", "A+B", "dob"])
        #expect(try map.request(from: ["1", "2", "3", "4"])["name"] == "3")
    }

    @Test(arguments: [["name=NAME", "department=SPECIALITY"], ["name=NAME", "specialization=SPECIALITY"]])
    func `one word for what a doctor does fills both fields`(rules: [String]) throws {
        let map = try ColumnMap(rules, kind: .doctors, header: ["NAME", "SPECIALITY"])
        #expect(
            try map.request(from: ["Ada", "Cardiology"]) == ["name": "Ada", "department": "Cardiology", "specialization": "Cardiology"])
    }

    @Test func `lists are separated by semicolons and numbers stay numbers`() throws {
        let patients = try ColumnMap([], kind: .patients, header: ["name", "dob", "allergies"])
        #expect(try patients.request(from: ["A", "2000-01-01", "nuts; ;latex"])["allergies"] == ["nuts", "latex"])
        let doctors = try ColumnMap([], kind: .doctors, header: ["name", "department", "specialization", "consultation_fee"])
        #expect(try doctors.request(from: ["A", "B", "C", "70000"])["consultation_fee"] == 70000)
        #expect(try doctors.request(from: ["A", "B", "C", "much"])["consultation_fee"] == "much")
    }

    @Test(arguments: [
        (["name"], ColumnMapError.noRule("name")),
        (["=NAME"], .noRule("=NAME")),
        (["title=NAME"], .unknownField("title", of: .patients)),
        (["name=NAME", "name=dob"], .fieldMappedTwice("name")),
        (["name=FIRST"], .unknownColumn("FIRST", header: ["NAME", "BIRTH"])),
        ([], .nothingFor(fields: ["dob"], header: ["NAME", "BIRTH"])),
    ])
    func `a mapping that can't be is refused in words`(rules: [String], error: ColumnMapError) {
        #expect(throws: error) { try ColumnMap(rules, kind: .patients, header: ["NAME", "BIRTH"]) }
    }
}
