import BillingService
import Contracts
import FieldChecks
import HMSTestKit
import ProtobufJSON
import RPC
import ServiceKit
import Testing
import Vocabulary

/// POST /v1/imports/bills: bills of another system.
@Suite(.timeLimit(.minutes(10))) struct ImportTests {
    private static let billedAt = Instant(millisecondsSinceEpoch: 1_700_000_000_000)

    private func request(
        _ patientID: String, _ status: BillStatus = .open, _ change: (inout ImportBillRequest) -> Void = { _ in }
    ) -> ImportBillRequest {
        var request = ImportBillRequest(
            patientID: patientID, subtotal: 1_000, status: status, billedAt: ProtobufTimestamp(Self.billedAt))
        if status == .paid { request.paidAt = ProtobufTimestamp(Self.billedAt + .days(1)) }
        change(&request)
        return request
    }

    private func take(_ request: ImportBillRequest, _ hospital: BillingServiceUnderTest) async throws -> ImportBillResponse {
        try await hospital.client(.admin).importBill(request)
    }

    @Test func `an OPEN one is owed: it is marked, can be paid, counts as open, and nobody is told`() async throws {
        try await withBilling { hospital in
            let patient = hospital.appointments.patients.keep()
            let answer = try await take(request(patient.patientID), hospital)
            let bill = try #require(answer.bill)
            #expect(!answer.alreadyThere && bill.imported && bill.status == .open && bill.kind == .other && bill.currency == "INR")
            #expect(bill.amount == 1_050 && bill.tax == 50 && bill.appointmentID.isEmpty && bill.department.isEmpty)
            #expect(bill.createdAt?.instant == Self.billedAt && bill.descriptionValue == "Other")
            #expect(try await hospital.events().isEmpty)
            let open = try await hospital.asService.countOpenBills(CountOpenBillsRequest(patientID: patient.patientID))
            #expect(open.count == 1)
            _ = try await hospital.pay(bill)
            #expect(try await hospital.read(bill).status == .paid)
        }
    }

    @Test func `a PAID one is when it was paid, with the tax that it had there; a VOID one has a reason`() async throws {
        try await withBilling { hospital in
            let patientID = hospital.appointments.patients.keep().patientID
            let paid = try #require(try await take(request(patientID, .paid) { $0.tax = 180 }, hospital).bill)
            #expect(paid.status == .paid && paid.tax == 180 && paid.amount == 1_180 && paid.paidAt?.instant == Self.billedAt + .days(1))
            let void = try #require(try await take(request(patientID, .void) { $0.voidReason = "Twice" }, hospital).bill)
            #expect(void.status == .void && void.voidReason == "Twice")
            let untold = try #require(try await take(request(patientID, .void) { $0.subtotal = 7 }, hospital).bill)
            #expect(untold.voidReason == "Void in the system it comes from")
            await expectRefusal(.failedPrecondition, "BILL_PAID") { _ = try await hospital.void(paid) }
            #expect(try await hospital.events().isEmpty)
        }
    }

    typealias Change = @Sendable (inout ImportBillRequest) -> Void

    private static func wrong(_ field: String, _ change: @escaping Change) -> (String, Change) { (field, change) }

    static let wrongRequests = [
        wrong("status") { $0.status = .unspecified }, wrong("status") { $0.status = .refunded }, wrong("paid_at") { $0.status = .paid },
        wrong("paid_at") { $0.paidAt = ProtobufTimestamp(billedAt) }, wrong("void_reason") { $0.voidReason = "x" },
        wrong("kind") { $0.kind = .unrecognized(9) }, wrong("subtotal") { $0.subtotal = 0 },
        wrong("subtotal") { $0.subtotal = 1_000_000_000_001 }, wrong("tax") { $0.tax = -1 },
        wrong("tax") { ($0.subtotal, $0.tax) = (1_000_000_000_000, 50_000_000_001) }, wrong("billed_at") { $0.billedAt = nil },
        wrong("billed_at") { $0.billedAt = ProtobufTimestamp(Instant(millisecondsSinceEpoch: 4_000_000_000_000)) },
        wrong("source") { $0.sourceID = "1" }, wrong("source_id") { $0.source = "old" },
        wrong("source") { ($0.source, $0.sourceID) = ("two words", "1") },
        wrong("source_id") { ($0.source, $0.sourceID) = ("old", String(repeating: "x", count: 201)) },
    ]

    @Test(arguments: wrongRequests)
    func `what is missing, too much or does not go together is INVALID_ARGUMENT`(
        field: String, change: Change
    ) async throws {
        try await withBilling { hospital in
            let wrong = request(hospital.appointments.patients.keep().patientID, .open, change)
            let refusal = await refusal { _ = try await take(wrong, hospital) }
            #expect(refusal?.reason == "INVALID_ARGUMENT" && refusal?.violations.map(\.field) == [field])
        }
    }

    @Test(arguments: [(0, true), (1, false)])
    func `the largest amount is the largest that can be paid`(more: Int64, isTaken: Bool) async throws {
        try await withBilling { hospital in
            let largest = request(hospital.appointments.patients.keep().patientID) {
                ($0.subtotal, $0.tax) = (1_000_000_000_000, 50_000_000_000 + more)
            }
            let refusal = await refusal { _ = try await take(largest, hospital) }
            #expect((refusal == nil) == isTaken)
        }
    }

    @Test(arguments: [(-1, true), (0, true), (1, false)])
    func `a bill is made now or before`(milliseconds: Int64, isTaken: Bool) async throws {
        try await withBilling { hospital in
            let late = hospital.hospital.clock.now + .milliseconds(milliseconds)
            let wanted = request(hospital.appointments.patients.keep().patientID) { $0.billedAt = ProtobufTimestamp(late) }
            let refusal = await refusal { _ = try await take(wanted, hospital) }
            #expect((refusal == nil) == isTaken)
        }
    }

    @Test func `twice is once: by the source id, and by what it says where there is none`() async throws {
        try await withBilling { hospital in
            let patientID = hospital.appointments.patients.keep().patientID
            let first = try await take(request(patientID), hospital)
            let again = try await take(request(patientID), hospital)
            #expect(again.alreadyThere && again.bill == first.bill)
            let named = request(patientID) { ($0.source, $0.sourceID) = ("old", "INV-1") }
            let second = try await take(named, hospital)
            #expect(!second.alreadyThere && second.bill != first.bill)
            let bill = try #require(second.bill)
            _ = try await hospital.pay(bill)
            let third = try await take(named, hospital)
            #expect(third.alreadyThere && third.bill?.billID == bill.billID && third.bill?.status == .paid)
            let other = try await take(request(patientID) { $0.subtotal = 1_001 }, hospital)
            #expect(!other.alreadyThere)
        }
    }

    private static func other(_ change: @escaping Change) -> Change { change }

    static let others = [
        other { $0.subtotal = 1_001 }, other { $0.tax = 1 }, other { $0.kind = .consultation },
        other { $0.billedAt = ProtobufTimestamp(billedAt + .milliseconds(1)) },
    ]

    @Test(arguments: others.indices)
    func `a source id that means another bill is SOURCE_ID_TAKEN, and in another system it is free`(
        index: Int
    ) async throws {
        try await withBilling { hospital in
            let patientID = hospital.appointments.patients.keep().patientID
            let named = request(patientID) { ($0.source, $0.sourceID) = ("old", "INV-1") }
            let bill = try #require(try await take(named, hospital).bill)
            var other = named
            Self.others[index](&other)
            let refusal = await refusal { [other] in _ = try await take(other, hospital) }
            #expect(refusal?.reason == "SOURCE_ID_TAKEN" && refusal?.message.contains(bill.billID) == true)
            other.source = "older"
            #expect(try await take(other, hospital).alreadyThere == false)
        }
    }

    @Test func `GET bills finds it by its source and source id, and wants both`() async throws {
        try await withBilling { hospital in
            let patientID = hospital.appointments.patients.keep().patientID
            let named = request(patientID) { ($0.source, $0.sourceID) = ("old", "INV 1") }
            let bill = try #require(try await take(named, hospital).bill)
            _ = try await take(request(patientID) { ($0.source, $0.sourceID) = ("old", "INV 2") }, hospital)
            #expect(try await hospital.bills.listBills(ListBillsRequest(source: "old", sourceID: "INV 1")).bills == [bill])
            #expect(try await hospital.bills.listBills(ListBillsRequest(source: "new", sourceID: "INV 1")).bills.isEmpty)
            for half in [ListBillsRequest(source: "old"), ListBillsRequest(sourceID: "INV 1")] {
                await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await hospital.bills.listBills(half) }
            }
        }
    }

    @Test func `validate_only answers what would be, and stores nothing`() async throws {
        try await withBilling { hospital in
            let patientID = hospital.appointments.patients.keep().patientID
            let answer = try await take(request(patientID) { $0.validateOnly = true }, hospital)
            #expect(answer.bill?.amount == 1_050 && answer.bill?.billID.isEmpty == true && !answer.alreadyThere)
            #expect(try await hospital.bills.listBills(ListBillsRequest()).bills.isEmpty)
            let bill = try await take(request(patientID), hospital).bill
            let again = try await take(request(patientID) { $0.validateOnly = true }, hospital)
            #expect(again.alreadyThere && again.bill == bill)
        }
    }

    @Test func `a patient must be there, and ACTIVE where something is owed`() async throws {
        try await withBilling { hospital in
            let nobody = hospital.service.resources.ids.make(.patient)
            await expectRefusal(.notFound, "PATIENT_NOT_FOUND") { _ = try await take(request(nobody), hospital) }
            let gone = hospital.appointments.patients.keep(Patient(name: "Asha Rao", status: .inactive, version: 2)).patientID
            await expectRefusal(.failedPrecondition, "PATIENT_INACTIVE") { _ = try await take(request(gone), hospital) }
            for status in [BillStatus.paid, .void] {
                let wanted = request(gone, status) { $0.descriptionValue = status == .paid ? "A dressing" : "A certificate" }
                let bill = try #require(try await take(wanted, hospital).bill)
                #expect(bill.status == status)
            }
        }
    }

    @Test func `a patient who is about to be deleted gets no OPEN bill`() async throws {
        try await withBilling { hospital in
            let patientID = hospital.appointments.patients.keep().patientID
            _ = try await hospital.asService.holdBills(HoldBillsRequest(patientID: patientID))
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await take(request(patientID), hospital) }
            #expect(try await take(request(patientID, .paid), hospital).bill != nil)
        }
    }

    @Test func `an appointment must be there, and the patient's`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.completed)
            let unknown = hospital.service.resources.ids.make(.appointment)
            await expectRefusal(.notFound, "APPOINTMENT_NOT_FOUND") {
                _ = try await take(request(appointment.patientID) { $0.appointmentID = unknown }, hospital)
            }
            let other = hospital.appointments.patients.keep().patientID
            await expectRefusal(.outOfRange, "PATIENT_MISMATCH") {
                _ = try await take(request(other) { $0.appointmentID = appointment.appointmentID }, hospital)
            }
        }
    }

    @Test func `a visit that was booked here takes an OPEN consultation bill once, and completing finds it`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.scheduled)
            func wanted(_ status: BillStatus, _ kind: BillKind, subtotal: Int64 = 1_000) -> ImportBillRequest {
                request(appointment.patientID, status) {
                    ($0.appointmentID, $0.kind, $0.subtotal) = (appointment.appointmentID, kind, subtotal)
                }
            }
            await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await take(wanted(.paid, .consultation), hospital) }
            await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await take(wanted(.open, .noShowFee), hospital) }
            let bill = try #require(try await take(wanted(.open, .consultation), hospital).bill)
            #expect(bill.department == "Cardiology" && bill.descriptionValue == "Consultation")
            await expectRefusal(.failedPrecondition, "BILL_EXISTS") {
                _ = try await take(wanted(.open, .consultation, subtotal: 5), hospital)
            }
            try await hospital.tell("completed", appointment)
            #expect(try await hospital.bills(of: appointment) == [bill])
        }
    }

    @Test func `a visit that was cancelled here takes no consultation bill`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(.scheduled)
            try await hospital.tell("cancelled", appointment)
            let wanted = request(appointment.patientID) {
                ($0.appointmentID, $0.kind) = (appointment.appointmentID, .consultation)
            }
            await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await take(wanted, hospital) }
        }
    }

    @Test func `a visit of the past takes bills of every kind and state`() async throws {
        try await withBilling { hospital in
            var appointment = hospital.appointments.enter(.noShow)
            appointment.imported = true
            hospital.appointments.enter(appointment)
            for (kind, status) in [(BillKind.consultation, BillStatus.paid), (.noShowFee, .open), (.other, .void)] {
                let wanted = request(appointment.patientID, status) { [appointment] in
                    ($0.appointmentID, $0.kind) = (appointment.appointmentID, kind)
                }
                let bill = try #require(try await take(wanted, hospital).bill)
                #expect(bill.kind == kind)
            }
        }
    }

    @Test func `only an admin imports`() async throws {
        try await withBilling { hospital in
            let wanted = request(hospital.appointments.patients.keep().patientID)
            for role in [CallerRole.billing, .reception, .doctor, .service] {
                await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await hospital.client(role).importBill(wanted) }
            }
        }
    }

    @Test func `the report leaves it out unless it is asked for, but not what was paid here`() async throws {
        try await withBilling { hospital in
            let patientID = hospital.appointments.patients.keep().patientID
            _ = try await take(request(patientID, .paid), hospital)
            let open = try #require(try await take(request(patientID) { $0.descriptionValue = "A dressing" }, hospital).bill)
            _ = try await hospital.pay(open)
            let today = try hospital.hospital.configuration.clinic.calendar().day(of: hospital.hospital.clock.now).description
            func rows(from: String, to: String, _ withHistory: Bool) async throws -> [RevenueReportRow] {
                let request = ReportRevenueRequest(from: from, to: to, groupBy: .kind, includeHistory: withHistory)
                return try await hospital.bills.reportRevenue(request).rows
            }
            #expect(try await rows(from: "2023-11-01", to: "2023-11-30", false).isEmpty)
            #expect(
                try await rows(from: "2023-11-01", to: "2023-11-30", true) == [
                    RevenueReportRow(group: "OTHER", bills: 2, billed: 2_100, tax: 100, paid: 1_050, outstanding: 1_050)
                ])
            #expect(try await rows(from: today, to: today, false) == [RevenueReportRow(group: "OTHER", paid: 1_050)])
            #expect(try await rows(from: today, to: today, true) == [RevenueReportRow(group: "OTHER", paid: 1_050)])
        }
    }
}
