import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// Billing rules 3 and 5: a VOID bill stands in nobody's way, and leaves no visit unbilled.
@Suite(.timeLimit(.minutes(10))) struct VoidConsultationTests {
    private static let hour = Duration.seconds(3_600)

    /// Tells that an appointment was completed some milliseconds from now.
    private func complete(_ appointment: Appointment, in milliseconds: Int64 = 0, at hospital: BillingServiceUnderTest) async throws {
        let message = AppointmentChanged(
            appointmentID: appointment.appointmentID, patientID: appointment.patientID, department: appointment.department,
            consultationFee: appointment.consultationFee,
            changedAt: ProtobufTimestamp(hospital.hospital.clock.now + .milliseconds(milliseconds)))
        try await hospital.courier.tell(hospital.service, "appointment.completed", of: appointment.appointmentID, message)
    }

    @Test func `a bill in advance that was made void leaves no visit unbilled: completing makes another`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.scheduled)
            let void = try await hospital.void(try await hospital.bill(appointment))
            hospital.hospital.clock.advance(by: Self.hour)
            let event = try await hospital.tell("completed", appointment)
            for _ in 1...2 { try await hospital.courier.deliver([event], of: "appointment", to: hospital.service) }
            let bills = try await hospital.bills(of: appointment)
            #expect(bills.map(\.status) == [.void, .open] && bills.first == void)
        }
    }

    /// The void may be before the completion, at its very moment, or after it, while the event was still on its way.
    @Test(arguments: [(1, [.void, .open]), (0, [.void, .open]), (-1, [.void])] as [(Int64, [BillStatus])])
    func `void and completion race: what was first decides, not what billing heard first`(
        milliseconds: Int64, statuses: [BillStatus]
    ) async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.scheduled)
            _ = try await hospital.void(try await hospital.bill(appointment))
            for _ in 1...2 { try await complete(appointment, in: milliseconds, at: hospital) }
            #expect(try await hospital.bills(of: appointment).map(\.status) == statuses)
        }
    }

    @Test func `a bill that was made void after the visit is not made again by itself, but by hand it can be, once`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.completed)
            try await hospital.tell("completed", appointment)
            hospital.hospital.clock.advance(by: Self.hour)
            _ = try await hospital.void(try #require(try await hospital.bills(of: appointment).first))
            try await complete(appointment, in: -3_600_000, at: hospital)
            #expect(try await hospital.bills(of: appointment).map(\.status) == [.void])
            let again = try await hospital.bill(appointment)
            #expect(again.status == .open && again.amount == 52_500)
            await expectRefusal(.failedPrecondition, "BILL_EXISTS") { _ = try await hospital.bill(appointment) }
        }
    }

    @Test func `of 64 who bill a consultation again at once one does`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.scheduled)
            _ = try await hospital.void(try await hospital.bill(appointment))
            let seen = await outcomes(of: 64) { _ in _ = try await hospital.bill(appointment) }
            #expect(seen == ["OK": 1, "BILL_EXISTS": 63])
        }
    }

    @Test func `a bill made by hand before the event of the visit arrives is the one that completing finds`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.completed)
            _ = try await hospital.void(try await hospital.bill(appointment))
            let mine = try await hospital.bill(appointment)
            try await complete(appointment, in: 60_000, at: hospital)
            let bills = try await hospital.bills(of: appointment)
            #expect(bills.map(\.status) == [.void, .open] && bills.last == mine)
        }
    }

    @Test func `the schema keeps a second bill of a kind out, but not beside a VOID one`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.scheduled)
            _ = try await hospital.void(try await hospital.bill(appointment))
            _ = try await hospital.bill(appointment)
            await #expect(throws: StorageError.self) {
                try await hospital.service.resources.database.write {
                    try $0.execute("UPDATE bills SET status = 'OPEN', void_reason = NULL, ended_at = NULL")
                }
            }
        }
    }

    @Test func `a cancelled visit's second bill becomes VOID too, and its fee is billed once`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.scheduled)
            _ = try await hospital.void(try await hospital.bill(appointment))
            _ = try await hospital.bill(appointment)
            for _ in 1...2 { try await hospital.tell("cancelled", appointment, feePercent: 50) }
            let bills = try await hospital.bills(of: appointment)
            #expect(bills.map(\.status) == [.void, .void, .open])
            #expect(bills.map(\.kind) == [.consultation, .consultation, .cancellationFee])
        }
    }
}
