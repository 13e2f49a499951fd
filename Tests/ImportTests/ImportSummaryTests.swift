import Testing

@testable import Import

@Suite struct ImportSummaryTests {
    @Test func `refusals are told by their reason, the most frequent first, with the first line of each`() {
        var summary = ImportSummary(isDryRun: false)
        summary.counts.read = 5
        summary.refuse(line: 9, "dob: no date")
        summary.refuse(line: 8, "name: empty")
        summary.refuse(line: 7, "dob: no date")
        #expect(
            summary.description == """
                refused, by reason:
                  2 × dob: no date (as in line 7)
                  1 × name: empty (as in line 8)
                5 read, 0 created, 0 updated, 0 already there, 3 refused
                """)
    }

    @Test func `of many reasons twenty are told, and how many rows there are beside`() {
        var summary = ImportSummary(isDryRun: false)
        for number in 0..<600 { summary.refuse(line: number, "reason \(number)") }
        let lines = summary.description.split(separator: "\n")
        #expect(lines.count == 23)
        #expect(lines[20] == "  1 × reason 19 (as in line 19)")
        #expect(lines[21] == "  580 × something else: see the file of refused rows")
    }

    @Test(arguments: [(0, 0, 0), (3, 0, 0), (3, 1, 3), (3, 3, 4)])
    func `a shell is told whether all, some or no rows are in`(read: Int, refused: Int, status: Int32) {
        var counts = ImportCounts()
        (counts.read, counts.refused) = (read, refused)
        #expect(counts.exitStatus == status)
    }

    @Test func `a reason in the summary is without what rows say`() {
        let refusal = Refusal("A: dob “13.13.2000” of pat_00000000000000000000000001 is no date, not 3 of 5")
        #expect(refusal.kind == "A: dob “…” of pat_… is no date, not 3 of 5")
        #expect(Refusal("a “b”", kind: "c").kind == "c")
    }

    @Test func `words for a state are shown, as each wants a meaning, and words of a person are not`() {
        let row = UnreadableRow(problems: [.init(field: "slot_start", reason: "“x” no"), .init(field: "status", reason: "“y” no")])
        let refusal = Refusal(row, of: .appointments)
        #expect(refusal.sentence == "slot_start: “x” no; status: “y” no")
        #expect(refusal.kind == "slot_start: “…” no; status: “y” no")
    }
}
