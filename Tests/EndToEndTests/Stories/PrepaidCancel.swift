import Testing

extension Stories {
    /// The bill is paid before the visit, and the visit is cancelled.
    @Suite struct PrepaidCancel {
        @Test func `who cancels early gets all of it back`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let prepaid = try await Self.prepay(clinic, day)
            try clinic.moveClock(to: try day.at("08:59"))
            #expect(try await clinic.cancel(prepaid.visit).body(200)[number: "fee_percent"] == 0)
            let bill = try await clinic.bill("CONSULTATION", of: prepaid.visit, "REFUNDED")
            #expect(bill[number: "amount_refunded"] == 84_000)
            #expect(try await clinic.payment(prepaid.payment)[number: "amount_refunded"] == 84_000)
            #expect(try await clinic.bills(of: prepaid.visit).count == 1)
            try await clinic.expectNews("payment.refunded", to: prepaid.patient)
        }

        @Test func `who cancels late gets half of it back, and no fee bill`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let prepaid = try await Self.prepay(clinic, day)
            try clinic.moveClock(to: try day.at("09:00"))
            #expect(try await clinic.cancel(prepaid.visit).body(200)[number: "fee_percent"] == 50)
            let bill = try await clinic.bill("CONSULTATION", of: prepaid.visit, "PARTIALLY_REFUNDED")
            #expect(bill[number: "amount_refunded"] == 42_000)
            #expect(try await clinic.payment(prepaid.payment)[number: "amount_refunded"] == 42_000)
            #expect(try await clinic.bills(of: prepaid.visit).count == 1)
        }

        @Test func `an open bill of a cancelled visit is void`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let visit = try await clinic.book(try await clinic.patient(), with: try await clinic.doctor(), at: try day.text("11:00"))
            let bill = try await clinic.billInAdvance(visit)
            _ = try await clinic.cancel(visit).body(200)
            let void = try await clinic.bill("CONSULTATION", of: visit, "VOID")
            try await clinic.pay(bill).expect(409, "BILL_VOID")
            #expect(void[text: "bill_id"] == bill[text: "bill_id"])
        }

        @Test func `completing a prepaid visit makes no second bill`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let prepaid = try await Self.prepay(clinic, day)
            try clinic.moveClock(to: try day.at("11:00"))
            _ = try await clinic.complete(prepaid.visit, by: prepaid.doctor).body(200)
            try await clinic.expectNews("appointment.completed", to: prepaid.patient)
            #expect(try await clinic.bills(of: prepaid.visit).map { $0[text: "status"] } == ["PAID"])
        }

        private struct Prepaid {
            let visit: String
            let payment: String
            let patient: String
            let doctor: StoryDoctor
        }

        /// A visit at 11:00 that is paid.
        private static func prepay(_ clinic: Clinic, _ day: StoryDay) async throws -> Prepaid {
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            let payment = try await clinic.pay(try await clinic.billInAdvance(visit)).body(201)
            #expect(payment[text: "status"] == "CAPTURED")
            return Prepaid(visit: visit, payment: payment[text: "payment_id"], patient: patient, doctor: doctor)
        }
    }
}
