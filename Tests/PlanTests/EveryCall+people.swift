import Contracts
import HMSTestKit
import ProtobufC
import RPC
import ServiceKit
import Testing
import Vocabulary

/// Everything that can be asked of the patient and the doctor service.
extension BusyHospital {
    /// Registers so many patients that names are in the index, and asks for them in every way.
    func askOfPatients() async throws -> [Patient] {
        let patients = PatientServiceClient(try await way(to: "patient"))
        var registered: [Patient] = []
        for number in 0..<70 {
            let request = CreatePatientRequest(
                name: "Patient \(number)", email: "p\(number)@example.org", phone: "+91 98765 4321\(number % 10)", dob: "1980-02-29",
                allergies: ["Penicillin"])
            registered.append(try #require(try await patients.createPatient(request).patient))
        }
        _ = try await patients.getPatient(GetPatientRequest(patientID: registered[0].patientID))
        let lists = everyChoice(
            of: [
                { $0.query = "patient" }, { $0.email = "p1@example.org" }, { $0.phone = "+919876543211" }, { $0.dob = "1980-02-29" },
                { $0.status = .active },
                { ($0.source, $0.sourceID) = ("old", "1") },
            ],
            from: ListPatientsRequest())
        for list in lists { _ = try await patients.listPatients(list) }
        _ = try await patients.listPatients(ListPatientsRequest(query: "patient", status: .inactive))
        for status in [PatientStatus.active, .unspecified] {
            _ = try await patients.listPatients(ListPatientsRequest(query: "patient, 12", status: status))
        }
        let renamed = PatientChanges(name: "Asha Rao")
        _ = try await patients.updatePatient(UpdatePatientRequest(patientID: registered[1].patientID, patient: renamed))
        let moved = PatientChanges(email: "new@example.org")
        _ = try await patients.updatePatient(UpdatePatientRequest(patientID: registered[1].patientID, patient: moved))
        _ = try await patients.deletePatient(DeletePatientRequest(patientID: registered[69].patientID))
        try await takeIn(registered[2])
        _ = try await patients.forgetPatient(ForgetPatientRequest(patientID: registered[68].patientID, reason: "Asked in writing"))
        return registered
    }

    /// Takes in a patient who is here, and an allergy of his.
    private func takeIn(_ patient: Patient) async throws {
        let patients = PatientServiceClient(try await way(to: "patient"))
        let row = ImportPatientRequest(name: patient.name, email: patient.email, dob: patient.dob, source: "old", sourceID: "1")
        _ = try await patients.importPatient(row)
        _ = try await patients.importPatient(row)
        _ = try await patients.importAllergy(ImportAllergyRequest(patientID: patient.patientID, allergy: "Latex"))
    }

    /// - Returns: a doctor who works, of Cardiology.
    func askOfDoctors() async throws -> Doctor {
        let doctors = DoctorServiceClient(try await way(to: "doctor"))
        let request = CreateDoctorRequest(
            name: "Nadia Iyer", email: "d@example.org", department: "Cardiology", specialization: "Surgery", consultationFee: 50_000)
        let doctor = try #require(try await doctors.createDoctor(request).doctor)
        let other = try #require(try await doctors.createDoctor(request).doctor)
        _ = try await doctors.getDoctor(GetDoctorRequest(doctorID: doctor.doctorID))
        let row = ImportDoctorRequest(
            name: "Cem Öz", department: "Cardiology", specialization: "Surgery", source: "old", sourceID: "1")
        for _ in 0..<2 { _ = try await doctors.importDoctor(row) }
        _ = try await doctors.updateDoctor(UpdateDoctorRequest(doctorID: doctor.doctorID, doctor: DoctorChanges(phone: "+919876543210")))
        let lists = everyChoice(
            of: [
                { $0.department = "cardiology" }, { $0.specialization = "surgery" }, { $0.query = "nadia" }, { $0.status = .active },
                { ($0.source, $0.sourceID) = ("old", "1") },
            ],
            from: ListDoctorsRequest())
        for list in lists { _ = try await doctors.listDoctors(list) }
        let hours = (1...7).map { WorkingHours(weekday: .init(rawValue: $0), start: "09:00", end: "18:00") }
        _ = try await doctors.setDoctorSchedule(SetDoctorScheduleRequest(doctorID: doctor.doctorID, workingHours: hours))
        _ = try await doctors.getDoctorSchedule(GetDoctorScheduleRequest(doctorID: doctor.doctorID))
        let leave = CreateLeaveRequest(
            doctorID: other.doctorID, start: ProtobufTimestamp(hospital.clock.now), end: ProtobufTimestamp(hospital.clock.now + .days(1)),
            reason: "Conference")
        let entered = try #require(try await doctors.createLeave(leave).leave)
        _ = try await doctors.listLeaves(ListLeavesRequest(doctorID: other.doctorID))
        _ = try await doctors.deleteLeave(DeleteLeaveRequest(doctorID: other.doctorID, leaveID: entered.leaveID))
        _ = try await doctors.deleteDoctor(DeleteDoctorRequest(doctorID: other.doctorID, strategy: .cancel))
        return doctor
    }
}
