import DoctorRules
import Testing
import Vocabulary

struct DoctorRulesTests {
    @Test func `leave ends after it starts`() throws {
        let start = Instant(millisecondsSinceEpoch: 1_000)
        #expect(throws: Rejection.self) { try LeavePeriod(start: start, end: start - .milliseconds(1)) }
        #expect(throws: Rejection.self) { try LeavePeriod(start: start, end: start) }
        #expect(try LeavePeriod(start: start, end: start + .milliseconds(1)).end > start)
    }

    @Test func `leave lasts 366 days at most`() throws {
        let start = Instant(millisecondsSinceEpoch: 0)
        let longest = start + .days(366)
        #expect(try LeavePeriod(start: start, end: longest - .milliseconds(1)).start == start)
        #expect(try LeavePeriod(start: start, end: longest).end == longest)
        let rejection = #expect(throws: Rejection.self) { try LeavePeriod(start: start, end: longest + .milliseconds(1)) }
        #expect(rejection?.field == "end")
    }

    @Test(
        arguments: [
            (true, 0, false, nil), (true, 1, false, .leaveConflict), (true, 1, true, nil), (false, 0, false, .doctorInactive),
            (false, 1, true, .doctorInactive),
        ] as [(Bool, Int, Bool, RejectionCode?)])
    func `leave of an active doctor is free of appointments, or cancels them`(
        isActive: Bool, appointments: Int, cancelling: Bool, code: RejectionCode?
    ) {
        let facts = LeaveFacts(doctorIsActive: isActive, activeAppointments: appointments)
        #expect(rejectionOfLeave(cancellingAppointments: cancelling, given: facts)?.code == code)
    }

    @Test(arguments: [(0, false, nil), (1, false, .doctorHasAppointments), (1, true, nil)] as [(Int, Bool, RejectionCode?)])
    func `appointments stand against a deletion, or are cancelled`(appointments: Int, cancelling: Bool, code: RejectionCode?) {
        #expect(rejectionOfDeletion(cancellingAppointments: cancelling, withActiveAppointments: appointments)?.code == code)
    }

    @Test(
        arguments: [
            (nil, true, nil), (3, true, nil), (2, true, .versionMismatch), (4, true, .versionMismatch), (3, false, .doctorInactive),
            (2, false, .versionMismatch),
        ] as [(Int64?, Bool, RejectionCode?)])
    func `a record changes while it is active and at the version that was read`(expected: Int64?, isActive: Bool, code: RejectionCode?) {
        #expect(rejectionOfChange(expecting: expected, given: RecordChangeFacts(isActive: isActive, version: 3))?.code == code)
    }
}
