import Contracts
import HMSTestKit
import ProtobufC
import RPC
import ServiceKit
import Vocabulary

/// Patients and doctors.
extension AccessMatrixTests {
    static let people: [String: AccessRow] = [
        "hms.patient.v1.PatientService/CreatePatient": .ofNobody("POSSIBLE_DUPLICATE") {
            try AccessRequest(CreatePatientRequest(name: $0.patientName, dob: "1980-01-01"))
        },
        "hms.patient.v1.PatientService/GetPatient": .ofWhoTreats(absent: "PATIENT_NOT_FOUND") {
            try AccessRequest(GetPatientRequest(patientID: $0.patient))
        },
        "hms.patient.v1.PatientService/ListPatients": .ofWhoTreats(absent: "OK") {
            try AccessRequest(ListPatientsRequest(query: $0.name))
        },
        "hms.patient.v1.PatientService/UpdatePatient": .ofAnybody(absent: "PATIENT_NOT_FOUND") {
            try AccessRequest(UpdatePatientRequest(patientID: $0.patient, patient: PatientChanges(name: $0.patientName)))
        },
        "hms.patient.v1.PatientService/DeletePatient": .ofAnybody("PATIENT_HAS_APPOINTMENTS", absent: "PATIENT_NOT_FOUND") {
            try AccessRequest(DeletePatientRequest(patientID: $0.patient))
        },
        "hms.patient.v1.PatientService/ForgetPatient": .ofAnybody("PATIENT_HAS_APPOINTMENTS", absent: "PATIENT_NOT_FOUND") {
            try AccessRequest(ForgetPatientRequest(patientID: $0.patient, reason: "Asked in writing"))
        },
        "hms.patient.v1.PatientService/ImportPatient": .ofNobody { _ in
            try AccessRequest(ImportPatientRequest(name: "Patient of old", dob: "1950-01-01", source: "old-desk", sourceID: "person-1"))
        },
        "hms.patient.v1.PatientService/ImportAllergy": .ofAnybody(absent: "PATIENT_NOT_FOUND") {
            try AccessRequest(ImportAllergyRequest(patientID: $0.patient, allergy: "Latex"))
        },
        "hms.patient.v1.PatientService/ExportPatients": .ofNobody { _ in try AccessRequest(ExportPatientsRequest()) },
    ]

    static let doctors: [String: AccessRow] = [
        "hms.doctor.v1.DoctorService/CreateDoctor": .ofNobody { _ in
            try AccessRequest(CreateDoctorRequest(name: "Doctor new", department: AccessScene.department, specialization: "All"))
        },
        "hms.doctor.v1.DoctorService/GetDoctor": .ofAnybody(absent: "DOCTOR_NOT_FOUND") {
            try AccessRequest(GetDoctorRequest(doctorID: $0.doctor))
        },
        "hms.doctor.v1.DoctorService/ListDoctors": .ofNobody { _ in try AccessRequest(ListDoctorsRequest()) },
        "hms.doctor.v1.DoctorService/UpdateDoctor": .ofAnybody(absent: "DOCTOR_NOT_FOUND") {
            try AccessRequest(UpdateDoctorRequest(doctorID: $0.doctor, doctor: DoctorChanges(specialization: "All")))
        },
        "hms.doctor.v1.DoctorService/DeleteDoctor": .ofAnybody("DOCTOR_HAS_APPOINTMENTS", absent: "DOCTOR_NOT_FOUND") {
            try AccessRequest(DeleteDoctorRequest(doctorID: $0.doctor))
        },
        "hms.doctor.v1.DoctorService/GetDoctorDepartment": .ofAnybody(absent: "DOCTOR_NOT_FOUND") {
            try AccessRequest(GetDoctorDepartmentRequest(doctorID: $0.doctor))
        },
        "hms.doctor.v1.DoctorService/SetDoctorSchedule": .ofItsDoctor(absent: "DOCTOR_NOT_FOUND", forDoctors: "PERMISSION_DENIED") {
            try AccessRequest(SetDoctorScheduleRequest(doctorID: $0.doctor, workingHours: AccessScene.hours))
        },
        "hms.doctor.v1.DoctorService/GetDoctorSchedule": .ofAnybody(absent: "DOCTOR_NOT_FOUND") {
            try AccessRequest(GetDoctorScheduleRequest(doctorID: $0.doctor))
        },
        "hms.doctor.v1.DoctorService/CreateLeave": .ofItsDoctor(
            "LEAVE_CONFLICT", absent: "DOCTOR_NOT_FOUND", forDoctors: "PERMISSION_DENIED"
        ) {
            try AccessRequest(
                CreateLeaveRequest(
                    doctorID: $0.doctor, start: ProtobufTimestamp($0.slot), end: ProtobufTimestamp($0.slot + .days(1)), reason: "Rest"))
        },
        "hms.doctor.v1.DoctorService/ListLeaves": .ofAnybody(absent: "DOCTOR_NOT_FOUND") {
            try AccessRequest(ListLeavesRequest(doctorID: $0.doctor))
        },
        "hms.doctor.v1.DoctorService/DeleteLeave": .ofItsDoctor(
            "LEAVE_NOT_FOUND", absent: "DOCTOR_NOT_FOUND", forDoctors: "PERMISSION_DENIED"
        ) {
            try AccessRequest(DeleteLeaveRequest(doctorID: $0.doctor, leaveID: "lev_00000000000000000000000000"))
        },
        "hms.doctor.v1.DoctorService/ImportDoctor": .ofNobody { _ in
            try AccessRequest(
                ImportDoctorRequest(
                    name: "Doctor of old", department: AccessScene.department, specialization: "All", source: "old-desk",
                    sourceID: "doctor-1"))
        },
        "hms.doctor.v1.DoctorService/ListAvailability": .ofNobody {
            try AccessRequest(
                ListAvailabilityRequest(
                    of: .doctorID($0.doctor), from: ProtobufTimestamp($0.now), to: ProtobufTimestamp($0.now + .days(1))))
        },
        "hms.doctor.v1.DoctorService/ExportDoctors": .ofNobody { _ in try AccessRequest(ExportDoctorsRequest()) },
        "hms.doctor.v1.DoctorService/ExportLeaves": .ofNobody { _ in try AccessRequest(ExportLeavesRequest()) },
    ]
}
