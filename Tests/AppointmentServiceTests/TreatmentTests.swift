import AppointmentRules
import Contracts
import HMSTestKit
import ServiceKit
import Testing
import Vocabulary

/// Whom a doctor treats.
@Suite(.timeLimit(.minutes(10))) struct TreatmentTests {
    @Test(arguments: AppointmentState.allCases)
    func `what was called off or missed makes no treatment`(state: AppointmentState) {
        #expect(state.isTreatment == [.scheduled, .checkedIn, .completed].contains(state))
    }

    @Test func `a doctor treats those with whom he has an appointment that stands, and no colleague of his does`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            let (his, dropped, other) = (hospital.patients.keep(), hospital.patients.keep(), hospital.patients.keep())
            _ = try await hospital.book(his, with: doctor, at: "2026-03-03T10:00:00+05:30")
            let called = try await hospital.book(dropped, with: doctor, at: "2026-03-03T11:00:00+05:30")
            let elsewhere = try await hospital.book(other, at: "2026-03-03T10:00:00+05:30")
            let all = [his, dropped, other].map(\.patientID)
            let peer = try await hospital.peer()
            func treated(by doctorID: String) async throws -> [String] {
                try await peer.listTreatedPatients(ListTreatedPatientsRequest(doctorID: doctorID, patientIds: all)).patientIds
            }
            #expect(try await treated(by: doctor.doctorID) == [his.patientID, dropped.patientID])
            _ = try await hospital.appointments.cancelAppointment(.init(appointmentID: called.appointmentID, reason: "Travelling"))
            #expect(try await treated(by: doctor.doctorID) == [his.patientID])
            #expect(try await treated(by: elsewhere.doctorID) == [other.patientID])
        }
    }

    @Test func `a visit of the history counts, and a missed one does not`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            let (seen, missed) = (hospital.patients.keep(), hospital.patients.keep())
            for (number, (patient, status)) in [(seen, AppointmentStatus.completed), (missed, .noShow)].enumerated() {
                let visit = ImportAppointmentRequest(
                    patientID: patient.patientID, doctorID: doctor.doctorID,
                    slotStart: ProtobufTimestamp(hospital.clock.now - .days(30)), status: status, source: "old", sourceID: "\(number)")
                _ = try await hospital.appointments.importAppointment(visit)
            }
            let request = ListTreatedPatientsRequest(doctorID: doctor.doctorID, patientIds: [seen, missed].map(\.patientID))
            #expect(try await hospital.peer().listTreatedPatients(request).patientIds == [seen.patientID])
        }
    }
}
