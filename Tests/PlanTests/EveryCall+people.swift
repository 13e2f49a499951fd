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
            of: [{ $0.query = "patient" }, { $0.email = "p1@example.org" }, { $0.phone = "+919876543211" }, { $0.status = .active }],
            from: ListPatientsRequest())
        for list in lists { _ = try await patients.listPatients(list) }
        _ = try await patients.listPatients(ListPatientsRequest(query: "patient", status: .inactive))
        let renamed = PatientChanges(name: "Asha Rao")
        _ = try await patients.updatePatient(UpdatePatientRequest(patientID: registered[1].patientID, patient: renamed))
        let moved = PatientChanges(email: "new@example.org")
        _ = try await patients.updatePatient(UpdatePatientRequest(patientID: registered[1].patientID, patient: moved))
        _ = try await patients.deletePatient(DeletePatientRequest(patientID: registered[69].patientID))
        return registered
    }

    /// - Returns: a doctor who works, of Cardiology.
    func askOfDoctors() async throws -> Doctor {
        let doctors = DoctorServiceClient(try await way(to: "doctor"))
        let request = CreateDoctorRequest(
            name: "Nadia Iyer", email: "d@example.org", department: "Cardiology", specialization: "Surgery", consultationFee: 50_000)
        let doctor = try #require(try await doctors.createDoctor(request).doctor)
        let other = try #require(try await doctors.createDoctor(request).doctor)
        _ = try await doctors.getDoctor(GetDoctorRequest(doctorID: doctor.doctorID))
        _ = try await doctors.updateDoctor(UpdateDoctorRequest(doctorID: doctor.doctorID, doctor: DoctorChanges(phone: "+919876543210")))
        let lists = everyChoice(
            of: [{ $0.department = "cardiology" }, { $0.specialization = "surgery" }, { $0.query = "nadia" }, { $0.status = .active }],
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
