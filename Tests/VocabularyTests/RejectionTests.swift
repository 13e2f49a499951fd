import Testing
import Vocabulary

struct RejectionTests {
    @Test func `every code is spelled in capitals and underscores`() {
        for code in RejectionCode.allCases {
            #expect(code.rawValue.wholeMatch(of: /[A-Z]+(_[A-Z]+)*/) != nil)
        }
    }

    @Test func `what is not found says so in its name`() {
        for code in RejectionCode.allCases {
            #expect((code.kind == .notFound) == code.rawValue.hasSuffix("_NOT_FOUND"), "\(code)")
        }
    }

    @Test func `a rejection about one field names it`() {
        let rejection = Rejection(.possibleDuplicate, "There is one already.", field: "name")
        #expect(rejection.field == "name")
        #expect(rejection.violations == [.init(field: "name", sentence: "There is one already.")])
        #expect(Rejection(.leaveConflict, "No.").field == nil)
    }

    @Test func `fields that are wrong are told all at once`() {
        let violations = [Rejection.Violation(field: "dob", sentence: "a"), .init(field: "name", sentence: "b")]
        let rejection = Rejection(invalid: violations)
        #expect(rejection.code == .invalidArgument)
        #expect(rejection.violations == violations)
    }

    @Test func `what several rules say stands under the code of the first`() {
        let rejection = Rejection(all: [
            Rejection(.invalidSlot, "No slot.", field: "slot_start"), Rejection(.departmentMismatch, "Another.", field: "department"),
        ])
        #expect(rejection?.code == .invalidSlot && rejection?.sentence == "No slot.")
        #expect(rejection?.violations.map(\.field) == ["slot_start", "department"])
        #expect(Rejection(all: []) == nil)
    }
}
