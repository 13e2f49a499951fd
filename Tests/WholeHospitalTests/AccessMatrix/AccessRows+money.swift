import Contracts
import ProtobufC
import RPC
import ServiceKit
import Vocabulary

/// Bills and payments. Doctors have no part in them.
extension AccessMatrixTests {
    private static let noPayment = "pay_00000000000000000000000000"

    static let money: [String: AccessRow] = [
        "hms.billing.v1.BillingService/CreateBill": .ofAnybody("BILL_EXISTS", absent: "APPOINTMENT_NOT_FOUND") {
            try AccessRequest(CreateBillRequest(appointmentID: $0.appointment, kind: .consultation))
        },
        "hms.billing.v1.BillingService/GetBill": .ofAnybody(absent: "BILL_NOT_FOUND") {
            try AccessRequest(GetBillRequest(billID: $0.bill))
        },
        "hms.billing.v1.BillingService/ListBills": .ofAnybody(absent: "OK") { try AccessRequest(ListBillsRequest(patientID: $0.patient)) },
        "hms.billing.v1.BillingService/VoidBill": .ofAnybody(absent: "BILL_NOT_FOUND") {
            try AccessRequest(VoidBillRequest(billID: $0.voidBill, reason: "A mistake"))
        },
        "hms.billing.v1.BillingService/ImportBill": .ofAnybody(absent: "PATIENT_NOT_FOUND") {
            try AccessRequest(
                ImportBillRequest(
                    patientID: $0.patient, kind: .other, descriptionValue: "A dressing", subtotal: 1_000, status: .open,
                    billedAt: ProtobufTimestamp($0.lastWeek), source: "old-desk", sourceID: "bill-\($0.name)"))
        },
        "hms.billing.v1.BillingService/ReportRevenue": .ofNobody { _ in
            try AccessRequest(ReportRevenueRequest(from: "2026-03-01", to: "2026-03-31", groupBy: .kind))
        },
        "hms.billing.v1.BillingService/CountOpenBills": .ofAnybody(absent: "OK") {
            try AccessRequest(CountOpenBillsRequest(patientID: $0.patient))
        },
        "hms.billing.v1.BillingService/HoldBills": .ofAnybody(absent: "OK") { try AccessRequest(HoldBillsRequest(patientID: $0.patient)) },
        "hms.billing.v1.BillingService/ReserveBill": .ofAnybody("BILL_VOID", absent: "BILL_NOT_FOUND") {
            try AccessRequest(ReserveBillRequest(billID: $0.voidBill, paymentID: noPayment, amount: 1_050))
        },
        "hms.billing.v1.BillingService/SettleBill": .ofAnybody("BILL_VOID", absent: "BILL_NOT_FOUND") {
            try AccessRequest(SettleBillRequest(billID: $0.voidBill, paymentID: noPayment, paidAt: ProtobufTimestamp($0.now)))
        },
        "hms.billing.v1.BillingService/ReleaseBill": .ofAnybody(absent: "BILL_NOT_FOUND") {
            try AccessRequest(ReleaseBillRequest(billID: $0.voidBill, paymentID: noPayment))
        },
        "hms.billing.v1.BillingService/ExportBills": .ofNobody { _ in try AccessRequest(ExportBillsRequest()) },
        "hms.payment.v1.PaymentService/CreatePayment": .ofAnybody("AMOUNT_MISMATCH", absent: "BILL_NOT_FOUND") {
            try AccessRequest(CreatePaymentRequest(billID: $0.bill, amount: 1, method: .cash))
        },
        "hms.payment.v1.PaymentService/GetPayment": .ofAnybody(absent: "PAYMENT_NOT_FOUND") {
            try AccessRequest(GetPaymentRequest(paymentID: $0.payment))
        },
        "hms.payment.v1.PaymentService/ListPayments": .ofAnybody(absent: "OK") {
            try AccessRequest(ListPaymentsRequest(patientID: $0.patient))
        },
        "hms.payment.v1.PaymentService/CreateRefund": .ofAnybody("REFUND_TOO_LARGE", absent: "PAYMENT_NOT_FOUND") {
            try AccessRequest(CreateRefundRequest(paymentID: $0.payment, amount: 1_000_000, reason: "Goodwill"))
        },
        "hms.payment.v1.PaymentService/ListRefunds": .ofAnybody(absent: "PAYMENT_NOT_FOUND") {
            try AccessRequest(ListRefundsRequest(paymentID: $0.payment))
        },
        "hms.payment.v1.PaymentService/ImportPayment": .ofAnybody("BILL_VOID", absent: "BILL_NOT_FOUND") {
            try AccessRequest(
                ImportPaymentRequest(billID: $0.voidBill, amount: 1_050, method: .cash, paidAt: ProtobufTimestamp($0.lastWeek)))
        },
        "hms.payment.v1.PaymentService/ExportPayments": .ofNobody { _ in try AccessRequest(ExportPaymentsRequest()) },
        "hms.payment.v1.PaymentService/ExportRefunds": .ofNobody { _ in try AccessRequest(ExportRefundsRequest()) },
    ]
}
