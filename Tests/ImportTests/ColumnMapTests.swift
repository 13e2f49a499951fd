import Testing

@testable import Import

@Suite struct ColumnMapTests {
    @Test func `a column named like a field fills it in any case`() throws {
        let map = try ColumnMap([], kind: .patients, header: ["Id", "NAME", "Dob"])
        #expect(Self.texts(of: ["7", "Ada Lovelace", "1815-12-10"], by: map) == ["name": "Ada Lovelace", "dob": "1815-12-10"])
    }

    @Test func `several columns are joined by a space, empty ones left out`() throws {
        let map = try ColumnMap(
            ["name=FIRST+MIDDLE+LAST", "dob=BIRTHDATE"], kind: .patients, header: ["BIRTHDATE", "FIRST", "MIDDLE", "LAST"])
        #expect(Self.texts(of: ["2001-02-03", " Ada ", "", "Byron"], by: map) == ["name": "Ada Byron", "dob": "2001-02-03"])
    }

    @Test func `a column whose name has a plus in it is meant whole`() throws {
        let map = try ColumnMap(["name=A+B"], kind: .patients, header: ["A", "B", "A+B", "dob"])
        #expect(Self.texts(of: ["1", "2", "3", "4"], by: map)["name"] == "3")
    }

    @Test(arguments: [["name=NAME", "department=SPECIALITY"], ["name=NAME", "specialization=SPECIALITY"]])
    func `one word for what a doctor does fills both fields`(rules: [String]) throws {
        let map = try ColumnMap(rules, kind: .doctors, header: ["NAME", "SPECIALITY"])
        #expect(
            Self.texts(of: ["Ada", "Cardiology"], by: map) == ["name": "Ada", "department": "Cardiology", "specialization": "Cardiology"])
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

    /// What each field that says something holds.
    private static func texts(of row: [String], by map: ColumnMap) -> [String: String] {
        Dictionary(map.texts(in: row).filter { !$0.text.isEmpty }.map { ($0.field.name, $0.text) }) { first, _ in first }
    }
}
