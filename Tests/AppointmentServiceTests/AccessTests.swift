import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Testing
import Vocabulary

/// Who may do what with an appointment: the roles of every endpoint, and that a doctor's are his own.
@Suite(.timeLimit(.minutes(10))) struct AccessTests {
    /// Every method about one appointment, with the roles that pass beside the administrator.
    static let methods: [(name: String, roles: Set<CallerRole>, call: @Sendable (AppointmentServiceClient, String) async throws -> Void)] =
        [
            (
                "GET /v1/appointments/{appointment_id}", [.reception, .billing, .doctor, .service],
                { _ = try await $0.getAppointment(GetAppointmentRequest(appointmentID: $1)) }
            ),
            (
                "GET /v1/appointments/{appointment_id}/history", [.reception, .doctor],
                { _ = try await $0.getAppointmentHistory(GetAppointmentHistoryRequest(appointmentID: $1)) }
            ),
            (
                "POST …/reschedule", [.reception],
                {
                    let start = ProtobufTimestamp(TestHospital.morning + .seconds(86_400))
                    _ = try await $0.rescheduleAppointment(RescheduleAppointmentRequest(appointmentID: $1, slotStart: start))
                }
            ),
            (
                "POST …/undo", [.reception],
                { _ = try await $0.undoStep(UndoStepRequest(appointmentID: $1, reason: "A mistake")) }
            ),
            ("POST …/check-in", [.reception], { _ = try await $0.checkInAppointment(CheckInAppointmentRequest(appointmentID: $1)) }),
            ("POST …/complete", [.doctor], { _ = try await $0.completeAppointment(CompleteAppointmentRequest(appointmentID: $1)) }),
            ("POST …/no-show", [.reception, .doctor], { _ = try await $0.markNoShow(MarkNoShowRequest(appointmentID: $1)) }),
            (
                "POST …/cancel", [.reception, .doctor],
                { _ = try await $0.cancelAppointment(CancelAppointmentRequest(appointmentID: $1, reason: "Travelling")) }
            ),
        ]

    @Test(arguments: methods.indices)
    func `a method is for the roles that the design names`(index: Int) async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            let (name, roles, call) = Self.methods[index]
            for role in CallerRole.allCases {
                let client = try await hospital.client(role, subject: role == .doctor ? appointment.doctorID : nil)
                let refused = await outcome { try await call(client, appointment.appointmentID) } == "PERMISSION_DENIED"
                #expect(refused == !(roles.contains(role) || role == .admin), "\(name) by \(role)")
            }
        }
    }

    @Test(arguments: methods.indices)
    func `another doctor is refused, and changes nothing`(index: Int) async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T09:45:00+05:30")
            let colleague = try await hospital.client(.doctor, subject: hospital.doctors.keep().doctorID)
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                try await Self.methods[index].call(colleague, appointment.appointmentID)
            }
            #expect(try await hospital.read(appointment) == appointment)
        }
    }

    @Test func `a doctor lists his own appointments, named or not, and nobody else's`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            _ = try await hospital.book()
            let doctor = try await hospital.client(.doctor, subject: appointment.doctorID)
            let his = ListAppointmentsRequest(doctorID: appointment.doctorID)
            #expect(try await doctor.listAppointments(his).appointments == [appointment])
            #expect(try await doctor.listAppointments(ListAppointmentsRequest()).appointments == [appointment])
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                _ = try await doctor.listAppointments(ListAppointmentsRequest(doctorID: ""))
            }
            let others = ListAppointmentsRequest(doctorID: hospital.doctors.keep().doctorID)
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await doctor.listAppointments(others) }
        }
    }

    @Test(
        arguments: [
            (CallerRole.reception, true, true, true, false), (.doctor, true, true, false, false), (.billing, false, true, true, false),
            (.admin, true, true, true, true), (.service, false, false, false, false),
        ])
    func `lists, slots, reports and imports are for the roles that the design names`(
        role: CallerRole, slots: Bool, lists: Bool, reports: Bool, imports: Bool
    ) async throws {
        try await withAppointments { hospital in
            let client = try await hospital.client(role)
            func isAllowed(_ call: () async throws -> Void) async -> Bool { await outcome(call) != "PERMISSION_DENIED" }
            let days = ("2026-03-03", "2026-03-03")
            #expect(
                await isAllowed { _ = try await client.listSlots(ListSlotsRequest(department: "A", from: days.0, to: days.1)) } == slots)
            #expect(await isAllowed { _ = try await client.listAppointments(ListAppointmentsRequest()) } == lists)
            let report = ReportAppointmentsRequest(from: days.0, to: days.1, groupBy: .day)
            #expect(await isAllowed { _ = try await client.reportAppointments(report) } == reports)
            let history = ImportAppointmentRequest(
                patientID: hospital.patients.keep().patientID, doctorID: hospital.doctors.keep().doctorID,
                slotStart: ProtobufTimestamp(TestHospital.morning))
            #expect(await isAllowed { _ = try await client.importAppointment(history) } == imports)
        }
    }
}
