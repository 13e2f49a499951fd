import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Testing
import Vocabulary

/// A no-show that is taken back: nobody owes its fee, in whichever state that is, and whatever comes late or twice.
@Suite(.timeLimit(.minutes(10))) struct TakingBackTests {
    /// Version 2 of an appointment is missed; 3 is taken back.
    private func miss(_ appointment: Appointment, in hospital: BillingServiceUnderTest, version: Int64 = 2) async throws {
        try await hospital.tell("no_show", appointment, feePercent: 100, version: version)
    }

    private func reinstate(_ appointment: Appointment, in hospital: BillingServiceUnderTest, version: Int64 = 3) async throws {
        let event = try await hospital.tell("reinstated", appointment, version: version)
        try await hospital.courier.deliver([event], of: "appointment", to: hospital.service)
    }

    private func fee(of appointment: Appointment, in hospital: BillingServiceUnderTest) async throws -> Bill {
        try #require(try await hospital.bills(of: appointment).last { $0.kind == .noShowFee })
    }

    private func states(_ appointment: Appointment, in hospital: BillingServiceUnderTest) async throws -> [String] {
        try await hospital.bills(of: appointment).map { "\($0.kind) \($0.status)" }
    }

    @Test func `an open fee bill becomes VOID`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            try await miss(appointment, in: hospital)
            try await reinstate(appointment, in: hospital)
            let fee = try await fee(of: appointment, in: hospital)
            #expect(fee.status == .void && fee.voidReason == "The no-show was taken back." && fee.version == 2)
            #expect(try await hospital.events().map(\.eventType) == ["bill.created", "bill.voided"])
        }
    }

    @Test func `a paid fee is refunded whole, and asked for once`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter(fee: 50_001)
            try await miss(appointment, in: hospital)
            let fee = try await fee(of: appointment, in: hospital)
            let paymentID = try await hospital.pay(fee)
            try await reinstate(appointment, in: hospital)
            let due = try await hospital.refundsDue()
            #expect(due.map(\.billID) == [fee.billID] && due.map(\.paymentID) == [paymentID] && due.map(\.amountKept) == [0])
            #expect(due.map(\.reason) == ["The no-show was taken back."])
            try await hospital.tellRefunded(fee, by: paymentID, sum: 20_000)
            try await hospital.tellRefunded(fee, by: paymentID, sum: fee.amount)
            #expect(try await hospital.read(fee).status == .refunded)
            #expect(try await hospital.refundsDue().count == 1)
        }
    }

    @Test func `what staff have given back of it before is not given back twice`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            try await miss(appointment, in: hospital)
            let fee = try await fee(of: appointment, in: hospital)
            let paymentID = try await hospital.pay(fee)
            try await hospital.tellRefunded(fee, by: paymentID, sum: 20_000)
            try await reinstate(appointment, in: hospital)
            // What is kept is said, not what is given back: the payment service knows what it has given back.
            #expect(try await hospital.refundsDue().map(\.amountKept) == [0])
        }
    }

    @Test(arguments: [true, false])
    func `while a payment is under way its end decides`(isSettled: Bool) async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            try await miss(appointment, in: hospital)
            let fee = try await fee(of: appointment, in: hospital)
            let paymentID = hospital.newPaymentID()
            try await hospital.reserve(fee, for: paymentID)
            try await reinstate(appointment, in: hospital)
            #expect(try await hospital.read(fee).status == .open)
            #expect(try await hospital.refundsDue().isEmpty)
            if isSettled {
                for _ in 1...2 { #expect(try await hospital.settle(fee, by: paymentID).status == .paid) }
                #expect(try await hospital.refundsDue().map(\.amountKept) == [0])
            } else {
                try await hospital.release(fee, from: paymentID)
                #expect(try await hospital.read(fee).status == .void)
            }
        }
    }

    @Test func `a second no-show makes a fee again, and takes nothing of the first one's end`() async throws {
        for end in ["open", "staff void", "paid", "refunded", "under way"] {
            try await withBilling { hospital in
                let appointment = hospital.appointments.enter()
                try await miss(appointment, in: hospital)
                let first = try await fee(of: appointment, in: hospital)
                var paymentID = hospital.newPaymentID()
                if end == "staff void" { _ = try await hospital.void(first) }
                if end == "under way" { try await hospital.reserve(first, for: paymentID) }
                if end == "paid" || end == "refunded" { paymentID = try await hospital.pay(first) }
                try await reinstate(appointment, in: hospital)
                if end == "refunded" { try await hospital.tellRefunded(first, by: paymentID, sum: first.amount) }
                try await miss(appointment, in: hospital, version: 4)
                let second = try await fee(of: appointment, in: hospital)
                #expect(second.billID != first.billID && second.status == .open && second.amount == 52_500, "\(end)")
                if end == "under way" { _ = try await hospital.settle(first, by: paymentID) }
                let isPaid = ["paid", "refunded", "under way"].contains(end)
                #expect(try await hospital.refundsDue().map(\.billID) == (isPaid ? [first.billID] : []), "\(end)")
                #expect(try await hospital.read(second).status == .open, "\(end)")
            }
        }
    }

    @Test func `a prepaid consultation stays, and is the bill of the visit`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            _ = try await hospital.pay(try await hospital.bill(appointment))
            try await miss(appointment, in: hospital)
            try await reinstate(appointment, in: hospital)
            try await hospital.tell("completed", appointment, version: 4)
            #expect(try await states(appointment, in: hospital) == ["consultation paid"])
            #expect(try await hospital.refundsDue().isEmpty)
        }
    }

    @Test func `a consultation that is paid after the no-show was taken back is not taken for a missed one`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            let bill = try await hospital.bill(appointment)
            let paymentID = hospital.newPaymentID()
            try await hospital.reserve(bill, for: paymentID)
            try await miss(appointment, in: hospital)
            try await reinstate(appointment, in: hospital)
            try await hospital.release(bill, from: paymentID)
            #expect(try await hospital.read(bill).status == .open)
        }
    }

    @Test func `after it, the visit is billed as usual, in advance too`() async throws {
        try await withBilling { hospital in
            let (seen, prepaying) = (hospital.appointments.enter(), hospital.appointments.enter())
            for appointment in [seen, prepaying] {
                try await miss(appointment, in: hospital)
                try await reinstate(appointment, in: hospital)
            }
            _ = try await hospital.bill(prepaying)
            for appointment in [seen, prepaying] {
                try await hospital.tell("completed", appointment, version: 4)
                #expect(try await states(appointment, in: hospital) == ["noShowFee void", "consultation open"])
            }
        }
    }

    /// Billing was down from the no-show to the end of the visit: it makes the bill VOID later than the visit was over.
    @Test func `a consultation that the no-show made VOID is billed again, however late billing hears of it all`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            _ = try await hospital.bill(appointment)
            let completed = hospital.hospital.clock.now
            hospital.hospital.clock.now = completed + .seconds(3_600)
            try await miss(appointment, in: hospital)
            try await reinstate(appointment, in: hospital)
            hospital.hospital.clock.now = completed
            try await hospital.tell("completed", appointment, version: 4)
            #expect(try await states(appointment, in: hospital) == ["consultation void", "noShowFee void", "consultation open"])
        }
    }

    @Test func `after it, the clinic may cancel, for nothing`() async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            try await miss(appointment, in: hospital)
            try await reinstate(appointment, in: hospital)
            _ = try await hospital.bill(appointment)
            try await hospital.tell("cancelled", appointment, byClinic: true, version: 4)
            #expect(try await states(appointment, in: hospital) == ["noShowFee void", "consultation void"])
        }
    }

    /// Events of one appointment come in their order, unless one was given up and is revived.
    @Test(arguments: [["reinstated"], ["reinstated", "completed"], ["completed"]])
    func `a no-show that comes after what followed it costs nothing`(words: [String]) async throws {
        try await withBilling { hospital in
            let appointment = hospital.appointments.enter()
            if words == ["completed"] {
                // What was taken back is lost: whoever was seen has missed nothing.
                try await miss(appointment, in: hospital)
                try await hospital.tell("completed", appointment, version: 4)
            } else {
                for (place, word) in words.enumerated() { try await hospital.tell(word, appointment, version: Int64(place) + 3) }
            }
            try await miss(appointment, in: hospital)
            let bills = try await hospital.bills(of: appointment)
            #expect(!bills.contains { $0.kind == .noShowFee && $0.status != .void })
            #expect(bills.count { $0.kind == .consultation && $0.status == .open } == (words.contains("completed") ? 1 : 0))
        }
    }
}
