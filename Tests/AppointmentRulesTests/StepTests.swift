import AppointmentRules
import Testing
import Vocabulary

/// The steps of an appointment: from which states, and when.
struct StepTests {
    let slot = Slot(start: Instant(millisecondsSinceEpoch: 1_772_422_200_000))

    func appointment(_ state: AppointmentState) -> AppointmentFacts {
        AppointmentFacts(state: state, slot: slot, rescheduleCount: 0)
    }

    @Test func `scheduled and checked-in appointments are active, the others final`() {
        #expect(AppointmentState.allCases.filter(\.isActive) == [.scheduled, .checkedIn])
        #expect(AppointmentState.allCases.filter(\.isFinal) == [.completed, .cancelled, .noShow])
    }

    @Test(
        arguments: [
            (AppointmentState.scheduled, nil), (.checkedIn, .invalidState), (.completed, .invalidState), (.cancelled, .invalidState),
            (.noShow, .invalidState),
        ] as [(AppointmentState, RejectionCode?)])
    func `a scheduled appointment can be checked in, or noted as a no-show`(state: AppointmentState, code: RejectionCode?) {
        #expect(rejectionOfCheckIn(of: appointment(state), at: slot.start)?.code == code)
        #expect(rejectionOfNoShow(of: appointment(state), at: slot.end)?.code == code)
    }

    @Test(
        arguments: [
            (AppointmentState.scheduled, nil), (.checkedIn, nil), (.completed, .invalidState), (.cancelled, .invalidState),
            (.noShow, .invalidState),
        ] as [(AppointmentState, RejectionCode?)])
    func `an active appointment can be completed, or cancelled`(state: AppointmentState, code: RejectionCode?) throws {
        #expect(rejectionOfCompletion(of: appointment(state), at: slot.start)?.code == code)
        for canceller in Canceller.allCases {
            #expect(
                rejectionOfCancellation(
                    of: appointment(state), by: canceller, at: slot.start - .days(1), try Clinic.kolkata.calendar())?.code == code)
        }
    }

    @Test(arguments: [(-1, true), (0, false), (1, false), (86_400_000, false)])
    func `completing waits for the start of the slot`(milliseconds: Int, isRefused: Bool) {
        let answer = rejectionOfCompletion(of: appointment(.checkedIn), at: slot.start + .milliseconds(milliseconds))
        #expect(answer?.code == (isRefused ? .appointmentNotStarted : nil))
    }

    @Test(arguments: [(-1, true), (0, false), (1, false)])
    func `a no-show waits until 15 minutes after the start`(milliseconds: Int, isRefused: Bool) {
        let now = slot.start + .seconds(900) + .milliseconds(milliseconds)
        #expect(rejectionOfNoShow(of: appointment(.scheduled), at: now)?.code == (isRefused ? .noShowTooEarly : nil))
    }

    @Test(arguments: [(-1, true), (0, false), (1, false)])
    func `checking in begins 60 minutes before the start`(milliseconds: Int, isRefused: Bool) {
        let now = slot.start - .seconds(3_600) + .milliseconds(milliseconds)
        #expect(rejectionOfCheckIn(of: appointment(.scheduled), at: now)?.code == (isRefused ? .checkInWindow : nil))
    }

    @Test(arguments: [(-1, false), (0, true), (1, true)])
    func `checking in ends with the slot`(milliseconds: Int, isRefused: Bool) {
        let now = slot.end + .milliseconds(milliseconds)
        #expect(rejectionOfCheckIn(of: appointment(.scheduled), at: now)?.code == (isRefused ? .checkInWindow : nil))
    }

    @Test(arguments: [(-1, false), (0, true), (1, true)])
    func `cancelling ends for a patient when the slot starts`(milliseconds: Int, isRefused: Bool) throws {
        for state in [AppointmentState.scheduled, .checkedIn] {
            let answer = rejectionOfCancellation(
                of: appointment(state), by: .patient, at: slot.start + .milliseconds(milliseconds), try Clinic.kolkata.calendar())
            #expect(answer?.code == (isRefused ? .appointmentStarted : nil))
        }
    }

    /// The clinic day ends at 18:30 UTC.
    @Test(arguments: [("2026-03-02T10:00:00Z", false), ("2026-03-02T18:29:59.999Z", false), ("2026-03-02T18:30:00Z", true)])
    func `cancelling ends for the clinic with the slot's day on its calendar`(now: String, isRefused: Bool) throws {
        let answer = rejectionOfCancellation(
            of: appointment(.checkedIn), by: .clinic, at: try #require(Instant(rfc3339: now)), try Clinic.kolkata.calendar())
        #expect(answer?.code == (isRefused ? .appointmentStarted : nil))
    }

    @Test(arguments: [(-1, 50), (0, 50), (1, 0)])
    func `up to two hours before the start half of the fee is kept, exactly two hours too`(milliseconds: Int, percent: Int) {
        let now = slot.start - .seconds(7_200) - .milliseconds(milliseconds)
        #expect(feePercent(ofCancelling: slot, by: .patient, at: now) == percent)
        #expect(feePercent(ofCancelling: slot, by: .clinic, at: now) == 0)
    }

    @Test func `a no-show costs the whole fee`() {
        #expect(FeePercent.noShow == 100)
    }
}
