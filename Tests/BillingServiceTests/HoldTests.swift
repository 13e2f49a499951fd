import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// What the patient service asks before it commits that somebody is gone.
@Suite(.timeLimit(.minutes(10))) struct HoldTests {
    @Test func `while bills are held none is made by hand, with a time to come again, and others' are`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            let other = hospital.appointments.enter()
            #expect(try await hospital.hold(appointment) == 0)
            let refused = await refusal { _ = try await hospital.billOther(appointment, 100) }
            #expect(refused?.code == .unavailable && refused?.retryAfter == .seconds(1))
            _ = try await hospital.billOther(other, 100)
            #expect(try await hospital.bills(of: appointment).isEmpty)
        }
    }

    @Test func `where there are open bills nothing is held`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            let bill = try await hospital.billOther(appointment, 100)
            #expect(try await hospital.hold(appointment) == 1)
            _ = try await hospital.billOther(appointment, 100)
            #expect(try await hospital.hold(appointment) == 2)
            for bill in [bill] + (try await hospital.bills(of: appointment)) { _ = try await hospital.void(bill) }
            #expect(try await hospital.hold(appointment) == 0)
            #expect(try await hospital.hold(appointment) == 0, "Holding again holds longer")
        }
    }

    @Test func `whoever was deleted gets no bill by hand`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.completed)
            hospital.appointments.patients.keep(Patient(patientID: appointment.patientID, status: .inactive))
            for kind in [BillKind.consultation, .other] {
                let request = CreateBillRequest(
                    appointmentID: appointment.appointmentID, kind: kind, subtotal: kind == .other ? 100 : nil,
                    descriptionValue: kind == .other ? "X-ray" : "")
                await expectRefusal(.failedPrecondition, "PATIENT_INACTIVE") { _ = try await hospital.bills.createBill(request) }
            }
        }
    }

    @Test func `while the patient service does not answer no bill is made by hand`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            hospital.appointments.patients.failure = .unavailable("down")
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.billOther(appointment, 100) }
        }
    }

    @Test func `only services hold bills`() async throws {
        try await withBilling { hospital in
            let patientID = hospital.appointments.enter().patientID
            for role in CallerRole.allCases where role != .service {
                let client = try await hospital.client(role)
                await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                    _ = try await client.holdBills(HoldBillsRequest(patientID: patientID))
                }
            }
        }
    }
}

extension BillingServiceUnderTest {
    fileprivate func hold(_ appointment: Appointment) async throws -> Int32 {
        try await asService.holdBills(HoldBillsRequest(patientID: appointment.patientID)).open
    }
}
