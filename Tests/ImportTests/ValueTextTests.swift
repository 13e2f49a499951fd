import Testing

@testable import Import

@Suite struct ValueTextTests {
    private static let states = ["SCHEDULED", "CHECKED_IN", "COMPLETED", "CANCELLED", "NO_SHOW"]

    @Test(
        arguments: [
            ("COMPLETED", "COMPLETED"), ("completed", "COMPLETED"), ("Completed", "COMPLETED"), ("No show", "NO_SHOW"),
            ("no-show", "NO_SHOW"),
            ("NoShow", "NO_SHOW"), ("no_show", "NO_SHOW"), ("Checked-In", "CHECKED_IN"), ("checked  in", "CHECKED_IN"),
            ("Canceled", "CANCELLED"),
            ("Finished", nil), ("", nil), ("COMPLETE", nil), ("NO", nil), ("COMPLETED!x", nil),
        ] as [(String, String?)])
    func `a state is known in any case, with spaces or dashes`(text: String, state: String?) {
        #expect(ChoiceText.choice(text, among: Self.states) == state)
    }

    @Test(arguments: [
        ("nuts;latex", ["nuts", "latex"]), ("nuts; ;latex;", ["nuts", "latex"]), ("nuts | latex", ["nuts", "latex"]),
        ("nuts\nlatex\r\neggs\rmilk", ["nuts", "latex", "eggs", "milk"]), ("Penicillin, V", ["Penicillin, V"]), ("nuts;Nuts", ["nuts"]),
        ("", []), ("None", []), ("none known", []), ("NKDA", []), ("N.K.D.A.", []), ("NKA", []), ("No known allergies", []),
        ("No Known Drug Allergies.", []), ("-", []), ("--", []), ("n/a", []), ("N/A;", []), ("Nil", []), ("NULL", []),
        ("NKDA; pollen", ["pollen"]), ("No known allergies to nuts", ["No known allergies to nuts"]), ("Nonesuch", ["Nonesuch"]),
        ("unknown", ["unknown"]),
    ])
    func `a list comes from one cell`(text: String, values: [String]) {
        #expect(ListText().values(text) == values)
    }

    @Test func `a comma separates where that was said`() {
        #expect(ListText(alsoSeparatedBy: ",").values("nuts, latex;eggs") == ["nuts", "latex", "eggs"])
    }

    @Test func `a word of the source means what was said`() throws {
        let map = try ValueMap(
            [
                "status:Finished=completed", "status:No  Show=NO_SHOW", "status:Unknown=", "department:Card.=Cardiology",
                "status:a=b=Cancelled",
            ],
            kind: .appointments)
        let meanings = [
            ("status", "finished", "COMPLETED"), ("status", "FINISHED", "COMPLETED"), ("status", "no show", "NO_SHOW"),
            ("status", "unknown", ""), ("status", "Planned", "Planned"), ("department", "card.", "Cardiology"),
            ("department", "Finished", "Finished"), ("status", "A=B", "CANCELLED"),
        ]
        for (field, text, meaning) in meanings { #expect(map.meaning(of: text, in: field) == meaning, "\(field): \(text)") }
    }

    @Test(
        arguments: [
            ("status", .noValueRule("status")), ("status=COMPLETED", .noValueRule("status=COMPLETED")),
            ("status:Finished", .noValueRule("status:Finished")), (":a=b", .noValueRule(":a=b")),
            ("status:=COMPLETED", .noValueRule("status:=COMPLETED")),
            ("state:Finished=COMPLETED", .unknownValueField("state", of: .appointments)),
            ("status:Finished=DONE", .noSuchChoice(field: "status", value: "DONE", choices: states)),
        ] as [(String, ReadingError)])
    func `a rule that can't be is refused at the start`(rule: String, error: ReadingError) {
        #expect(throws: error) { try ValueMap([rule], kind: .appointments) }
    }

    @Test func `a word has one meaning`() {
        #expect(throws: ReadingError.valueMappedTwice("status:done=NO_SHOW")) {
            try ValueMap(["status:Done=COMPLETED", "status:done=NO_SHOW"], kind: .appointments)
        }
    }

    @Test(arguments: [
        ("a", "a"), ("  a b ", "a b"), ("a\nb", "a b"), ("a \r\n  b", "a b"), ("a\n\n\nb\n", "a b"), ("\u{FEFF}a\u{A0}", "a"),
        ("\u{200B}a", "a"),
        ("\u{3000}", ""), ("\n", ""), ("é\u{301}", "é\u{301}"),
    ])
    func `a text of one line has no line breaks and nothing around it`(text: String, line: String) {
        #expect(text.inOneLine == line)
    }
}
