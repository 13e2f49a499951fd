import Contracts
import FieldChecks
import HMSTestKit
import ProtobufJSON
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// Billing rules 1 to 5, as events and staff make bills.
@Suite(.timeLimit(.minutes(10))) struct CompletionTests {
    @Test func `billing rule 4: completing an appointment makes its bill, with the fee, the tax and the patient`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.completed, fee: 50_010)
            try await hospital.tell("completed", appointment)
            let bill = try #require(try await hospital.bills(of: appointment).first)
            #expect(bill.kind == .consultation && bill.status == .open && bill.currency == "INR" && bill.version == 1)
            #expect(bill.subtotal == 50_010 && bill.tax == 2_501 && bill.amount == 52_511)
            #expect(bill.patientID == appointment.patientID && bill.department == "Cardiology")
            let created = try #require(try await hospital.events().first)
            #expect(created.eventType == "bill.created" && created.aggregateID == bill.billID && created.correlationID == "corr-1")
        }
    }

    @Test func `billing rule 4: the bill exists once, however often the event arrives`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.completed)
            let event = try await hospital.tell("completed", appointment)
            for _ in 1...3 { try await hospital.courier.deliver([event, event], of: "appointment", to: hospital.service) }
            try await hospital.tell("completed", appointment)
            #expect(try await hospital.bills(of: appointment).count == 1)
            #expect(try await hospital.events().count == 1)
        }
    }

    @Test func `billing rule 5: a bill made in advance is the one that completing finds`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.scheduled)
            let advance = try await hospital.bill(appointment)
            try await hospital.tell("completed", appointment)
            #expect(try await hospital.bills(of: appointment) == [advance])
        }
    }

    @Test(arguments: [AppointmentStatus.scheduled, .checkedIn, .completed])
    func `billing rule 5: staff can bill an appointment that takes place`(status: AppointmentStatus) async throws {
        try await withBilling { hospital in
            let bill = try await hospital.bill(hospital.appointments.enter(status, fee: 30))
            #expect(bill.subtotal == 30 && bill.tax == 2 && bill.descriptionValue == "Consultation")
        }
    }

    @Test(arguments: [AppointmentStatus.cancelled, .noShow])
    func `POST bills: a consultation that does not take place is INVALID_STATE`(status: AppointmentStatus) async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(status)
            await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await hospital.bill(appointment) }
        }
    }

    @Test func `POST bills: what billing has heard of a cancellation counts, whatever the appointment service still says`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.scheduled)
            try await hospital.tell("cancelled", appointment)
            await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await hospital.bill(appointment) }
        }
    }

    @Test func `billing rule 3: of 64 who bill a consultation at once one does, the others get BILL_EXISTS`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.scheduled)
            let seen = await outcomes(of: 64) { _ in _ = try await hospital.bill(appointment) }
            let bills = try await hospital.bills(of: appointment)
            #expect(seen == ["OK": 1, "BILL_EXISTS": 63] && bills.count == 1, "\(seen)")
        }
    }

    @Test func `billing rule 3: OTHER may repeat, on any appointment`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.cancelled)
            let first = try await hospital.billOther(appointment, 1)
            let second = try await hospital.billOther(appointment, 1_000_000_000_000, "Room")
            #expect(first.amount == 1 && second.amount == 1_050_000_000_000)
            #expect(try await hospital.bills(of: appointment) == [first, second])
        }
    }

    @Test(
        arguments: [
            (CreateBillRequest(kind: .other), ["subtotal", "description"]),
            (CreateBillRequest(kind: .other, subtotal: 5), ["description"]),
            (CreateBillRequest(kind: .other, subtotal: 0, descriptionValue: "X"), ["subtotal"]),
            (CreateBillRequest(kind: .other, subtotal: 1_000_000_000_001, descriptionValue: "X"), ["subtotal"]),
            (CreateBillRequest(kind: .consultation, subtotal: 5), ["subtotal"]), (CreateBillRequest(kind: .noShowFee), ["kind"]),
            (CreateBillRequest(kind: .cancellationFee), ["kind"]), (CreateBillRequest(), ["kind"]),
        ] as [(CreateBillRequest, [String])])
    func `POST bills: every field that does not fit is named`(request: CreateBillRequest, fields: [String]) async throws {
        try await withBilling { hospital in
            var request = request
            request.appointmentID = hospital.appointments.enter().appointmentID
            let refusal = await refusal { _ = try await hospital.bills.createBill(request) }
            #expect(refusal?.reason == "INVALID_ARGUMENT")
            #expect(refusal?.violations.map(\.field) == fields)
        }
    }

    @Test func `POST bills: an unknown appointment is APPOINTMENT_NOT_FOUND, a silent appointment service 503`() async throws {
        try await withBilling { hospital in
            var unknown = hospital.appointments.enter()
            unknown.appointmentID = hospital.service.resources.ids.make(.appointment)
            await expectRefusal(.notFound, "APPOINTMENT_NOT_FOUND") { [unknown] in _ = try await hospital.bill(unknown) }
            let appointment = hospital.appointments.enter()
            hospital.appointments.failure = .unavailable("down")
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.bill(appointment) }
        }
    }

    @Test func `POST bills: the same key makes one bill, and another request under it is refused`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            let client = try await hospital.client(.billing, idempotencyKey: "k-1")
            let request = CreateBillRequest(appointmentID: appointment.appointmentID, kind: .other, subtotal: 7, descriptionValue: "X")
            let first = try await client.createBill(request)
            #expect(try await client.createBill(request) == first)
            #expect(try await hospital.bills(of: appointment).count == 1)
            var other = request
            other.subtotal = 8
            await expectRefusal(.outOfRange, "IDEMPOTENCY_KEY_REUSED") { [other] in _ = try await client.createBill(other) }
        }
    }

    @Test func `an event that cannot be billed is refused, and stores nothing`() async throws {
        try await withBilling { hospital in
            let free = hospital.appointments.enter(.completed, fee: 0)
            await #expect(throws: RPCError.self) { try await hospital.tell("completed", free) }
            await #expect(throws: RPCError.self) { try await hospital.tell("dreamt", hospital.appointments.enter()) }
            let bills = try await hospital.bills.listBills(ListBillsRequest()).bills
            #expect(bills.isEmpty)
        }
    }

    @Test(
        arguments: [
            ("tax = tax + 1, amount = amount + 1", "tax_is_five_percent_half_up"), ("amount = amount + 1", "amount_is_subtotal_and_tax"),
            ("status = 'PAID', paid_at = 1, ended_at = 1", "paid_bills_have_a_payment"),
            ("status = 'VOID'", "void_bills_have_a_reason"),
            ("amount_refunded = 1", "refunds_are_in_the_status"),
        ])
    func `billing rules 2 and 6: the schema keeps every bill exact`(change: String, constraint: String) async throws {
        try await withBilling { hospital in
            _ = try await hospital.bill(hospital.appointments.enter())
            await #expect(throws: StorageError.checkViolation(name: constraint)) {
                try await hospital.service.resources.database.write { try $0.execute("UPDATE bills SET \(change)") }
            }
        }
    }
}
