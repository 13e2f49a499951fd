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

    @Test(arguments: [(0, nil), (1, .leaveConflict), (2, .leaveConflict)] as [(Int, RejectionCode?)])
    func `active appointments stand against a leave`(appointments: Int, code: RejectionCode?) {
        #expect(rejectionOfLeave(overActiveAppointments: appointments)?.code == code)
    }

    @Test(arguments: [(0, nil), (1, .doctorHasAppointments), (2, .doctorHasAppointments)] as [(Int, RejectionCode?)])
    func `active appointments stand against a deletion`(appointments: Int, code: RejectionCode?) {
        #expect(rejectionOfDeletion(withActiveAppointments: appointments)?.code == code)
    }

    @Test(arguments: [(true, nil), (false, .doctorInactive)] as [(Bool, RejectionCode?)])
    func `hours and leave of a deleted doctor do not change`(isActive: Bool, code: RejectionCode?) {
        #expect(rejectionOfChange(whereDoctorIsActive: isActive)?.code == code)
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
