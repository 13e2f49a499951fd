import Contracts
import HMSTestKit
import RPC
import Testing

/// "Cancelling, and who pays": each row with every state that the consultation bill can be in.
@Suite(.timeLimit(.minutes(10))) struct CancellingTests {
    /// How an appointment ended, and what of the fee is kept.
    struct End: Sendable, CustomTestStringConvertible {
        let word: String
        let percent: Int32
        let byClinic: Bool
        let feeKind: BillKind

        var testDescription: String { "\(word), \(percent) %\(byClinic ? ", by the clinic" : "")" }

        static let byClinic = End(word: "cancelled", percent: 0, byClinic: true, feeKind: .cancellationFee)
        static let early = End(word: "cancelled", percent: 0, byClinic: false, feeKind: .cancellationFee)
        static let late = End(word: "cancelled", percent: 50, byClinic: false, feeKind: .cancellationFee)
        static let noShow = End(word: "no_show", percent: 100, byClinic: false, feeKind: .noShowFee)
    }

    private func end(_ appointment: Appointment, _ end: End, in hospital: BillingServiceUnderTest) async throws {
        let event = try await hospital.tell(end.word, appointment, feePercent: end.percent, byClinic: end.byClinic)
        try await hospital.courier.deliver([event], of: "appointment", to: hospital.service)
    }

    @Test(arguments: [End.byClinic, .early])
    func `without a fee an open bill becomes VOID, and nothing else is billed`(end: End) async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            let bill = try await hospital.bill(appointment)
            try await self.end(appointment, end, in: hospital)
            let bills = try await hospital.bills(of: appointment)
            #expect(bills.map(\.billID) == [bill.billID] && bills.map(\.status) == [.void])
            #expect(bills.first?.voidReason == "The appointment was cancelled.")
            #expect(try await hospital.events().map(\.eventType) == ["bill.created", "bill.voided"])
        }
    }

    @Test(arguments: [End.byClinic, .early])
    func `without a fee and without a bill nothing happens`(end: End) async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            try await self.end(appointment, end, in: hospital)
            #expect(try await hospital.bills(of: appointment).isEmpty)
        }
    }

    @Test(arguments: [(End.late, 25_001, 26_251), (.noShow, 50_001, 52_501)] as [(End, Int64, Int64)])
    func `a fee becomes a bill of its kind, taxed like every bill`(end: End, subtotal: Int64, amount: Int64) async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(fee: 50_001)
            try await self.end(appointment, end, in: hospital)
            let bills = try await hospital.bills(of: appointment)
            #expect(bills.map(\.kind) == [end.feeKind] && bills.map(\.subtotal) == [subtotal] && bills.map(\.amount) == [amount])
            #expect(bills.first?.patientID == appointment.patientID && bills.first?.department == "Cardiology")
        }
    }

    @Test(arguments: [End.late, .noShow])
    func `a fee takes the place of an open bill, which becomes VOID`(end: End) async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            _ = try await hospital.bill(appointment)
            try await self.end(appointment, end, in: hospital)
            let bills = try await hospital.bills(of: appointment)
            #expect(bills.map(\.status) == [.void, .open] && bills.map(\.kind) == [.consultation, end.feeKind])
        }
    }

    @Test func `staff's own VOID does not save the patient the fee`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            _ = try await hospital.void(try await hospital.bill(appointment))
            try await end(appointment, .late, in: hospital)
            #expect(try await hospital.bills(of: appointment).map(\.kind) == [.consultation, .cancellationFee])
        }
    }

    @Test func `a fee bill that staff void is not made again`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            try await end(appointment, .noShow, in: hospital)
            let fee = try #require(try await hospital.bills(of: appointment).first)
            _ = try await hospital.void(fee)
            try await hospital.tell("no_show", appointment, feePercent: 100)
            #expect(try await hospital.bills(of: appointment).map(\.status) == [.void])
        }
    }

    @Test(arguments: [(End.byClinic, 0), (.early, 0), (.late, 26_251)] as [(End, Int64)])
    func `a prepaid bill is refunded by the part that is not kept, and no fee bill is made`(end: End, kept: Int64) async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(fee: 50_001)
            let bill = try await hospital.bill(appointment)
            let paymentID = try await hospital.pay(bill)
            try await self.end(appointment, end, in: hospital)
            let due = try await hospital.refundsDue()
            #expect(due.map(\.billID) == [bill.billID] && due.map(\.paymentID) == [paymentID] && due.map(\.amountKept) == [kept])
            #expect(try await hospital.bills(of: appointment).map(\.kind) == [.consultation])
        }
    }

    @Test func `a no-show who has prepaid gets nothing back and owes nothing more`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            _ = try await hospital.pay(try await hospital.bill(appointment))
            try await end(appointment, .noShow, in: hospital)
            #expect(try await hospital.refundsDue().isEmpty)
            #expect(try await hospital.bills(of: appointment).map(\.status) == [.paid])
        }
    }

    @Test(arguments: [End.byClinic, .early, .late, .noShow])
    func `while a payment is under way its end decides: released, the bill becomes VOID`(end: End) async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            let bill = try await hospital.bill(appointment)
            let paymentID = hospital.newPaymentID()
            try await hospital.reserve(bill, for: paymentID)
            try await self.end(appointment, end, in: hospital)
            #expect(try await hospital.bills(of: appointment).map(\.status) == [.open])
            try await hospital.release(bill, from: paymentID)
            let bills = try await hospital.bills(of: appointment)
            #expect(bills.map(\.status) == (end.percent > 0 ? [.void, .open] : [.void]))
        }
    }

    @Test(arguments: [(End.byClinic, [0]), (.early, [0]), (.late, [26_250]), (.noShow, [])] as [(End, [Int64])])
    func `while a payment is under way its end decides: settled, the bill is refunded`(end: End, kept: [Int64]) async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            let bill = try await hospital.bill(appointment)
            let paymentID = hospital.newPaymentID()
            try await hospital.reserve(bill, for: paymentID)
            try await self.end(appointment, end, in: hospital)
            #expect(try await hospital.refundsDue().isEmpty)
            for _ in 1...2 { #expect(try await hospital.settle(bill, by: paymentID).status == .paid) }
            #expect(try await hospital.refundsDue().map(\.amountKept) == kept)
            #expect(try await hospital.bills(of: appointment).map(\.kind) == [.consultation])
        }
    }

    @Test func `a refund is asked for once, whatever is refunded afterwards`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            let bill = try await hospital.bill(appointment)
            let paymentID = try await hospital.pay(bill)
            try await end(appointment, .late, in: hospital)
            try await hospital.tellRefunded(bill, by: paymentID, sum: 26_250)
            #expect(try await hospital.read(bill).status == .partiallyRefunded)
            #expect(try await hospital.refundsDue().count == 1)
        }
    }
}
