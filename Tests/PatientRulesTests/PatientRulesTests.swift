import PatientRules
import Testing
import Vocabulary

struct PatientRulesTests {
    let today = LocalDate(daysSinceEpoch: 20_513)

    @Test(
        arguments: [
            ("1899-12-31", false), ("1900-01-01", true), ("1900-01-02", true), ("2026-02-28", true), ("2026-03-01", true),
            ("2026-03-02", false),
        ])
    func `a date of birth lies between 1900 and the clinic's today`(text: String, isAllowed: Bool) throws {
        let dob = try #require(LocalDate(text))
        let registration = Registration(dob: dob, allowsDuplicate: false)
        let rejection = rejection(of: registration, given: RegistrationFacts(today: today, namesake: nil))
        #expect((rejection == nil) == isAllowed)
        #expect(isAllowed || rejection?.code == .invalidArgument)
        #expect(isAllowed || rejection?.field == "dob")
    }

    @Test(arguments: [(false, false, true), (false, true, true), (true, false, false), (true, true, true)])
    func `a namesake of the same day of birth is a possible duplicate unless that is allowed`(
        hasNamesake: Bool, allowsDuplicate: Bool, isAllowed: Bool
    ) {
        let registration = Registration(dob: today, allowsDuplicate: allowsDuplicate)
        let rejection = rejection(of: registration, given: RegistrationFacts(today: today, namesake: hasNamesake ? "pat_1" : nil))
        #expect(rejection?.code == (isAllowed ? nil : .possibleDuplicate))
        #expect(isAllowed || rejection?.sentence.contains("pat_1") == true)
    }

    @Test func `a wrong date of birth is told before a possible duplicate`() {
        let registration = Registration(dob: today.adding(days: 1), allowsDuplicate: false)
        let rejection = rejection(of: registration, given: RegistrationFacts(today: today, namesake: "pat_1"))
        #expect(rejection?.code == .invalidArgument)
    }

    @Test(
        arguments: [
            (nil, true, nil), (7, true, nil), (6, true, .versionMismatch), (8, true, .versionMismatch), (nil, false, .patientInactive),
            (7, false, .patientInactive), (6, false, .versionMismatch),
        ] as [(Int64?, Bool, RejectionCode?)])
    func `a record changes while it is active and at the version that was read`(expected: Int64?, isActive: Bool, code: RejectionCode?) {
        let change = RecordChange(expectedVersion: expected, dob: nil)
        #expect(rejection(of: change, given: RecordChangeFacts(isActive: isActive, version: 7, today: today))?.code == code)
    }

    @Test(arguments: [(nil, false, true), (nil, true, true), ("pat_2", false, false), ("pat_2", true, true)] as [(String?, Bool, Bool)])
    func `a change onto another patient's name and day of birth is a possible duplicate unless that is allowed`(
        namesake: String?, allowsDuplicate: Bool, isAllowed: Bool
    ) {
        let change = RecordChange(expectedVersion: nil, dob: nil, allowsDuplicate: allowsDuplicate)
        let facts = RecordChangeFacts(isActive: true, version: 1, today: today, namesake: namesake)
        #expect(rejection(of: change, given: facts)?.code == (isAllowed ? nil : .possibleDuplicate))
        #expect(isAllowed || rejection(of: change, given: facts)?.sentence.contains("pat_2") == true)
    }

    @Test func `a version of before, an inactive record and a wrong date are told before a possible duplicate`() {
        let facts = { RecordChangeFacts(isActive: $0, version: 2, today: self.today, namesake: "pat_2") }
        #expect(rejection(of: RecordChange(expectedVersion: 1, dob: nil), given: facts(true))?.code == .versionMismatch)
        #expect(rejection(of: RecordChange(expectedVersion: 2, dob: nil), given: facts(false))?.code == .patientInactive)
        #expect(rejection(of: RecordChange(expectedVersion: 2, dob: today.adding(days: 1)), given: facts(true))?.code == .invalidArgument)
    }

    @Test(arguments: [(-1, true), (0, true), (1, false)])
    func `a changed date of birth is held to the same rule`(daysFromToday: Int, isAllowed: Bool) {
        let change = RecordChange(expectedVersion: nil, dob: today.adding(days: daysFromToday))
        let rejection = rejection(of: change, given: RecordChangeFacts(isActive: true, version: 1, today: today))
        #expect(rejection?.field == (isAllowed ? nil : "patient.dob"))
    }

    @Test(
        arguments: [
            (0, 0, nil), (1, 0, .patientHasAppointments), (0, 1, .patientHasOpenBills), (1, 1, .patientHasAppointments),
        ] as [(Int, Int, RejectionCode?)])
    func `active appointments and then open bills stand against a deletion`(appointments: Int, bills: Int, code: RejectionCode?) {
        #expect(rejectionOfDeletion(given: DeletionFacts(activeAppointments: appointments, openBills: bills))?.code == code)
    }
}
