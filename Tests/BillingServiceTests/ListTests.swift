import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Testing
import Vocabulary

/// GET /v1/bills, GET /v1/bills/{bill_id}, what other services ask, and who may.
@Suite(.timeLimit(.minutes(10))) struct ListTests {
    @Test func `GET bills: newest first, by patient, appointment and status, page by page`() async throws {
        try await withBilling { hospital in
            let (one, two) = (hospital.appointments.enter(), hospital.appointments.enter())
            let bills = [
                try await hospital.bill(one), try await hospital.void(try await hospital.billOther(one, 7)), try await hospital.bill(two),
            ]
            let reception = try await hospital.client(.reception)
            #expect(try await reception.listBills(ListBillsRequest()).bills == bills.reversed())
            #expect(try await reception.listBills(ListBillsRequest(patientID: two.patientID)).bills == [bills[2]])
            #expect(try await reception.listBills(ListBillsRequest(appointmentID: one.appointmentID)).bills == [bills[1], bills[0]])
            #expect(try await reception.listBills(ListBillsRequest(status: .void)).bills == [bills[1]])
            let first = try await reception.listBills(ListBillsRequest(pageSize: 2))
            #expect(first.bills == [bills[2], bills[1]])
            _ = try await hospital.billOther(two, 9)
            let last = try await reception.listBills(ListBillsRequest(pageSize: 2, pageToken: first.nextPageToken))
            #expect(last.bills == [bills[0]] && last.nextPageToken.isEmpty)
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") {
                _ = try await reception.listBills(ListBillsRequest(status: .open, pageToken: first.nextPageToken))
            }
        }
    }

    @Test func `GET bill: an unknown one is BILL_NOT_FOUND, to void too`() async throws {
        try await withBilling { hospital in
            let id = hospital.service.resources.ids.make(.bill)
            await expectRefusal(.notFound, "BILL_NOT_FOUND") { _ = try await hospital.bills.getBill(GetBillRequest(billID: id)) }
            await expectRefusal(.notFound, "BILL_NOT_FOUND") {
                _ = try await hospital.bills.voidBill(VoidBillRequest(billID: id, reason: "R"))
            }
        }
    }

    @Test func `only OPEN bills stand against a patient's deletion`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            let request = CountOpenBillsRequest(patientID: appointment.patientID)
            #expect(try await hospital.asService.countOpenBills(request).count == 0)
            let bill = try await hospital.bill(appointment)
            let other = try await hospital.billOther(appointment, 5)
            #expect(try await hospital.asService.countOpenBills(request).count == 2)
            _ = try await hospital.pay(bill)
            _ = try await hospital.void(other)
            #expect(try await hospital.asService.countOpenBills(request).count == 0)
        }
    }

    @Test func `who may: billing makes and voids, reception reads, doctors nothing, services reserve`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            let bill = try await hospital.bill(appointment)
            for role in [CallerRole.reception, .doctor] {
                let client = try await hospital.client(role)
                await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                    _ = try await client.createBill(CreateBillRequest(appointmentID: appointment.appointmentID, kind: .consultation))
                }
                await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                    _ = try await client.voidBill(VoidBillRequest(billID: bill.billID, reason: "R"))
                }
                await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                    _ = try await client.reportRevenue(ReportRevenueRequest(from: "2026-03-01", to: "2026-03-02", groupBy: .day))
                }
            }
            let doctor = try await hospital.client(.doctor)
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                _ = try await doctor.getBill(GetBillRequest(billID: bill.billID))
            }
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await doctor.listBills(ListBillsRequest()) }
            for role in [CallerRole.billing, .admin] {
                let client = try await hospital.client(role)
                #expect(try await client.getBill(GetBillRequest(billID: bill.billID)).bill == bill)
                await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                    let request = ReserveBillRequest(billID: bill.billID, paymentID: hospital.newPaymentID(), amount: bill.amount)
                    _ = try await client.reserveBill(request)
                }
            }
        }
    }
}
