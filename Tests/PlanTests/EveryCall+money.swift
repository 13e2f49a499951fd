import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing
import Vocabulary

/// Everything that can be asked of the billing, the payment and the notification service.
extension BusyHospital {
    /// Pays, voids, gives back, and asks for bills and payments in every way.
    func askOfMoney(_ visits: [Appointment], _ patient: Patient, _ doctor: Doctor) async throws {
        let billing = BillingServiceClient(try await way(to: "billing"))
        func bills(of appointment: Appointment) async throws -> [Bill] {
            try await billing.listBills(ListBillsRequest(appointmentID: appointment.appointmentID)).bills
        }
        try await eventually { try await bills(of: visits[1]).count == 1 }
        let bill = try #require(try await bills(of: visits[0]).first)
        let payment = try await pay(bill, key: "pay-1")
        try await giveBack(100, of: payment)
        let other = CreateBillRequest(
            appointmentID: visits[0].appointmentID, kind: .other, subtotal: 1_000, descriptionValue: "A certificate")
        let certificate = try #require(try await billing.createBill(other).bill)
        _ = try await billing.voidBill(VoidBillRequest(billID: certificate.billID, reason: "A mistake"))
        _ = try await billing.getBill(GetBillRequest(billID: bill.billID))
        try await cancelPrepaid(patient, doctor, billing)
        try await takeOver(bill, billing)
        let lists = everyChoice(
            of: [
                { $0.patientID = bill.patientID }, { $0.appointmentID = bill.appointmentID }, { $0.status = .open },
            ], from: ListBillsRequest())
        for list in lists { _ = try await billing.listBills(list) }
        for grouping in [RevenueGrouping.day, .kind, .department] {
            for includeHistory in [false, true] {
                _ = try await billing.reportRevenue(
                    ReportRevenueRequest(from: "2026-03-01", to: "2026-03-31", groupBy: grouping, includeHistory: includeHistory))
            }
        }
        try await list(payment)
    }

    private func pay(_ bill: Bill, key: String) async throws -> Payment {
        let request = CreatePaymentRequest(billID: bill.billID, amount: bill.amount, method: .cash)
        return try #require(try await PaymentServiceClient(way(to: "payment", key: key)).createPayment(request).payment)
    }

    private func giveBack(_ amount: Int64, of payment: Payment) async throws {
        let request = CreateRefundRequest(paymentID: payment.paymentID, amount: amount, reason: "Goodwill")
        _ = try await PaymentServiceClient(way(to: "payment", key: "refund-1")).createRefund(request)
    }

    /// A visit that was paid in advance and is cancelled: the payment is given back by itself.
    private func cancelPrepaid(_ patient: Patient, _ doctor: Doctor, _ billing: BillingServiceClient) async throws {
        let appointment = try await book(patient, with: doctor, at: hospital.clock.now + .days(2) - .seconds(900))
        let request = CreateBillRequest(appointmentID: appointment.appointmentID, kind: .consultation)
        let bill = try #require(try await billing.createBill(request).bill)
        _ = try await pay(bill, key: "pay-2")
        _ = try await AppointmentServiceClient(way(to: "appointment")).cancelAppointment(
            CancelAppointmentRequest(appointmentID: appointment.appointmentID, reason: "Travelling"))
        try await eventually { try await billing.getBill(GetBillRequest(billID: bill.billID)).bill?.status == .refunded }
    }

    /// A bill and its payment of the past, twice, with a source's id and without one.
    private func takeOver(_ bill: Bill, _ billing: BillingServiceClient) async throws {
        let payments = PaymentServiceClient(try await way(to: "payment"))
        let past = ProtobufTimestamp(hospital.clock.now - .days(30))
        for sourceID in ["4711", nil] {
            let source = sourceID.map { _ in "old-desk" }
            let owed = ImportBillRequest(
                patientID: bill.patientID, kind: .other, descriptionValue: "A dressing", subtotal: 1_000, status: .open, billedAt: past,
                source: source, sourceID: sourceID)
            for _ in 0..<2 {
                let taken = try #require(try await billing.importBill(owed).bill)
                _ = try await payments.importPayment(
                    ImportPaymentRequest(
                        billID: taken.billID, amount: taken.amount, method: .cash, paidAt: past, source: source, sourceID: sourceID))
            }
        }
        _ = try await billing.listBills(ListBillsRequest(source: "old-desk", sourceID: "4711"))
    }

    private func list(_ payment: Payment) async throws {
        let payments = PaymentServiceClient(try await way(to: "payment"))
        _ = try await payments.getPayment(GetPaymentRequest(paymentID: payment.paymentID))
        _ = try await payments.listRefunds(ListRefundsRequest(paymentID: payment.paymentID))
        let lists = everyChoice(
            of: [{ $0.billID = payment.billID }, { $0.patientID = payment.patientID }, { $0.status = .captured }],
            from: ListPaymentsRequest())
        for list in lists { _ = try await payments.listPayments(list) }
    }

    func askOfNotifications(_ patient: Patient) async throws {
        let notifications = NotificationServiceClient(try await way(to: "notification"))
        let request = SendNotificationRequest(recipientID: patient.patientID, channel: .email, message: "Please call us.")
        let sent = try #require(try await notifications.sendNotification(request).notification)
        try await eventually {
            try await notifications.getNotification(GetNotificationRequest(notificationID: sent.notificationID)).notification?.status
                == .sent
        }
        try await askOfWebhooks(notifications)
        for status in [NotificationStatus.unspecified, .sent, .failed] {
            let lists = everyChoice(
                of: [
                    { $0.recipientID = patient.patientID }, { $0.eventType = "appointment.booked" }, { $0.channel = .email },
                ], from: ListNotificationsRequest(status: status))
            for list in lists { _ = try await notifications.listNotifications(list) }
        }
    }

    /// To nowhere: what it is told fails, and is told again.
    private func askOfWebhooks(_ notifications: NotificationServiceClient) async throws {
        let request = CreateWebhookRequest(url: "https://127.0.0.1:1/", eventTypes: ["appointment.booked"])
        let webhook = try #require(try await notifications.createWebhook(request).webhook).webhookID
        _ = try await notifications.getWebhook(GetWebhookRequest(webhookID: webhook))
        for token in ["", try await notifications.listWebhooks(ListWebhooksRequest(pageSize: 1)).nextPageToken] {
            _ = try await notifications.listWebhooks(ListWebhooksRequest(pageToken: token))
        }
        for status in [NotificationStatus.unspecified, .failed] {
            _ = try await notifications.listWebhookDeliveries(ListWebhookDeliveriesRequest(webhookID: webhook, status: status))
        }
        _ = try await notifications.replayWebhook(ReplayWebhookRequest(webhookID: webhook))
        let first = try await notifications.listEvents(ListEventsRequest(pageSize: 1))
        for after in [nil, try #require(first.events.first).eventID] {
            for type in ["appointment.booked", nil] {
                for since in [ProtobufTimestamp(TestHospital.morning), nil] {
                    _ = try await notifications.listEvents(ListEventsRequest(after: after, eventType: type, since: since))
                }
            }
        }
        _ = try await notifications.listEvents(ListEventsRequest(pageSize: 1, pageToken: first.nextPageToken))
        _ = try await notifications.deleteWebhook(DeleteWebhookRequest(webhookID: webhook))
    }
}
