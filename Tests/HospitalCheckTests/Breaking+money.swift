import Contracts
import ProtobufC

@testable import HospitalCheck

extension Breaking {
    static let bills = [
        Breaking(
            tax, "billing",
            "UPDATE bills SET tax = tax - 1, amount = amount - 1 WHERE bill_id = 'bil_2'", breach: "bil_2: 50000 + 2499 = 52499"),
        Breaking(
            tax, "billing",
            "UPDATE bills SET amount = amount + 1 WHERE bill_id = 'bil_3'", breach: "bil_3: 25000 + 1250 = 26251"),
        Breaking(
            tax, "billing", "UPDATE bills SET is_imported = 0, tax = 51, amount = 1051 WHERE bill_id = 'bil_10'",
            breach: "bil_10: 1000 + 51 = 1051"),
        Breaking(
            "No appointment has two bills of one kind that are not VOID, OTHER and fees that were taken back excepted", "billing",
            "DROP INDEX bills_one_of_each_kind;" + PaperDataFolder.bill(9, appointment: 2, "CONSULTATION", 50_000, "OPEN"),
            breach: "apt_2: bil_2, bil_9"),
        Breaking(completed, "billing", "DELETE FROM bills WHERE bill_id = 'bil_2'", breach: "apt_2: no bill"),
        Breaking(
            completed, "billing",
            "UPDATE bills SET status = 'VOID', ended_at = \(PaperDataFolder.slot(1) - 3_600_001), void_reason = 'x' WHERE bill_id = 'bil_2'",
            breach: "apt_2: only bills made void before the visit was over"),
        Breaking(
            ends, "billing", "UPDATE bills SET ended_at = 0 WHERE bill_id = 'bil_8'", breach: "bil_8: OPEN, ended, refunded 0, refunds of 0"
        ),
        Breaking(
            ends, "billing", "UPDATE bills SET ended_at = NULL WHERE bill_id = 'bil_2'", breach: "bil_2: PAID, refunded 0, refunds of 0"),
        Breaking(
            ends, "billing", "UPDATE bill_refunds SET amount = 499 WHERE bill_id = 'bil_4'",
            breach: "bil_4: PARTIALLY_REFUNDED, ended, refunded 500, refunds of 499"),
        Breaking(
            sources, "billing", "DROP INDEX bills_one_of_each_source; UPDATE bills SET source_id = '10' WHERE bill_id = 'bil_11'",
            breach: "bil_10, bil_11"),
        Breaking(
            sources, "payment",
            "DROP INDEX payments_one_of_each_source;" + PaperDataFolder.payment(12, of: 10, 1_050, "CAPTURED", isImported: true)
                + "UPDATE payments SET source_id = '11' WHERE payment_id = 'pay_12'", breach: "pay_11, pay_12"),
        Breaking(closing, "billing", "DELETE FROM bills WHERE bill_id = 'bil_3'", breach: "apt_3: has no fee bill"),
        Breaking(
            closing, "billing", "UPDATE bills SET subtotal = 50000 WHERE bill_id = 'bil_3'",
            breach: "apt_3: the fee bill is of 50000, not of 25000"),
        Breaking(
            closing, "billing", PaperDataFolder.bill(9, appointment: 4, "CONSULTATION", 50_000, "OPEN"),
            breach: "apt_4: the consultation bill is open"),
        Breaking(
            takenBack, "billing", PaperDataFolder.bill(9, appointment: 2, "NO_SHOW_FEE", 50_000, "OPEN"), breach: "apt_2: bil_9 is OPEN"),
        Breaking(
            takenBack, "billing", "UPDATE bills SET taken_back = 1 WHERE bill_id = 'bil_4'",
            breach: "apt_4: bil_4 is PARTIALLY_REFUNDED"),
        Breaking(
            "Whoever has paid for an appointment that was cancelled or missed got back what is not kept", "billing",
            "UPDATE bills SET amount_refunded = 26249 WHERE bill_id = 'bil_6'", breach: "bil_6: refunded 26249 of 52500"),
        Breaking(ofOnePatient, "billing", "UPDATE bills SET patient_id = 'pat_9' WHERE bill_id = 'bil_3'", breach: "bil_3"),
        Breaking(ofOnePatient, "payment", "UPDATE payments SET patient_id = 'pat_9' WHERE payment_id = 'pay_2'", breach: "pay_2"),
        Breaking(ofOnePatient, "prescription", "UPDATE prescriptions SET doctor_id = 'doc_9'", breach: "rx_1"),
    ]

