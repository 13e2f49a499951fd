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
        #expect(rejectionOfLeave(over: StandingAppointments(count: appointments, named: []))?.code == code)
    }

    @Test(arguments: [(0, nil), (1, .scheduleConflict), (2, .scheduleConflict)] as [(Int, RejectionCode?)])
    func `active appointments outside stand against new working hours`(appointments: Int, code: RejectionCode?) {
        #expect(rejectionOfSchedule(leavingOutside: StandingAppointments(count: appointments, named: []))?.code == code)
    }

    @Test(
        arguments: [
            (1, "The doctor has 1 active appointment outside these hours: apt_1."),
            (2, "The doctor has 2 active appointments outside these hours: apt_1, apt_2."),
            (20, "The doctor has 20 active appointments outside these hours: \(ids(20))."),
            (21, "The doctor has 21 active appointments outside these hours: \(ids(20)) and 1 more."),
        ])
    func `up to 20 of them are named`(count: Int, sentence: String) {
        let standing = StandingAppointments(count: count, named: (1...count).map { "apt_\($0)" })
        #expect(rejectionOfSchedule(leavingOutside: standing)?.sentence == sentence)
        let inTime = sentence.replacing("outside these hours", with: "in this time")
        #expect(rejectionOfLeave(over: standing)?.sentence == inTime)
    }

    private static func ids(_ count: Int) -> String { (1...count).map { "apt_\($0)" }.joined(separator: ", ") }

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
