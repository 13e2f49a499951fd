import Contracts
import ServiceKit
import Synchronization
import Vocabulary

/// What the patient and the doctor service have said in the last two seconds.
///
/// A booking may be decided on it: what it must not meet waits behind a hold, which counts on facts of an age that is
/// counted from when they were asked for (``BookingHold``). Nobody is refused by what is remembered.
final class RememberedPeople: Sendable {
    private struct Said<Answer: Sendable> {
        let answer: Answer
        let age: FactsAge
    }

    private struct State {
        var patients: [String: Said<Patient>] = [:]
        var doctors: [DoctorInWeek: Said<DoctorAvailability>] = [:]
    }

    private struct DoctorInWeek: Hashable {
        let doctorID: String
        let week: Int64
    }

    private let state = Mutex(State())

    private static let bestBefore: Duration = .seconds(2)
    /// So many of each are remembered; then it begins anew.
    private static let most = 2_048

    func patient(_ patientID: String) -> (answer: Patient, age: FactsAge)? {
        state.withLock { Self.fresh($0.patients[patientID]) }
    }

    func doctor(_ doctorID: String, in week: WeekOfLeaves) -> (answer: DoctorAvailability, age: FactsAge)? {
        state.withLock { Self.fresh($0.doctors[DoctorInWeek(doctorID: doctorID, week: week.number)]) }
    }

    func remember(_ patient: Patient, _ age: FactsAge) {
        state.withLock { state in
            if state.patients.count >= Self.most { state.patients = [:] }
            state.patients[patient.patientID] = Said(answer: patient, age: age)
        }
    }

    func remember(_ availability: DoctorAvailability, in week: WeekOfLeaves, _ age: FactsAge) {
        guard let doctorID = availability.doctor?.doctorID else { return }
        state.withLock { state in
            if state.doctors.count >= Self.most { state.doctors = [:] }
            state.doctors[DoctorInWeek(doctorID: doctorID, week: week.number)] = Said(answer: availability, age: age)
        }
    }

    /// Lets go of somebody who has changed.
    func forget(doctor doctorID: String) {
        state.withLock { state in state.doctors = state.doctors.filter { $0.key.doctorID != doctorID } }
    }

    private static func fresh<Answer>(_ said: Said<Answer>?) -> (answer: Answer, age: FactsAge)? {
        guard let said, said.age.isAtMost(bestBefore) else { return nil }
        return (said.answer, said.age)
    }
}

/// The stretch for which a doctor's leaves are asked, so that the answer serves for all slots in it.
struct WeekOfLeaves: Sendable {
    let number: Int64

    /// The one in which a slot begins.
    init(of slot: Slot) {
        let start = slot.start.millisecondsSinceEpoch
        number = (start - (start % Self.length + Self.length) % Self.length) / Self.length
    }

    /// With the slot that begins last; cut off where the calendar of the wire ends.
    var period: (start: Instant, end: Instant) {
        let start = number * Self.length
        let end = start + Self.length + Slot.length.wholeMilliseconds
        return (Self.onCalendar(start), Self.onCalendar(end))
    }

    private static func onCalendar(_ milliseconds: Int64) -> Instant {
        Instant(millisecondsSinceEpoch: min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999))
    }

    private static let length: Int64 = 7 * 86_400_000
}