    private static let tax =
        "The tax of every bill that was made here is 5 percent, half up, and the amount of every bill is subtotal and tax"
    private static let completed =
        "Every completed appointment has a consultation bill that is not VOID, unless that was made void after the visit"
    private static let ends = "A bill is owed until it is paid or VOID, and its refunds add up"
    private static let sources = "A source id means one bill, or one payment"
    private static let closing = "Every cancelled or missed appointment has the fee bill that its time says, and no open consultation bill"
    private static let takenBack = "Nobody owes or has paid for a no-show that was taken back"
    private static let ofOnePatient = "Bills, payments and prescriptions are of the patient of their appointment"

    static let payments = [
        Breaking(
            paid, "payment", "UPDATE payments SET status = 'PENDING' WHERE payment_id = 'pay_2'",
            breach: "bil_2: PAID without a captured payment", isWaiting: true),
        Breaking(
            paid, "payment", "UPDATE payments SET amount_refunded = 1 WHERE payment_id = 'pay_2'",
            breach: "bil_2: PAID, captured 52500, refunded 1"),
        Breaking(
            paid, "billing", "UPDATE bills SET is_imported = 0 WHERE bill_id = 'bil_10'", breach: "bil_10: PAID without a captured payment"),
        Breaking(
            elsewhere, "billing", "UPDATE bills SET is_paid_elsewhere = 1 WHERE bill_id = 'bil_2'",
            breach: "bil_2: paid by pay_2, made here"),
        Breaking(
            elsewhere, "billing", "UPDATE bills SET is_paid_elsewhere = 0 WHERE bill_id = 'bil_11'",
            breach: "bil_11: paid by pay_11, imported"),
        Breaking(
            money, "payment", "UPDATE payments SET charge = 'CAPTURED' WHERE payment_id = 'pay_11'",
            breach: "pay_11: CAPTURED, charge CAPTURED, bill SETTLED"),
        Breaking(
            "Every captured payment has paid its bill", "billing",
            "UPDATE bills SET status = 'OPEN', paid_by = NULL, paid_at = NULL WHERE bill_id = 'bil_2'", breach: "pay_2: its bill is OPEN"),
        Breaking(
            captured, "payment", "DROP INDEX payments_captured_once;" + PaperDataFolder.payment(9, of: 2, 52_500, "CAPTURED"),
            breach: "bil_2: 2 captured"),
        Breaking(captured, "payment", PaperDataFolder.payment(9, of: 7, 1_050, "CAPTURED"), breach: "bil_7: 1 captured"),
        Breaking(
            reserved, "billing", "UPDATE bills SET reserved_by = 'pay_7' WHERE bill_id = 'bil_3'",
            breach: "bil_3: held by pay_7, which is FAILED"),
        Breaking(
            reserved, "billing", "UPDATE bills SET reserved_by = 'pay_9' WHERE bill_id = 'bil_8'",
            breach: "bil_8: held by pay_9, which is not there"),
        Breaking(
            money, "payment", "UPDATE payments SET charge = 'CAPTURED', bill_answer = 'REFUSED' WHERE payment_id = 'pay_7'",
            breach: "pay_7: FAILED, charge CAPTURED, bill REFUSED"),
        Breaking(
            money, "payment", "UPDATE payments SET charge = 'DECLINED' WHERE payment_id = 'pay_2'",
            breach: "pay_2: CAPTURED, charge DECLINED, bill SETTLED"),
        Breaking(
            money, "payment",
            PaperDataFolder.payment(9, of: 8, 1_050, "PENDING")
                + "UPDATE payments SET charge = 'CAPTURED', give_back = 'REFUSED' WHERE payment_id = 'pay_9'",
            breach: "pay_9: PENDING, charge CAPTURED, bill RESERVED, refused to give back"),
        Breaking(
            "A refund that was due and refused has been made up for", "payment", "UPDATE refunds SET key = NULL WHERE refund_id = 'rfd_3'",
            breach: "rfd_3: 50000 of pay_6"),
        Breaking(
            sandbox, "payment", "INSERT INTO sandbox_charges VALUES ('pay_7', 26250, 'CAPTURED')",
            breach: "pay_7: took 26250, gave back 0, is FAILED"),
        Breaking(
            sandbox, "payment", "INSERT INTO sandbox_charges VALUES ('pay_4', 52500, 'CAPTURED')",
            breach: "pay_4: took 52500, gave back 0, is CAPTURED"),
        Breaking(
            sandbox, "payment", "INSERT INTO sandbox_charges VALUES ('pay_9', 5, 'CAPTURED')",
            breach: "pay_9: took 5, gave back 0, is not there"),
        Breaking(
            refunds, "payment", PaperDataFolder.refund(9, of: 4, 52_001, "PENDING"),
            breach: "pay_4: 500 of 52500 given back, refunds of 500"),
        Breaking(
            refunds, "payment", "UPDATE refunds SET amount = 499 WHERE refund_id = 'rfd_1'",
            breach: "pay_4: 500 of 52500 given back, refunds of 499"),
        Breaking(
            "No payment and no refund is pending for longer than the sweep takes", "payment",
            PaperDataFolder.payment(9, of: 8, 1_050, "PENDING"), breach: "pay_9", isWaiting: true),
        Breaking(
            "Every idempotency key of a payment or a refund has one effect", "payment",
            "DROP INDEX payments_by_key; UPDATE payments SET key = 'key-2' WHERE payment_id = 'pay_4'", breach: "pay_2, pay_4"),
    ]

