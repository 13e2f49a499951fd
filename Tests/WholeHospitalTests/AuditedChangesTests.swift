import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// What the audit says of changes: which fields, and never what they hold.
@Suite(.timeLimit(.minutes(10))) struct AuditedChangesTests {
    /// Changes of no field of a record.
    private static let withoutFields: Set = ["HoldBookings", "HoldBills"]

    @Test func `every change is kept with the names of the fields that it has changed`() async throws {
        try await WholeHospital.run(configure: { $0.audit = .changes }) { whole async throws in
            let scene = try await AccessScene.make(in: whole)
            try await Self.changeMore(scene.own, in: whole)
            var changes: [String: [AuditEntry]] = [:]
            for service in Settings.services {
                for entry in try await whole.auditEntries(of: service) where entry.kind == .change {
                    changes[entry.method.split(separator: "/").last.map(String.init) ?? "", default: []].append(entry)
                }
            }
            for (method, entries) in changes where !Self.withoutFields.contains(method) {
                for entry in entries { #expect(!entry.fields.isEmpty, "\(method): \(entry)") }
            }
            let names = changes.values.joined().flatMap(\.fields)
            for name in names { #expect(name.wholeMatch(of: /[a-z]+(_[a-z]+)*/) != nil, "\(name)") }
            for (method, fields) in Self.expected {
                #expect(
                    changes[method]?.map { $0.fields.joined(separator: " ") }.contains(fields) == true,
                    "\(method): \(changes[method] ?? [])")
            }
            #expect(changes["CreatePayment"]?.map(\.result) == ["BEGUN", "OK", "BEGUN", "OK"])
        }
    }

    private static let expected = [
        "CreatePatient": "dob email name patient_id status", "UpdatePatient": "phone",
        "CreateDoctor": "department doctor_id name specialization status", "UpdateDoctor": "specialization",
        "SetDoctorSchedule": "working_hours", "CreateLeave": "doctor_id end leave_id reason start", "DeleteLeave": "removed_at",
        "BookAppointment":
            "appointment_id consultation_fee department doctor_id patient_id slot_end slot_start status",
        "CancelAppointment": "cancel_reason cancelled_by fee_percent status",
        "RescheduleAppointment": "reschedule_count slot_end slot_start",
        "VoidBill": "status void_reason", "ReserveBill": "reserved_by", "SettleBill": "paid_at status",
        "CreatePayment": "paid_at status", "CancelPrescription": "cancel_reason status", "ImportAllergy": "allergies",
    ]

    /// What making the scene has not changed.
    private static func changeMore(_ records: AccessRecords, in whole: WholeHospital) async throws {
        let options = try await whole.options()
        let patients = PatientServiceClient(whole.channel(to: "patient"))
        _ = try await patients.updatePatient(
            UpdatePatientRequest(patientID: records.patient, patient: PatientChanges(phone: "+91 98450 00000")), options)
        _ = try await patients.importAllergy(ImportAllergyRequest(patientID: records.patient, allergy: "Latex"), options)
        let doctors = DoctorServiceClient(whole.channel(to: "doctor"))
        _ = try await doctors.updateDoctor(
            UpdateDoctorRequest(doctorID: records.doctor, doctor: DoctorChanges(specialization: "Valves")), options)
        let (start, end) = (records.now + .days(30), records.now + .days(31))
        let leave = CreateLeaveRequest(
            doctorID: records.doctor, start: ProtobufTimestamp(start), end: ProtobufTimestamp(end), reason: "Rest")
        let entered = try #require(try await doctors.createLeave(leave, options).leave)
        _ = try await doctors.deleteLeave(DeleteLeaveRequest(doctorID: records.doctor, leaveID: entered.leaveID), options)
        let moved = RescheduleAppointmentRequest(
            appointmentID: records.appointment, slotStart: ProtobufTimestamp(records.slot + .seconds(5_400)))
        _ = try await AppointmentServiceClient(whole.channel(to: "appointment")).rescheduleAppointment(moved, options)
    }
}
