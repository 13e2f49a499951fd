import Contracts
import FieldChecks
import HMSTestKit
import RPC
import Testing
import Vocabulary

/// Bills against the deletion of a patient, with the real services and relay, in every order in which their steps can meet:
/// nobody who is gone has an OPEN bill.
@Suite(.timeLimit(.minutes(5)))
struct BillRaceTests {
    @Test func `a visit of which billing has not heard refuses a deletion, and its bill does afterwards`() async throws {
        try await withGatedHospital { hospital in
            let pair = try await hospital.register()
            let gate = try hospital.way("appointment", to: "billing").close("DeliverEvents", .beforeCall)
            try await hospital.completeVisit(of: pair)
            await gate.isReached()
            #expect(await hospital.deletePatient(pair) == "UNAVAILABLE")
            #expect(try await hospital.isActive(pair))
            gate.open()
            #expect(try await hospital.answerToDeletion(of: pair) == "PATIENT_HAS_OPEN_BILLS")
            try await hospital.voidBills(of: pair)
            #expect(await hospital.deletePatient(pair) == "OK")
        }
    }

    @Test func `a visit that billing has heard of, but the appointment service does not know it, refuses by its bill`() async throws {
        try await withGatedHospital { hospital in
            let pair = try await hospital.register()
            let gate = try hospital.way("appointment", to: "billing").close("DeliverEvents", .afterAnswer)
            try await hospital.completeVisit(of: pair)
            await gate.isReached()
            #expect(await hospital.deletePatient(pair) == "PATIENT_HAS_OPEN_BILLS")
            // The bill is gone, but whether another is on its way is not known before the relay has heard of it.
            try await hospital.voidBills(of: pair)
            #expect(await hospital.deletePatient(pair) == "UNAVAILABLE")
            gate.open()
            #expect(try await hospital.answerToDeletion(of: pair) == "OK")
        }
    }

    /// Billing was asked before the visit ended: the answer is old, and it is asked again.
    @Test func `a visit that ends and is billed between the first question and the hold refuses a deletion`() async throws {
        try await withGatedHospital { hospital in
            let pair = try await hospital.register()
            _ = await hospital.book(pair)
            let gate = try hospital.way("patient", to: "appointment").close("HoldBookings", .beforeCall)
            async let deleted = hospital.deletePatient(pair)
            await gate.isReached()
            try await hospital.completeBookedVisit(of: pair)
            try await hospital.hasOpenBill(pair)
            gate.open()
            let answer = await deleted
            #expect(answer == "PATIENT_HAS_OPEN_BILLS" || answer == "UNAVAILABLE")
            #expect(try await hospital.isActive(pair))
        }
    }

    @Test func `a bill by hand that commits before bills are held refuses a deletion`() async throws {
        try await withGatedHospital { hospital in
            let (pair, appointment) = try await hospital.cancelledVisit()
            let gate = try hospital.way("patient", to: "billing").close("HoldBills", .beforeCall)
            async let deleted = hospital.deletePatient(pair)
            await gate.isReached()
            #expect(await hospital.billByHand(appointment) == "OK")
            gate.open()
            #expect(await deleted == "PATIENT_HAS_OPEN_BILLS")
            #expect(try await hospital.isActive(pair))
        }
    }

    @Test func `a bill by hand that comes while bills are held waits, and is refused by the rule afterwards`() async throws {
        try await withGatedHospital { hospital in
            let (pair, appointment) = try await hospital.cancelledVisit()
            let gate = try hospital.way("patient", to: "billing").close("HoldBills", .afterAnswer)
            async let deleted = hospital.deletePatient(pair)
            await gate.isReached()
            #expect(await hospital.billByHand(appointment) == "UNAVAILABLE")
            gate.open()
            #expect(await deleted == "OK")
            #expect(await hospital.billByHand(appointment) == "PATIENT_INACTIVE")
        }
    }

    @Test func `a bill by hand that has asked before and commits after a deletion meets the hold`() async throws {
        try await withGatedHospital { hospital in
            let (pair, appointment) = try await hospital.cancelledVisit()
            let gate = try hospital.way("billing", to: "patient").close("GetPatient", .afterAnswer)
            async let billed = hospital.billByHand(appointment)
            await gate.isReached()
            #expect(await hospital.deletePatient(pair) == "OK")
            gate.open()
            #expect(await billed == "UNAVAILABLE")
            #expect(try await hospital.openBills(of: pair).isEmpty)
        }
    }
}

extension GatedServices {
    /// Books a visit and completes it in its time.
    fileprivate func completeVisit(of pair: Pair) async throws {
        #expect(await book(pair) == "OK")
        try await completeBookedVisit(of: pair)
    }

    fileprivate func completeBookedVisit(of pair: Pair) async throws {
        hospital.clock.now = TestHospital.morning + .days(1)
        let appointment = try #require(try await list(pair).first)
        _ = try await appointments.completeAppointment(CompleteAppointmentRequest(appointmentID: appointment.appointmentID))
    }

    /// A visit that was cancelled for nothing: nothing stands against a deletion, and staff can bill something else for it.
    fileprivate func cancelledVisit() async throws -> (Pair, Appointment) {
        let pair = try await register()
        #expect(await book(pair) == "OK")
        let appointment = try #require(try await list(pair).first)
        let request = CancelAppointmentRequest(appointmentID: appointment.appointmentID, reason: "Travelling")
        _ = try await appointments.cancelAppointment(request)
        return (pair, appointment)
    }

    fileprivate func billByHand(_ appointment: Appointment) async -> String {
        await outcome {
            _ = try await bills.createBill(
                CreateBillRequest(
                    appointmentID: appointment.appointmentID, kind: .other, subtotal: 1_000, descriptionValue: "A certificate"))
        }
    }

    fileprivate func openBills(of pair: Pair) async throws -> [Bill] {
        try await bills.listBills(ListBillsRequest(patientID: pair.patientID, status: .open)).bills
    }

    /// Returns once there is one.
    fileprivate func hasOpenBill(_ pair: Pair) async throws {
        while try await openBills(of: pair).isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    }

    fileprivate func voidBills(of pair: Pair) async throws {
        for bill in try await openBills(of: pair) {
            _ = try await bills.voidBill(VoidBillRequest(billID: bill.billID, reason: "A mistake"))
        }
    }

    /// The first answer that is more than a request to come again.
    fileprivate func answerToDeletion(of pair: Pair) async throws -> String {
        while true {
            let answer = await deletePatient(pair)
            if answer != "UNAVAILABLE" { return answer }
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}