    private static let paid =
        "Every paid bill has its captured payment, of its amount and with its refunds, unless it was imported without one"
    private static let elsewhere = "A bill says that another system was paid where its payment was imported"
    private static let captured = "No bill has two captured payments, and a void one has none"
    private static let reserved = "A reservation of a bill always has its PENDING payment"
    private static let money = "Money that was captured has paid the bill or has gone back"
    private static let sandbox = "The sandbox has taken and given back what payments and refunds say"
    private static let refunds = "No payment gives back more than it took, and its refunds add up"

    static let notifications = [
        Breaking(
            "Nobody is told of an event twice through one channel", "notification",
            "DROP INDEX notifications_by_event;" + PaperDataFolder.notification(9, to: "pat_1"), breach: "pat_1: ntf_1, ntf_9"),
        Breaking(
            "A notification was handed over exactly where it says when, and given up only after 8 tries", "notification",
            "UPDATE notifications SET sent_at = NULL WHERE notification_id = 'ntf_1'", breach: "ntf_1: SENT after 1 tries"),
    ]

    static let keys = [
        Breaking(kept, "payment", answer(of: "pay_9", key: "1"), breach: "pay_9 is not there"),
        Breaking(kept, "payment", answer(of: "pay_2", key: "1") + answer(of: "pay_2", key: "2"), breach: "pay_2 answers two keys"),
    ]

    private static let kept = "Every answer kept for an idempotency key tells of one record, and no two keys of the same"

    private static func answer(of payment: String, key: String) -> String {
        let response = CreatePaymentResponse(payment: Payment(paymentID: payment)).protobuf()
        let hex = response.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return
            "INSERT INTO hms_idempotency VALUES ('billing:b', 'hms.payment.v1.PaymentService/CreatePayment', '\(key)', x'00', 0, x'\(hex)', 0, 1);"
    }
}
