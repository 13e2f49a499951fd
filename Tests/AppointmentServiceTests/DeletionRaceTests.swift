import AppointmentService
import Contracts
import DoctorService
import HMSTestKit
import PatientService
import ProtobufC
import RPC
import ServiceKit
import Testing
import Vocabulary

/// Bookings against deletions and leave, with the real patient, doctor and appointment service: whoever comes first, no
/// active appointment is left with somebody who is gone, or in a leave.
struct DeletionRaceTests {
    @Test(arguments: [DeleteStrategy.refuse, .cancel])
    func `a doctor who is deleted while he is booked keeps no active appointment`(strategy: DeleteStrategy) async throws {
        try await withHospital { hospital in
            for _ in 0..<6 {
                let doctor = try await hospital.registerDoctor()
                async let bookings = hospital.bookings(with: doctor)
                let deletion = await outcome {
                    _ = try await hospital.doctors.deleteDoctor(DeleteDoctorRequest(doctorID: doctor.doctorID, strategy: strategy))
                }
                let booked = await bookings
                let active = try await hospital.activeAppointments(of: doctor)
                #expect(deletion == "OK" ? active.isEmpty : active.count == booked)
                #expect(strategy == .refuse || deletion == "OK")
                #expect(deletion == "OK" || deletion == "DOCTOR_HAS_APPOINTMENTS")
            }
        }
    }

    @Test(arguments: [false, true])
    func `a leave that is entered while its time is booked holds no active appointment`(cancelling: Bool) async throws {
        try await withHospital { hospital in
            for _ in 0..<6 {
                let doctor = try await hospital.registerDoctor()
                async let bookings = hospital.bookings(with: doctor)
                let leave = CreateLeaveRequest(
                    doctorID: doctor.doctorID, start: ProtobufTimestamp(TestHospital.morning),
                    end: ProtobufTimestamp(TestHospital.morning + .days(30)), reason: "Conference", cancelAppointments: cancelling)
                let entered = await outcome { _ = try await hospital.doctors.createLeave(leave) }
                let booked = await bookings
                let active = try await hospital.activeAppointments(of: doctor)
                #expect(entered == "OK" ? active.isEmpty : active.count == booked)
                #expect(entered == "OK" || entered == "LEAVE_CONFLICT" && !cancelling)
            }
        }
    }

    @Test func `a patient who is deleted while he is booked keeps no active appointment`() async throws {
        try await withHospital { hospital in
            for _ in 0..<6 {
                let patientID = try await hospital.registerPatient()
                let doctor = try await hospital.registerDoctor()
                async let bookings = hospital.bookings(with: doctor, of: patientID)
                let deletion = await outcome {
                    _ = try await hospital.patients.deletePatient(DeletePatientRequest(patientID: patientID))
                }
                let booked = await bookings
                let active = try await hospital.activeAppointments(of: doctor)
                #expect(deletion == "OK" ? active.isEmpty : active.count == booked)
                #expect(deletion == "OK" || deletion == "PATIENT_HAS_APPOINTMENTS")
            }
        }
    }
}

/// The three services, each asking the others.
private struct ThreeServices: Sendable {
    let patients: PatientServiceClient
    let doctors: DoctorServiceClient
    let appointments: AppointmentServiceClient

    func registerDoctor() async throws -> Doctor {
        let request = CreateDoctorRequest(name: "Nadia Iyer", department: "Cardiology", specialization: "Surgery")
        return try #require(try await doctors.createDoctor(request).doctor)
    }

    func registerPatient() async throws -> String {
        let request = CreatePatientRequest(name: "Asha Rao", dob: "1980-02-29", allowDuplicate: true)
        return try await patients.createPatient(request).patient?.patientID ?? ""
    }

    /// How many of 24 bookings at the same time were made: of one patient, or each of another.
    func bookings(with doctor: Doctor, of patientID: String? = nil) async -> Int {
        let first = TestHospital.morning + .days(1)
        let answers = await outcomes(of: 24) { index in
            let patient: String
            if let patientID { patient = patientID } else { patient = try await registerPatient() }
            _ = try await appointments.bookAppointment(
                BookAppointmentRequest(
                    patientID: patient, doctorID: doctor.doctorID, department: "Cardiology",
                    slotStart: ProtobufTimestamp(first + .days(index / 8) + .seconds(index % 8 * 1_800))))
        }
        let known: Set = ["OK", "UNAVAILABLE", "DOCTOR_INACTIVE", "PATIENT_INACTIVE", "DOCTOR_UNAVAILABLE"]
        #expect(known.isSuperset(of: answers.keys), "\(answers)")
        return answers["OK"] ?? 0
    }

    func activeAppointments(of doctor: Doctor) async throws -> [Appointment] {
        let request = ListAppointmentsRequest(doctorID: doctor.doctorID, status: .scheduled)
        return try await appointments.listAppointments(request).appointments
    }
}

private func withHospital(_ test: (ThreeServices) async throws -> Void) async throws {
    let hospital = try TestHospital()
    let late = LateChannel()
    let billing = InProcessChannel(services: [FakeBilling()])
    let patient = try await hospital.open(.patient, peers: ["appointment": late, "billing": billing])
    let doctor = try await hospital.open(.doctor, peers: ["appointment": late])
    let appointment = try await hospital.open(.appointment, peers: ["patient": patient.channel, "doctor": doctor.channel])
    late.lead(to: appointment.channel)
    let options = try await hospital.options(.admin)
    try await test(
        ThreeServices(
            patients: PatientServiceClient(ChannelOfCaller(patient.channel, options)),
            doctors: DoctorServiceClient(ChannelOfCaller(doctor.channel, options)),
            appointments: AppointmentServiceClient(ChannelOfCaller(appointment.channel, options))))
    for service in [appointment, doctor, patient] { await service.close() }
}
